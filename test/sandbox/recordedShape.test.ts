/** A recording of what goes well: the stand-in's own tasks in the shape that the real service gave. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startSandbox, type Recorded, type Recording } from '../../sandbox';
import { recordingVariable } from '../../sandbox/recording';
import { check, standIn } from './liveSupport';
import { listener, open, SUBMIT, until, VIDEO_URL, type Bench } from './support';

const gave = (body: unknown, headers: Record<string, string> = {}, found?: string): Recorded => ({
	asked: true,
	agrees: true,
	says: '',
	...(found !== undefined && { found }),
	answer: { status: 200, headers, body },
});

const ENTRY = { sub_task_id: 's-1', task_status: '1', video: ['https://cdn.example.com/one.mp4?***'], cover: 'https://cdn.example.com/one.jpg?***', size: { width: 1280, token: '***' } };

/** A made-up service that says more and less than the stand-in by itself. */
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

let bench: Bench | undefined;
afterEach(async () => {
	await bench?.close();
	bench = undefined;
});

const authorization = ({ sandbox }: Bench) => ({ authorization: `Bearer ${sandbox.accessToken}` });

test('an acceptance has the recorded fields, and the stand-in\'s own task', async () => {
	bench = await open({ recording: RICH });
	const answer = await bench.submit({ video_name: VIDEO_URL, style: 'anime' });
	expect(JSON.parse(answer.text)).toEqual({ code: 0, message: expect.any(String), trace: 't-1', result: { task_id: bench.sandbox.tasks[0]?.taskId, queue: 7 } });
});

test('so has a result: own IDs, statuses and URLs, in the recorded types; what was masked is left out', async () => {
	bench = await open({ recording: RICH, subTasks: 2 });
	const taskId = await bench.task();
	const [one, two] = (await bench.results(taskId)) as unknown[];
	const [first, second] = bench.sandbox.tasks[0]?.subTaskIds ?? [];
	const entry = (id = '') => {
		const url = `${bench?.sandbox.url ?? ''}/media/${id}.mp4`;
		return { sub_task_id: id, task_status: '1', video: [url], cover: url, size: { width: 1280 } };
	};
	expect([one, two]).toEqual([entry(first), entry(second)]);
});

test('a task that failed says why, though the recorded one did not fail; one that goes on has no URL', async () => {
	bench = await open({ recording: RICH, taskSeconds: 60 });
	const taskId = await bench.task();
	expect(await bench.results(taskId)).toMatchObject([{ task_status: '0', video: [], cover: '' }]);
	bench.sandbox.settle(taskId, 'failed');
	expect(await bench.results(taskId)).toMatchObject([{ task_status: '3', video: [], description: expect.any(String) as string }]);
});

test('a batch query has the recorded entries, also without the IDs that it did not name', async () => {
	bench = await open({ recording: RICH });
	const ids = [await bench.task(), await bench.task()];
	const answer = await bench.send(`${SUBMIT}/results/batch`, {
		method: 'POST',
		headers: { ...authorization(bench), 'content-type': 'application/json' },
		body: JSON.stringify({ task_id_list: ids }),
	});
	const { result } = JSON.parse(answer.text) as { result: object[] };
	expect(result.map((entry) => Object.keys(entry))).toEqual([['sub_task_results', 'elapsed'], ['sub_task_results', 'elapsed']]);
});

test('a callback has the recorded body, and the recorded headers that are of nobody and of no connection', async () => {
	const calls: Array<{ body: unknown; headers: IncomingHttpHeaders }> = [];
	const hook = await listener((body, response, { headers }) => {
		calls.push({ body: JSON.parse(body), headers });
		response.end('{}');
	});
	bench = await open({ recording: RICH });
	const taskId = await bench.task({ notify_url: hook.url });
	await until(() => calls.length === 1);
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
])('where the recording holds %s, the stand-in keeps to its own', async (_, answers) => {
	bench = await open({ recording: { ...RICH, answers } });
	const answer = (await bench.submit({ video_name: VIDEO_URL, style: 'anime' })).json();
	expect(Object.keys(answer)).toEqual(['code', 'message', 'request_id', 'result']);
	expect(await bench.results(answer.result.task_id)).toMatchObject([{ task_status: 1, task_completion: 1 }]);
});

test('the live check finds a recorded service again, as long as the node can read it', async () => {
	const entry = { sub_task_id: 's-1', task_status: 1, video: 'https://cdn.example.com/one.mp4', size: { width: 1280 } };
	const result = { task_id: 't', sub_task_results: [entry] };
	const answers = { ...RICH.answers, resultJson: gave({ code: 0, result }), batchJson: gave({ code: 0, result: [{ ...result, elapsed: 61 }] }) };
	const sandbox = await standIn({ recording: { ...RICH, answers }, accountLevel: 'level4' });
	const { answer } = await check(sandbox, { pace: { announced: 1_000 } });
	await sandbox.close();
	expect(answer('accepted')).toMatchObject({ asked: true, answer: { body: { trace: 't-1', result: { queue: 7 } } } });
	expect(answer('resultJson')).toMatchObject({ asked: true, answer: { body: { result: { sub_task_results: [{ size: { width: 1280 } }] } } } });
	expect(answer('batchJson')).toMatchObject({ asked: true, answer: { body: { result: [{ elapsed: 61 }] } } });
});

describe('a recording that the environment names', () => {
	const before = process.env[recordingVariable];
	let folder: string;
	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), 'recording-'));
		process.env[recordingVariable] = join(folder, 'answers.json');
		await writeFile(join(folder, 'answers.json'), JSON.stringify(RICH));
	});
	afterEach(async () => {
		if (before === undefined) Reflect.deleteProperty(process.env, recordingVariable);
		else process.env[recordingVariable] = before;
		await rm(folder, { recursive: true });
	});

	const shapeOf = async (settings: Parameters<typeof startSandbox>[0]): Promise<string[]> => {
		const lines: string[] = [];
		const sandbox = await startSandbox({ ...settings, logger: (line) => lines.push(line) });
		const body = JSON.stringify({ video_name: VIDEO_URL, style: 'anime' });
		const headers = { authorization: `Bearer ${sandbox.accessToken}`, 'content-type': 'application/json' };
		const answer = (await (await fetch(sandbox.url + SUBMIT, { method: 'POST', headers, body })).json()) as object;
		await sandbox.close();
		return [...Object.keys(answer), ...lines.filter((line) => line.startsWith('answers as'))];
	};

	test('is replayed by every stand-in, unless it is given another one or none', async () => {
		expect(await shapeOf({})).toEqual(['code', 'message', 'trace', 'result', 'answers as https://hidream.example.com did on 2030-01-02']);
		expect(await shapeOf({ recording: null })).toEqual(['code', 'message', 'request_id', 'result']);
		expect(await shapeOf({ recording: { ...RICH, recordedAt: '2031-01-01', answers: {} } })).toEqual(['code', 'message', 'request_id', 'result', 'answers as https://hidream.example.com did on 2031-01-01']);
	});

	test('and is no recording ends it, in words', async () => {
		await writeFile(join(folder, 'answers.json'), '{}');
		await expect(startSandbox()).rejects.toThrow('answers.json is no recording');
	});
});
