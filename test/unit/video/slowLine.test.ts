/** An upload on the slowest line that is reckoned with: bytes move all the while, so it is never given up. */
import { SLOWEST_LINE_BYTES_PER_SECOND } from '../../../nodes/hidream/limits';
import { post } from '../../../nodes/hidream/transport';
import { jsonBody } from '../../../nodes/video/jsonBody';
import { CHUNK_BYTES } from '../../../nodes/video/source';
import { tokenCredential } from '../support/credentials';
import { callerWith, clientError } from '../support/httpCaller';
import type { Reply } from '../support/httpCaller';
import { settle } from '../support/simulatedClock';
import { bytesOf, cut, storedVideo, streamOf } from '../support/streams';

beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] }));
afterEach(() => jest.useRealTimers());

const pause = async (ms: number) => await new Promise((resolve) => setTimeout(resolve, ms));

/** Takes the body at the speed of the line, answers at its end, and tells how much it has. */
function slowService(taken: { bytes: number }): Reply {
	return async ({ options, signal }) => {
		const cut = () => {
			if (signal?.aborted) throw clientError('ERR_CANCELED');
		};
		for await (const chunk of streamOf({ data: options.body } as Parameters<typeof streamOf>[0])) {
			const { length } = chunk as Buffer;
			await pause((length / SLOWEST_LINE_BYTES_PER_SECOND) * 1_000);
			cut();
			taken.bytes += length;
		}
		return { statusCode: 200, body: '"taken"' };
	};
}

test.each([
	['from the store', 40],
	['from memory', 40],
	['shorter than what is read ahead', 12],
])('%s, %i pieces', async (kind, pieces) => {
	const bytes = bytesOf(pieces * CHUNK_BYTES);
	const stored = storedVideo(cut(bytes, [CHUNK_BYTES]), bytes.length);
	const body = jsonBody({}, kind === 'from memory' ? { kind: 'base64', base64: bytes.toString('base64') } : stored);
	const taken = { bytes: 0 };
	const { caller } = callerWith(slowService(taken));
	const sending = post(caller, { url: 'https://api.hidream.test', headers: {}, body, credential: tokenCredential() });
	let ended = false;
	void sending.then(() => (ended = true));
	const longest = (2 * body.length) / SLOWEST_LINE_BYTES_PER_SECOND + 300;
	for (let second = 0; second < longest && !ended; second++) {
		await settle();
		await jest.advanceTimersByTimeAsync(1_000);
	}
	expect(ended).toBe(true);
	expect(await sending).toHaveProperty('json', 'taken');
	expect(taken.bytes).toBe(body.length);
});
