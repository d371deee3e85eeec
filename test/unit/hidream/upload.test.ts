/** The idle timeout of an upload, and the wait for its response. */
import { Readable } from 'node:stream';
import { post } from '../../../nodes/hidream/submitTask';
import { tokenCredential } from '../support/credentials';
import { fakeConnection, silence, type Reply, type Seen } from '../support/httpRequests';
import { ManualUpload } from '../support/uploads';

describe('idle timeouts: a minute without upload progress, five minutes without a response', () => {
	const MINUTE = 60_000;
	/** The time limit for a response. */
	const ANSWER = 5 * MINUTE;
	const MEBI = 1024 * 1024;

	beforeEach(() => jest.useFakeTimers());
	afterEach(() => jest.useRealTimers());

	/** Starts a request; the state has its outcome so far. */
	function start(upload: ManualUpload, reply: Reply = silence) {
		const { connection, seen } = fakeConnection(tokenCredential(), reply);
		const state: { result?: Awaited<ReturnType<typeof post>>; seen: Seen[] } = { seen };
		void post(connection, { url: 'https://api.hidream.test', body: upload.body }).then(
			(result) => (state.result = result),
		);
		return state;
	}

	const pass = async (ms: number) => await jest.advanceTimersByTimeAsync(ms);

	test('an upload that does not move fails after a minute', async () => {
		const request = start(new ManualUpload());
		await pass(MINUTE - 1_000);
		expect(request.result).toBeUndefined();
		await pass(2_000);
		expect(request.result).toEqual({ code: 'brokeBefore', cause: 'idle' });
		expect(request.seen[0]?.signal?.aborted).toBe(true);
	});

	test.each([-60 * MINUTE, MINUTE, 60 * MINUTE])('a wall clock that is set by %i ms makes no difference', async (shift) => {
		const upload = new ManualUpload();
		const request = start(upload);
		await pass(30_000);
		upload.progress += 1;
		jest.setSystemTime(Date.now() + shift);
		await pass(MINUTE - 1_000);
		expect(request.result).toBeUndefined();
		await pass(3_000);
		expect(request.result).toEqual({ code: 'brokeBefore', cause: 'idle' });
	});

	test('a slow upload that moves continues for an hour', async () => {
		const upload = new ManualUpload();
		const request = start(upload);
		for (let n = 0; n < 66; n++) {
			await pass(55_000);
			upload.progress += 1;
		}
		expect(request.result).toBeUndefined();
		await pass(MINUTE - 2_000);
		expect(request.result).toBeUndefined();
		await pass(4_000);
		expect(request.result).toEqual({ code: 'brokeBefore', cause: 'idle' });
	});

	test('no response after the last byte: there may be a task', async () => {
		const upload = new ManualUpload(1);
		const request = start(upload);
		await pass(30_000);
		[upload.progress, upload.handedOver] = [1, true];
		await pass(ANSWER - 2_000);
		expect(request.result).toBeUndefined();
		await pass(4_000);
		expect(request.result).toEqual({ code: 'brokeAfter', cause: 'idle' });
	});

	test.each([
		['4 MiB', 4 * MEBI, 128_000],
		['1 GiB', 1024 * MEBI, 128_000],
		['1 MiB', MEBI, 32_000],
	])('after the last byte of %s, a slow connection has time to send buffered bytes', async (_, length, slack) => {
		const upload = new ManualUpload(length);
		upload.handedOver = true;
		const request = start(upload);
		await pass(ANSWER + slack - 1_000);
		expect(request.result).toBeUndefined();
		await pass(2_000);
		expect(request.result).toHaveProperty('code', 'brokeAfter');
	});

	test('before the last byte there is no such time', async () => {
		const request = start(new ManualUpload(1024 * MEBI));
		await pass(MINUTE + 1_000);
		expect(request.result).toHaveProperty('code', 'brokeBefore');
	});

	test('accepts a late response, and stops the idle timer', async () => {
		const upload = new ManualUpload(1);
		upload.handedOver = true;
		const request = start(upload, async () => {
			await new Promise((resolve) => setTimeout(resolve, ANSWER - 1_000));
			return { statusCode: 200, body: '"late"' };
		});
		await pass(ANSWER);
		expect(request.result).toHaveProperty('json', 'late');
		expect(jest.getTimerCount()).toBe(0);
		expect(request.seen[0]?.signal?.aborted).toBe(false);
	});

	test('a response that trickles or stalls has the same timeout as a missing one', async () => {
		const upload = new ManualUpload(1);
		[upload.progress, upload.handedOver] = [1, true];
		const body = new Readable({ read: () => undefined });
		const request = start(upload, async () => ({ statusCode: 200, body }));
		for (let part = 0; part < 59; part++) {
			await pass(5_000);
			body.push(' ');
		}
		expect(request.result).toBeUndefined();
		await pass(7_000);
		expect(request.result).toEqual({ status: 200, headers: {}, json: null, truncated: ' '.repeat(59), bodyError: 'broken' });
		expect(body.destroyed).toBe(true);
	});

	test('checks once a second, not more', async () => {
		const upload = new ManualUpload();
		const progress = jest.fn(() => 0);
		const open = () => ({ ...upload.body.open(), progress });
		const { connection } = fakeConnection(tokenCredential(), silence);
		void post(connection, { url: 'https://api.hidream.test', body: { length: 1, open } });
		await pass(30_000);
		expect(progress.mock.calls.length).toBeLessThanOrEqual(31);
		await pass(MINUTE);
	});
});
