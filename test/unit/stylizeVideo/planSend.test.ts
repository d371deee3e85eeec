/** What the request of a checked item looks like. */
import { Readable } from 'node:stream';
import { BASE_URL, tokenCredential } from '../support/credentials';
import { scriptedRequests } from '../support/httpCaller';
import { plansOf, play, VIDEO_URL } from '../support/nodeScene';
import type { Scene } from '../support/nodeScene';
import { bytesOf, storedVideo } from '../support/streams';

const TASK = { statusCode: 200, body: '{"code":0,"result":{"task_id":"t-1"}}' };
const FILE = { id: 'filesystem:1', data: 'filesystem', mimeType: 'video/mp4' };

/** Plans one item, whose requests are answered so. */
async function plan(scene: Scene, replies = [TASK]) {
	const { seen, httpRequestWithAuthentication } = scriptedRequests(...replies);
	const { context } = play({ ...scene, helpers: { ...scene.helpers, httpRequestWithAuthentication } });
	const [item] = await plansOf(context);
	if (!item || 'problem' in item) throw new Error(`The item was refused: ${item?.problem.what}`);
	return { seen, send: item.submission.send };
}

async function bodyOf(scene: Scene): Promise<unknown> {
	const { seen, send } = await plan(scene);
	expect(await send('req-1')).toMatchObject({ kind: 'accepted', taskId: 't-1' });
	return JSON.parse(String(seen[0]?.options.body));
}

test('style, prompt, request ID and video', async () => {
	const parameters = { style: 'ink_wash', prompt: ' two lines\n"quoted" ', videoUrl: ` ${VIDEO_URL}\n` };
	expect(await bodyOf({ parameters })).toStrictEqual({
		style: 'ink_wash',
		prompt: ' two lines\n"quoted" ',
		request_id: 'req-1',
		video_name: VIDEO_URL,
	});
});

test('what is empty is left out', async () => {
	expect(await bodyOf({})).toStrictEqual({ style: 'anime', request_id: 'req-1', video_name: VIDEO_URL });
});

test('the prompt alone: "none" is never sent', async () => {
	const parameters = { style: 'none', prompt: 'like old paper' };
	expect(await bodyOf({ parameters })).toStrictEqual({ prompt: 'like old paper', request_id: 'req-1', video_name: VIDEO_URL });
});

test('a notify URL', async () => {
	const parameters = { options: { notifyUrl: 'https://n8n.example/webhook?order=17' } };
	expect(await bodyOf({ parameters })).toHaveProperty('notify_url', 'https://n8n.example/webhook?order=17');
});

test.each([
	[{ parameters: { options: { apiUserId: ' user-1 ' } }, credential: tokenCredential({ apiUserId: 'other' }) }, 'user-1'],
	[{ credential: tokenCredential({ apiUserId: ' other ' }) }, 'other'],
])('the end user: the option beats the credential', async (scene, expected) => {
	const { seen, send } = await plan(scene);
	await send('req-1');
	expect(seen[0]?.options.url).toMatch(new RegExp(`^${BASE_URL}/api-pub/`));
	expect(seen[0]?.options.headers).toHaveProperty('API-User-ID', expected);
});

test('retry codes', async () => {
	const answer = { statusCode: 200, body: '{"code":-7}' };
	const { send } = await plan({ parameters: { options: { retryCodes: ' 1999;-7 , 2 ' } } }, [answer]);
	expect(await send('req-1')).toMatchObject({ kind: 'refused', passing: 'busy' });
});

test('a file is read anew for each try', async () => {
	const bytes = bytesOf(1_000);
	const stored = storedVideo([bytes], bytes.length);
	if (stored.kind !== 'stored') throw new Error('It is not stored');
	const helpers = { getBinaryMetadata: async () => ({ fileSize: bytes.length }), getBinaryStream: stored.open };
	const { seen, send } = await plan(
		{ parameters: { inputType: 'binary' }, items: [{ json: {}, binary: { data: FILE } }], helpers },
		[{ statusCode: 429, body: '' }, TASK],
	);
	for (const requestId of ['req-1', 'req-2']) await send(requestId);
	const json = JSON.stringify({ style: 'anime', request_id: 'req-1', video_name: bytes.toString('base64') });
	expect(seen.map(({ options }) => options.headers?.['Content-Length'])).toEqual([json.length, json.length]);
	expect(seen[1]?.options.body).not.toBe(seen[0]?.options.body);
});

describe('a link to a file', () => {
	const links = (makeLink: () => string): Scene => ({
		parameters: { inputType: 'binaryLink' },
		items: [{ json: {}, binary: { data: FILE } }],
		helpers: {
			getBinaryMetadata: async () => ({ fileSize: 7 }),
			getBinaryStream: async () => Readable.from([bytesOf(7)], { objectMode: false }),
			createBinarySignedUrl: makeLink,
		},
	});

	test('is made anew for each try', async () => {
		let made = 0;
		const { seen, send } = await plan(links(() => `https://n8n.example/binary?n=${(made += 1)}`), [TASK, TASK]);
		await send('req-1');
		await send('req-1');
		const [first, second] = seen.map(({ options }) => JSON.parse(String(options.body)) as { video_name: string });
		expect(first?.video_name).toMatch(/^https:\/\/n8n\.example\/binary/);
		expect(second?.video_name).not.toBe(first?.video_name);
	});

	test('that can no longer be made is a refusal: nothing was sent', async () => {
		let gone = false;
		const makeLink = () => {
			if (gone) throw new Error('the signing key is gone');
			return 'https://n8n.example/binary';
		};
		const { send } = await plan(links(makeLink), []);
		gone = true;
		expect(await send('req-1')).toHaveProperty('kind', 'refused');
	});
});
