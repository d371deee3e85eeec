/** The HTTP request of a submit, and its output. */
import { VENDOR_STYLES } from '../../sandbox';
import { useEngine, ITEM_URL } from './support/engine';
import { acceptAfter, startScriptedServer, type ReceivedRequest, type ScriptedServer } from './support/scriptedServer';

describe('submit request', () => {
	const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

	const engine = useEngine();
	let server: ScriptedServer;

	beforeEach(async () => {
		server = await startScriptedServer();
		server.respond(acceptAfter());
	});

	afterEach(async () => {
		await server.close();
	});

	/** Submits one item to the server and returns its request. */
	async function record(parameters: object, credential: object = {}): Promise<ReceivedRequest> {
		const outcome = await engine().submit({
			parameters: { ...parameters },
			credential: engine().account({ baseUrl: server.url, ...credential }),
		});
		expect(outcome.error).toBeUndefined();
		expect(server.requests).toHaveLength(1);
		const [request] = server.requests;
		if (!request) throw new Error('unreachable');
		return request;
	}

	test("sends a URL as HiDream's documentation describes, with an exact Content-Length", async () => {
		const { method, path, headers, body, json } = await record({ style: 'ink_wash', prompt: 'calm' });
		expect(`${method} ${path}`).toBe('POST /api-pub/gw/v2/video/video_edit/async');
		expect(headers).toMatchObject({
			authorization: `Bearer ${engine().sandbox.accessToken}`,
			'content-type': 'application/json',
			'content-length': String(Buffer.byteLength(body)),
		});
		expect(headers).not.toHaveProperty('api-user-id');
		expect(json).toEqual({
			style: 'ink_wash',
			prompt: 'calm',
			video_name: ITEM_URL,
			request_id: expect.stringMatching(UUID) as string,
		});
	});

	test('a prompt with emoji and Chinese arrives as typed', async () => {
		const prompt = 'cat 🐈‍⬛ 👩🏽‍🚀 水墨';
		expect((await record({ prompt })).json['prompt']).toBe(prompt);
	});

	test('accepts each style in HiDream\'s spelling', async () => {
		const items = VENDOR_STYLES.map((style) => ({ json: { style } }));
		const outcome = await engine().submit({ parameters: { style: '={{ $json.style }}' }, items });
		expect(outcome.error).toBeUndefined();
		expect(engine().sandbox.tasks.map(({ style }) => style)).toEqual(VENDOR_STYLES);
	});

	test('sends request_id, notify_url and API-User-ID unchanged', async () => {
		const notifyUrl = 'https://n8n.example.com/webhook/done?order=17&x=1';
		const { headers, json } = await record({ options: { requestId: 'order-17', notifyUrl, apiUserId: 'user-9' } });
		expect(json).toMatchObject({ request_id: 'order-17', notify_url: notifyUrl });
		expect(headers).toMatchObject({ 'api-user-id': 'user-9' });
	});

	test('each item without its own request_id gets another UUID', async () => {
		const outcome = await engine().submit({ items: [{}, {}, {}] });
		const ids = outcome.json().map((json) => json['request_id']);
		expect(new Set(ids).size).toBe(3);
		expect(ids).toEqual(engine().sandbox.tasks.map(({ requestId }) => requestId));
	});

	test('outputs the task IDs, request_id, style and prompt', async () => {
		const outcome = await engine().submit({ parameters: { style: 'anime', prompt: 'rain', options: { requestId: 'r-1' } } });
		const [task] = engine().sandbox.tasks;
		expect(outcome.json()).toEqual([
			{
				task_id: task?.taskId,
				sub_task_ids: task?.subTaskIds,
				request_id: 'r-1',
				status: 'submitted',
				style: 'anime',
				prompt: 'rain',
			},
		]);
	});
});
