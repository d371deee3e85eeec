/** A recording of the real service: what the fake HiDream server replays. */
import { writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { removeFolder, temporaryFolder } from '../../harness/guard';
import { RESPONSES, startSandbox } from '../../sandbox';
import type { Recorded, Recording, Sandbox } from '../../sandbox';
import { readRecording, recordingVariable } from '../../sandbox/recording';
import { untilTrue } from '../support/untilTrue';
import { liveCheck, startFakeServer } from './liveSupport';
import { listener, startServer, SUBMIT, SUBMITTED_URL } from './support';
import type { TestClient } from './support';

jest.setTimeout(60_000);

let client: TestClient | undefined;

describe('behavior', () => {
	const NO_TASK = '00000000-0000-0000-0000-000000000000';
	const gave = (status: number, body: unknown, more: Partial<Extract<Recorded, { asked: true }>> = {}, headers: Record<string, string> = {}): Recorded => ({
		asked: true,
		agrees: false,
		says: '',
		answer: { status, headers, body },
		...more,
	});

	/** A service that behaves differently from the fake HiDream server in everything. */
	const ODD: Recording = {
		recordedAt: '2030-01-02T03:04:05.000Z',
		baseUrl: 'https://hidream.example.com',
		answers: {
			badToken: gave(200, { code: 9401, message: 'token is wrong', request_id: 'r', extra: { hint: 'log in' } }),
			badApiKey: gave(403, { code: 9402, message: 'key is wrong' }),
			unknownTask: gave(200, { code: 0, message: 'ok', request_id: 'r', result: { task_id: NO_TASK, sub_task_results: [] } }),
			unknownInBatch: gave(200, {}, { found: 'empty' }),
			largestUpload: gave(400, '<html>too large</html>', { found: 1024 * 1024 }, { 'content-type': 'text/html' }),
			rateLimit: gave(200, { code: 9429, message: 'slower' }, {}, { 'retry-after': '7' }),
			parallelLimit: gave(503, { code: 9503, message: 'busy' }),
			noCredits: gave(402, { code: 9007, message: 'pay' }),
			refusedPrompt: gave(451, { code: 9451, message: 'no' }),
			sameRequestId: gave(200, {}, { found: 'one' }),
			callback: gave(200, {}, { found: 'v3' }),
			video: { asked: false, why: 'no task' },
		},
	};

	let sandbox: Sandbox | undefined;
	afterEach(async () => {
		await sandbox?.close();
		await client?.close();
		[sandbox, client] = [undefined, undefined];
	});

	const good = { video_name: SUBMITTED_URL, style: 'anime' };
	const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

	test('refusals have the recorded status, code, message and shape, with their own request_id', async () => {
		client = await startServer({ recording: ODD });
		const refused = await client.submit({ ...good, request_id: 'mine' }, bearer('wrong'));
		expect([refused.status, refused.json()]).toEqual([200, { code: 9401, message: 'token is wrong', request_id: expect.any(String) as string, extra: { hint: 'log in' } }]);
		expect(refused.json().request_id).not.toBe('r');
		const { accessToken } = client.sandbox.addAccount({ credits: 0 });
		const unpaid = await client.submit(good, bearer(accessToken));
		expect([unpaid.status, unpaid.json()]).toEqual([402, { code: 9007, message: 'pay' }]);
		const forbidden = await client.submit({ ...good, prompt: '[forbidden]' });
		expect([forbidden.status, forbidden.json().code]).toEqual([451, 9451]);
		expect(client.sandbox.tasks).toEqual([]);
	});

	test('limits have the recorded delay; a body that is not JSON is replayed unchanged', async () => {
		client = await startServer({ recording: ODD, tasksPerMinute: 1 });
		await client.task();
		const limited = await client.submit(good);
		expect([limited.status, limited.json().code, limited.headers['retry-after']]).toEqual([200, 9429, '7']);
		await client.close();
		client = await startServer({ recording: ODD, maxBodyBytes: 10 });
		const large = await client.submit(good);
		expect([large.status, large.text, large.headers['content-type']]).toEqual([400, '<html>too large</html>', 'text/html']);
	});

	test('the response to an unknown task names that task', async () => {
		client = await startServer({ recording: ODD });
		const { send, sandbox: running } = client;
		const answer = await send(`/api-pub/gw/v2/video/video_edit/async/results?task_id=elsewhere`, { headers: bearer(running.accessToken) });
		expect(answer.json()).toMatchObject({ code: 0, result: { task_id: 'elsewhere', sub_task_results: [] } });
	});

	test('unrecorded behavior does not change, and settings override the recording', async () => {
		client = await startServer({ recording: ODD, sameRequestId: 'two' });
		expect((await client.submit({ ...good, style: 'oil' })).json().code).toBe(RESPONSES.badStyle.code);
		const ids = [await client.task({ request_id: 'r-1' }), await client.task({ request_id: 'r-1' })];
		expect(new Set(ids).size).toBe(2);
	});

	test.each([
		['free', 'parallelLimit'],
		['level4', 'rateLimit'],
	] as const)('the live check finds a recorded service again (%s)', async (accountLevel, limit) => {
		sandbox = await startFakeServer({ recording: ODD, accountLevel, ...(limit === 'parallelLimit' && { tasksPerMinute: 0 }) });
		const { answer } = await liveCheck(sandbox, { pace: { announced: 1_000 }, subject: { refusedPrompt: '[forbidden]' } });
		for (const question of ['badToken', 'badApiKey', limit, 'refusedPrompt']) {
			const { status, body } = (ODD.answers[question] as Extract<Recorded, { asked: true }>).answer ?? {};
			const given = { ...(body as object), ...('request_id' in (body as object) && { request_id: expect.any(String) as unknown }) };
			expect(answer(question)).toMatchObject({ asked: true, answer: { status, body: given } });
		}
		expect(answer('unknownInBatch')).toMatchObject({ found: 'empty' });
		expect(answer('sameRequestId')).toMatchObject({ found: 'one' });
		expect(answer('largestUpload')).toMatchObject({ asked: true, agrees: false, found: 1024 * 1024, answer: { status: 400, body: '<html>too large</html>' } });
		expect(answer('unknownTask')).toMatchObject({ asked: true, answer: { body: { result: { task_id: NO_TASK } } } });
	});

	test('another server replays the findings of the first', async () => {
		sandbox = await startFakeServer({ accountLevel: 'level4', sameRequestId: 'refuse', unknownInBatch: 'refuse', maxBodyBytes: 3 * 1024 * 1024 });
		const { recording } = await liveCheck(sandbox, { pace: { announced: 1_000 } });
		await sandbox.close();
		sandbox = await startFakeServer({ accountLevel: 'level4', recording });
		const again = await liveCheck(sandbox, { pace: { announced: 1_000 } });
		for (const question of ['sameRequestId', 'unknownInBatch', 'largestUpload', 'rateLimit', 'badToken']) {
			expect(again.answer(question)).toMatchObject({ ...recording.answers[question], answer: expect.anything() as unknown });
		}
	});

	test('reads a file, and names an invalid one', async () => {
		const folder = await temporaryFolder('recording');
		const file = join(folder, 'answers.json');
		await writeFile(file, JSON.stringify(ODD));
		expect(readRecording(file)).toEqual(ODD);
		await writeFile(file, '{}');
		expect(() => readRecording(file)).toThrow(`${file} is not a recording`);
		await removeFolder(folder);
	});
});

describe('shapes of responses and callbacks', () => {
	const gave = (body: unknown, headers: Record<string, string> = {}, found?: string): Recorded => ({
		asked: true,
		agrees: true,
		says: '',
		...(found !== undefined && { found }),
		answer: { status: 200, headers, body },
	});

	const ENTRY = { sub_task_id: 's-1', task_status: '1', video: ['https://cdn.example.com/one.mp4?***'], cover: 'https://cdn.example.com/one.jpg?***', size: { width: 1280, token: '***' } };

	/** An invented service with more and fewer fields than the fake HiDream server. */
	const RICH: Recording = {
		recordedAt: '2030-01-02T03:04:05.000Z',
		baseUrl: 'https://hidream.example.com',
		answers: {
			accepted: gave({ code: 0, message: 'ok', trace: 't-1', result: { task_id: 't', queue: 7 } }),
			resultJson: gave({ code: 0, message: 'ok', request_id: 'r', result: { task_id: 't', sub_task_results: [ENTRY] } }),
			batchJson: gave({ code: 0, message: 'ok', request_id: 'r', result: [{ sub_task_results: [ENTRY], elapsed: 61 }] }),
			callback: gave(
				{ main_task_id: 't', attempt: 1, sub_task_results: [ENTRY] },
				{ 'user-agent': 'HiDream/3', 'x-signature': '***', host: '***', 'content-length': '7', connection: 'close' },
				'v2',
			),
		},
	};
	afterEach(async () => {
		await client?.close();
		client = undefined;
	});

	const authorization = ({ sandbox }: TestClient) => ({ authorization: `Bearer ${sandbox.accessToken}` });

	test('an acceptance has the recorded fields, and the fake HiDream server\'s own task', async () => {
		client = await startServer({ recording: RICH });
		const answer = await client.submit({ video_name: SUBMITTED_URL, style: 'anime' });
		expect(JSON.parse(answer.text)).toEqual({ code: 0, message: expect.any(String), trace: 't-1', result: { task_id: client.sandbox.tasks[0]?.taskId, queue: 7 } });
	});

	test('a result has its own IDs, statuses and URLs, in the recorded types, without masked values', async () => {
		client = await startServer({ recording: RICH, subTasks: 2 });
		const taskId = await client.task();
		const [one, two] = (await client.results(taskId)) as unknown[];
		const [first, second] = client.sandbox.tasks[0]?.subTaskIds ?? [];
		const entry = (id = '') => {
			const url = `${client?.sandbox.url ?? ''}/media/${id}.mp4`;
			return { sub_task_id: id, task_status: '1', video: [url], cover: url, size: { width: 1280 } };
		};
		expect([one, two]).toEqual([entry(first), entry(second)]);
	});

	test('a failed task has a reason, though the recorded one did not fail; a running one has no URL', async () => {
		client = await startServer({ recording: RICH, taskSeconds: 60 });
		const taskId = await client.task();
		expect(await client.results(taskId)).toMatchObject([{ task_status: '0', video: [], cover: '' }]);
		client.sandbox.settle(taskId, 'failed');
		expect(await client.results(taskId)).toMatchObject([{ task_status: '3', video: [], description: expect.any(String) as string }]);
	});

	test('a batch query has the recorded entries, and the IDs that the recording lacks', async () => {
		client = await startServer({ recording: RICH });
		const ids = [await client.task(), await client.task()];
		const answer = await client.send(`${SUBMIT}/results/batch`, {
			method: 'POST',
			headers: { ...authorization(client), 'content-type': 'application/json' },
			body: JSON.stringify({ task_id_list: ids }),
		});
		const { result } = JSON.parse(answer.text) as { result: object[] };
		expect(result.map((entry) => Object.keys(entry))).toEqual([['sub_task_results', 'elapsed'], ['sub_task_results', 'elapsed']]);
	});

	test('a callback has the recorded body and headers, without secrets and connection headers', async () => {
		const calls: Array<{ body: unknown; headers: IncomingHttpHeaders }> = [];
		const hook = await listener((body, response, { headers }) => {
			calls.push({ body: JSON.parse(body), headers });
			response.end('{}');
		});
		client = await startServer({ recording: RICH });
		const taskId = await client.task({ notify_url: hook.url });
		await untilTrue(() => calls.length === 1);
		await hook.close();
		const [call] = calls;
		expect(call?.body).toMatchObject({ main_task_id: taskId, attempt: 1, sub_task_results: [{ task_status: '1' }] });
		expect(call?.headers).toMatchObject({ 'user-agent': 'HiDream/3', 'content-type': 'application/json', host: new URL(hook.url).host });
		expect(call?.headers).not.toHaveProperty('x-signature');
	});

	test.each<[string, Recording['answers']]>([
		['refusals', { accepted: gave({ code: 2007, message: 'pay' }), resultJson: gave({ code: 9, message: 'no' }), batchJson: gave('<html>') }],
		['an acceptance without a task', { accepted: gave({ code: 0, result: {} }), batchJson: gave({ code: 0, result: {} }) }],
		['nothing', { accepted: { asked: false, why: 'it costs credits' } }],
	])('if the recording has %s, the fake HiDream server uses its own value', async (_, answers) => {
		client = await startServer({ recording: { ...RICH, answers } });
		const answer = (await client.submit({ video_name: SUBMITTED_URL, style: 'anime' })).json();
		expect(Object.keys(answer)).toEqual(['code', 'message', 'request_id', 'result']);
		expect(await client.results(answer.result.task_id)).toMatchObject([{ task_status: 1, task_completion: 1 }]);
	});

	test('the live check finds a recorded service again, as long as the node can read it', async () => {
		const entry = { sub_task_id: 's-1', task_status: 1, video: 'https://cdn.example.com/one.mp4', size: { width: 1280 } };
		const result = { task_id: 't', sub_task_results: [entry] };
		const answers = { ...RICH.answers, resultJson: gave({ code: 0, result }), batchJson: gave({ code: 0, result: [{ ...result, elapsed: 61 }] }) };
		const sandbox = await startFakeServer({ recording: { ...RICH, answers }, accountLevel: 'level4' });
		const { answer } = await liveCheck(sandbox, { pace: { announced: 1_000 } });
		await sandbox.close();
		expect(answer('accepted')).toMatchObject({ asked: true, answer: { body: { trace: 't-1', result: { queue: 7 } } } });
		expect(answer('resultJson')).toMatchObject({ asked: true, answer: { body: { result: { sub_task_results: [{ size: { width: 1280 } }] } } } });
		expect(answer('batchJson')).toMatchObject({ asked: true, answer: { body: { result: [{ elapsed: 61 }] } } });
	});

	describe('SANDBOX_RECORDING', () => {
		const before = process.env[recordingVariable];
		let folder: string;
		beforeEach(async () => {
			folder = await temporaryFolder('recording');
			process.env[recordingVariable] = join(folder, 'answers.json');
			await writeFile(join(folder, 'answers.json'), JSON.stringify(RICH));
		});
		afterEach(async () => {
			if (before === undefined) Reflect.deleteProperty(process.env, recordingVariable);
			else process.env[recordingVariable] = before;
			await removeFolder(folder);
		});

		const shapeOf = async (settings: Parameters<typeof startSandbox>[0]): Promise<string[]> => {
			const lines: string[] = [];
			const sandbox = await startSandbox({ ...settings, logger: (line) => lines.push(line) });
			const body = JSON.stringify({ video_name: SUBMITTED_URL, style: 'anime' });
			const headers = { authorization: `Bearer ${sandbox.accessToken}`, 'content-type': 'application/json' };
			const answer = (await (await fetch(sandbox.url + SUBMIT, { method: 'POST', headers, body })).json()) as object;
			await sandbox.close();
			return [...Object.keys(answer), ...lines.filter((line) => line.startsWith('responds like'))];
		};

		test('is replayed by every fake HiDream server, unless it is given another recording or none', async () => {
			expect(await shapeOf({})).toEqual(['code', 'message', 'trace', 'result', 'responds like https://hidream.example.com on 2030-01-02']);
			expect(await shapeOf({ recording: null })).toEqual(['code', 'message', 'request_id', 'result']);
			expect(await shapeOf({ recording: { ...RICH, recordedAt: '2031-01-01', answers: {} } })).toEqual(['code', 'message', 'request_id', 'result', 'responds like https://hidream.example.com on 2031-01-01']);
		});

		test('ends the server with a message if it is not a recording', async () => {
			await writeFile(join(folder, 'answers.json'), '{}');
			await expect(startSandbox()).rejects.toThrow('answers.json is not a recording');
		});
	});
});
