/** Asking how tasks are: each state of the service, and what comes out for it. */
import type { Outcome as TaskEnd } from '../../sandbox';
import { asFailure, onlyFailure, wordsOf } from './support/failures';
import { useBench, type SubmitOptions } from './support/hidream';
import { fetched, itemsOf, makeTask, makeTasks } from './support/tasks';

let ahead = 0;
const bench = useBench({ taskSeconds: 100, now: () => Date.now() + ahead });

beforeEach(() => {
	ahead = 0;
});

/** Asks for these IDs. */
const ask = async (taskIds: unknown[], { parameters, ...more }: SubmitOptions = {}) =>
	await bench().submit({ parameters: { operation: 'getResult', ...parameters }, items: itemsOf(taskIds), ...more });

const KEYS = ['progress', 'status', 'sub_task_results', 'task_id', 'video_url', 'video_urls'];

const ENDS: [string, TaskEnd, string][] = [
	['1', 'succeeded', 'succeeded'],
	['3', 'failed', 'failed'],
	['4', 'rejected', 'rejected'],
	['1004', 'noResult', 'failed'],
	['1005', { status: 1005 }, 'failed'],
	['1006', { status: 1006 }, 'failed'],
	['0', { status: 0 }, 'waiting'],
	['2', { status: 2 }, 'processing'],
	['99', { status: 99 }, 'failed'],
	['-1', { status: -1 }, 'processing'],
];

test.each(ENDS)('task_status %s comes out as a status, and the run goes on', async (_number, end, status) => {
	const id = await makeTask(bench().sandbox);
	bench().sandbox.settle(id, end);
	const outcome = await ask([id]);
	expect(outcome.error).toBeUndefined();
	const [json = {}] = outcome.json();
	expect(Object.keys(json).sort()).toEqual(KEYS);
	expect(json).toMatchObject({ task_id: id, status, sub_task_results: [{ sub_task_id: bench().sandbox.tasks[0]?.subTaskIds[0] }] });
	const url = `${bench().sandbox.url}/media/${bench().sandbox.tasks[0]?.subTaskIds[0]}.mp4`;
	expect(json['video_url']).toBe(status === 'succeeded' ? url : null);
	expect(json['video_urls']).toEqual(status === 'succeeded' ? [url] : []);
	if (status === 'succeeded') expect(json['progress']).toBe(1);
});

test.each([
	[0, 'waiting', 0],
	[50, 'processing', 0.5],
	[90, 'processing', 0.9],
])('%i s into a task of 100 s: %s', async (seconds, status, progress) => {
	const id = await makeTask(bench().sandbox);
	ahead = seconds * 1000;
	const [json] = (await ask([id])).json();
	expect(json).toMatchObject({ status, video_url: null, video_urls: [] });
	expect(json?.['progress']).toBeCloseTo(progress, 1);
});

test.each<[string, string, string | null]>([
	['a bare file name', '"817cd5b0-0000-4000-8000-000000000000.mp4"', null],
	['a URL in an object', '{"url":"https://media.example.com/a.mp4"}', 'https://media.example.com/a.mp4'],
	['a URL with spaces round it', '" https://media.example.com/a.mp4 "', 'https://media.example.com/a.mp4'],
])('a task that is done, with codes as text, a numeric ID and %s', async (_name, video, url) => {
	const taskId = '1234567890123456789';
	const body = `{"code":"0","result":[{"task_id":${taskId},"sub_task_results":[{"task_status":"1","video":${video}}]}]}`;
	bench().sandbox.faults.add({ on: 'batch', fault: { type: 'status', status: 200, body } });
	const [json, ...more] = (await ask([taskId], { parameters: { downloadVideo: url === null } })).json();
	expect(more).toEqual([]);
	expect(json).toMatchObject({ task_id: taskId, status: 'succeeded', video_url: url, sub_task_results: [{ video: JSON.parse(video) as unknown }] });
	expect(json?.['download_error']).toEqual(url === null ? expect.stringContaining('no URL') : undefined);
});

test('it never waits: one question for a task that goes on', async () => {
	const outcome = await ask([await makeTask(bench().sandbox)]);
	expect(outcome.json()).toMatchObject([{ status: 'waiting' }]);
	expect(bench().batches.length + bench().singles.length).toBe(1);
});

