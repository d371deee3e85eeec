/** The request of a validated item. */
import { Readable } from 'node:stream';
import { BASE_URL, tokenCredential } from '../support/credentials';
import { fakeRequests } from '../support/httpRequests';
import { plansOf, fakeExecuteFunctions, PUBLIC_URL } from '../support/executeFunctions';
import type { NodeSetup } from '../support/executeFunctions';
import { bytesOf, storedVideo } from '../support/uploads';

const TASK = { statusCode: 200, body: '{"code":0,"result":{"task_id":"t-1"}}' };
const FILE = { id: 'filesystem:1', data: 'filesystem', mimeType: 'video/mp4' };

/** Plans one item, whose requests get these responses. */
async function plan(setup: NodeSetup, replies = [TASK], notifyUrl?: string) {
	const { seen, httpRequestWithAuthentication } = fakeRequests(...replies);
	const context = fakeExecuteFunctions({ ...setup, helpers: { ...setup.helpers, httpRequestWithAuthentication } });
	const [item] = await plansOf(context, notifyUrl);
	if (!item || 'errorInfo' in item) throw new Error(`The item was refused: ${item?.errorInfo.message}`);
	return { seen, send: item.submission.send };
}

async function bodyOf(setup: NodeSetup): Promise<unknown> {
	const { seen, send } = await plan(setup);
	expect(await send('req-1')).toMatchObject({ kind: 'accepted', taskId: 't-1' });
	return JSON.parse(String(seen[0]?.options.body));
}

test('the request has style, prompt, request ID and video', async () => {
	const parameters = { style: 'ink_wash', prompt: ' two lines\n"quoted" ', videoUrl: ` ${PUBLIC_URL}\n` };
	expect(await bodyOf({ parameters })).toStrictEqual({
		style: 'ink_wash',
		prompt: ' two lines\n"quoted" ',
		request_id: 'req-1',
		video_name: PUBLIC_URL,
	});
});

test('the request omits empty values', async () => {
	expect(await bodyOf({})).toStrictEqual({ style: 'anime', request_id: 'req-1', video_name: PUBLIC_URL });
});

test('sends only the prompt: "none" is never sent', async () => {
	const parameters = { style: 'none', prompt: 'like old paper' };
	expect(await bodyOf({ parameters })).toStrictEqual({ prompt: 'like old paper', request_id: 'req-1', video_name: PUBLIC_URL });
});

test('the request has a notify URL', async () => {
	const parameters = { options: { notifyUrl: 'https://n8n.example/webhook?order=17' } };
	expect(await bodyOf({ parameters })).toHaveProperty('notify_url', 'https://n8n.example/webhook?order=17');
});

test('without callbacks has no notify URL, whatever an option of another operation says', async () => {
	const { seen, send } = await plan({ parameters: { options: { notifyUrl: 'https://n8n.example/webhook' } } }, [TASK], '');
	await send('req-1');
	expect(JSON.parse(String(seen[0]?.options.body))).not.toHaveProperty('notify_url');
});

test('sends the API User ID as a header, without surrounding spaces', async () => {
	const { seen, send } = await plan({ parameters: { options: { apiUserId: ' user-1 ' } } });
	await send('req-1');
	expect(seen[0]?.options.url).toMatch(new RegExp(`^${BASE_URL}/api-pub/`));
	expect(seen[0]?.options.headers).toHaveProperty('API-User-ID', 'user-1');
});

test('the request is sent with the retry codes', async () => {
	const response = { statusCode: 200, body: '{"code":-7}' };
	const { send } = await plan({ credential: tokenCredential({ retryCodes: ' 1999;-7 , 2 ' }) }, [response]);
	expect(await send('req-1')).toMatchObject({ kind: 'refused', retryReason: 'busy' });
});

test('reads a file again for each attempt', async () => {
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
	const links = (makeLink: () => string): NodeSetup => ({
		parameters: { inputType: 'binaryLink' },
		items: [{ json: {}, binary: { data: FILE } }],
		helpers: {
			getBinaryMetadata: async () => ({ fileSize: 7 }),
			getBinaryStream: async () => Readable.from([bytesOf(7)], { objectMode: false }),
			createBinarySignedUrl: makeLink,
		},
	});

	test('is created again for each attempt', async () => {
		let made = 0;
		const { seen, send } = await plan(links(() => `https://n8n.example/binary?n=${(made += 1)}`), [TASK, TASK]);
		await send('req-1');
		await send('req-1');
		const [first, second] = seen.map(({ options }) => JSON.parse(String(options.body)) as { video_name: string });
		expect(first?.video_name).toMatch(/^https:\/\/n8n\.example\/binary/);
		expect(second?.video_name).not.toBe(first?.video_name);
	});

	test('a link that can no longer be created is a refusal: nothing was sent', async () => {
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