test('the task ID comes from the item unless another one is given', async () => {
	const [first = '', second = ''] = await makeTasks(bench().sandbox, 2);
	const outcome = await ask([first], { parameters: { taskId: second } });
	expect(outcome.json()).toMatchObject([{ task_id: second }]);
});

test('an ID that the service does not know is "not_found", and no failure', async () => {
	const outcome = await ask(['no-such-task']);
	expect(outcome.error).toBeUndefined();
	expect(outcome.json()).toEqual([
		{ task_id: 'no-such-task', status: 'not_found', progress: 0, video_url: null, video_urls: [], sub_task_results: [] },
	]);
});

describe('On Task Failure: Error', () => {
	const asError: SubmitOptions = { parameters: { options: { onTaskFailure: 'error' } } };

	test.each(['failed', 'rejected'] as const)('a task that is %s ends the run and is named', async (end) => {
		const [good = '', bad = ''] = await makeTasks(bench().sandbox, 2);
		bench().sandbox.settle(good, 'succeeded');
		bench().sandbox.settle(bad, end);
		const outcome = await ask([good, bad], asError);
		expect(outcome.failure.message).toContain('[item 1]');
		expect(outcome.failure).toMatchObject({ context: { itemIndex: 1 } });
		expect(outcome.words).toContain(bad);
		expect(outcome.words).toContain('costs credits again');
		expect(outcome.words).toMatch(end === 'failed' ? /congestion/ : /content review/);
	});

	test('a task that goes on, and one that is not known, are no failures', async () => {
		const outcome = await ask([await makeTask(bench().sandbox), 'no-such-task'], asError);
		expect(outcome.error).toBeUndefined();
		expect(outcome.json()).toMatchObject([{ status: 'waiting' }, { status: 'not_found' }]);
	});

	test('goes to the error branch alone, with its task ID', async () => {
		const [good = '', bad = ''] = await makeTasks(bench().sandbox, 2);
		bench().sandbox.settle(good, 'succeeded');
		bench().sandbox.settle(bad, 'rejected');
		const outcome = await ask([good, bad], { ...asError, onError: 'continueErrorOutput' });
		expect(outcome.json()).toMatchObject([{ task_id: good, status: 'succeeded' }]);
		const failed = onlyFailure(outcome);
		expect(failed.details).toMatchObject({ status: 'task_rejected', task_id: bad });
		expect(wordsOf(failed)).toContain(bad);
		expect(outcome.items('Failed')).toMatchObject([{ json: { from: { n: 1 } } }]);
	});
});

const INVALID: [string, unknown][] = [
	['no ID', ''],
	['blanks', '   '],
	['nothing', null],
	['an object', { task_id: 'x' }],
	['a list', ['x']],
];

describe.each(INVALID)('%s as the Task ID of the second of three items', (_name, value) => {
	test('stops the run before anything is asked', async () => {
		const [first, third] = await makeTasks(bench().sandbox, 2);
		const outcome = await ask([first, value, third]);
		expect(outcome.words).toContain('Task ID');
		expect(outcome.failure.message).toContain('[item 1]');
		expect(bench().batches.length + bench().singles.length).toBe(0);
	});

	test('fails alone under "Continue"', async () => {
		const [first, third] = await makeTasks(bench().sandbox, 2);
		const outcome = await ask([first, value, third], { onError: 'continueRegularOutput' });
		const [one, two, three] = outcome.json();
		expect([one?.['task_id'], three?.['task_id']]).toEqual([first, third]);
		expect(asFailure(two).details).toEqual({ status: 'invalid', code: null, request_id: null, task_id: null });
		expect(asFailure(two).message).toContain('Task ID');
	});
});

test('an item that names a task is never `invalid`, whatever else is wrong with it: its video must not be submitted again', async () => {
	const wrong = [
		{ parameters: { options: { maxDownloadSize: 'large' } } },
		{ parameters: { options: { onTaskFailure: 'maybe' } } },
		{ credential: bench().account({ baseUrl: 'nowhere' }) },
	];
	for (const more of wrong) {
		const [failure] = (await bench().submit(fetched(['task-1'], { ...more, onError: 'continueErrorOutput' }))).failures();
		expect(asFailure(failure).details).toMatchObject({ status: 'query_failed', task_id: 'task-1' });
	}
	const [empty] = (await bench().submit(fetched([''], { onError: 'continueErrorOutput' }))).failures();
	expect(asFailure(empty).details).toMatchObject({ status: 'invalid', task_id: null });
});
