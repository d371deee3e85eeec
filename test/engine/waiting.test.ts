/** Submit and wait by polling: what comes out for each item, and in which order. */
import { asFailure, onlyFailure } from './support/failures';
import { useBench } from './support/hidream';
import { all } from './support/tasks';
import { calm, WAITED_KEYS, waiting } from './support/waiting';

const bench = useBench({ taskSeconds: 0.2 });

const taskOf = (prompt: string) => bench().sandbox.tasks.find((task) => task.prompt === prompt);

test('one item comes out with all that a submit and a result say', async () => {
	const outcome = await bench().submit(waiting(['calm']));
	expect(outcome.error).toBeUndefined();
	const [json = {}] = outcome.json();
	expect(Object.keys(json).sort()).toEqual(WAITED_KEYS);
	const task = taskOf('calm');
	const url = `${bench().sandbox.url}/media/${task?.subTaskIds[0]}.mp4`;
	expect(json).toMatchObject({
		task_id: task?.taskId,
		sub_task_ids: task?.subTaskIds,
		request_id: task?.requestId,
		status: 'succeeded',
		style: 'anime',
		prompt: 'calm',
		progress: 1,
		video_url: url,
		video_urls: [url],
		sub_task_results: [{ task_status: 1, video: url }],
	});
	expect(bench().taskIds).toHaveLength(1);
});

test.each([3, 50])('%i items: each output belongs to its input, in the order of the inputs', async (count) => {
	const prompts = calm(count);
	const outcome = await bench().submit(waiting(prompts));
	expect(all(outcome.json(), 'task_id')).toEqual(prompts.map((prompt) => taskOf(prompt)?.taskId));
	expect(new Set(all(outcome.json(), 'status'))).toEqual(new Set(['succeeded']));
	expect(outcome.items('Done')).toMatchObject(prompts.map((prompt, n) => ({ json: { from: { n, prompt } } })));
	expect(bench().taskIds).toHaveLength(count);
});

test('one fails, one is rejected, one never ends: each says so, and none disturbs the others', async () => {
	const prompts = ['calm', '[fail]', '[reject]', '[never]', '[noresult]', 'calm too'];
	const outcome = await bench().submit(waiting(prompts, { maxWait: 0.02 }));
	expect(outcome.error).toBeUndefined();
	expect(all(outcome.json(), 'status')).toEqual(['succeeded', 'failed', 'rejected', 'timed_out', 'failed', 'succeeded']);
	expect(all(outcome.json(), 'task_id')).toEqual(prompts.map((prompt) => taskOf(prompt)?.taskId));
	const late = outcome.json()[3] ?? {};
	expect(Object.keys(late).sort()).toEqual(WAITED_KEYS);
	expect(late).toMatchObject({ prompt: '[never]', video_url: null, video_urls: [] });
});

test('a wait that runs out loses no task, also where others still stood in line', async () => {
	const outcome = await bench().submit(waiting(['[never]', 'calm', 'calm too'], { maxWait: 0.01, parallelTasks: 1 }, { onError: 'continueErrorOutput' }));
	const out = [...outcome.items(), ...outcome.items('Stylize', 1)];
	expect(out).toHaveLength(3);
	expect(outcome.json()[0]).toMatchObject({ task_id: bench().taskIds[0], status: 'timed_out' });
	const named = JSON.stringify(out.map(({ json }) => json));
	for (const id of bench().taskIds) expect(named).toContain(id);
});

describe('On Task Failure: Error', () => {
	const options = { onTaskFailure: 'error' };

	test('a failed task ends the run, and every accepted task is named', async () => {
		const outcome = await bench().submit(waiting(['calm', '[fail]', '[never]'], options));
		expect(outcome.failure.message).toContain('[item 1]');
		for (const id of bench().taskIds) expect(outcome.failure.message).toContain(id);
	});

	test('nothing new is submitted once a task has failed', async () => {
		const outcome = await bench().submit(waiting(['[fail]', 'b', 'c'], { ...options, parallelTasks: 1 }));
		expect(outcome.failure.message).toContain('[item 0]');
		expect(bench().taskIds).toHaveLength(1);
		expect(outcome.failure.message).toMatch(/2 items/);
	});

	test('a rejected task goes to the error branch alone', async () => {
		const outcome = await bench().submit(waiting(['calm', '[reject]', 'calm too'], options, { onError: 'continueErrorOutput' }));
		expect(all(outcome.json(), 'status')).toEqual(['succeeded', 'succeeded']);
		expect(onlyFailure(outcome).details).toMatchObject({ status: 'task_rejected', task_id: taskOf('[reject]')?.taskId });
		expect(outcome.items('Failed')).toMatchObject([{ json: { from: { n: 1 } } }]);
	});

	test('a wait that runs out is no failure', async () => {
		const outcome = await bench().submit(waiting(['[never]'], { ...options, maxWait: 0.01 }));
		expect(outcome.error).toBeUndefined();
		expect(outcome.json()).toMatchObject([{ task_id: bench().taskIds[0], status: 'timed_out' }]);
	});
});

test.each([
	['Poll Interval', { pollInterval: -1 }],
	['Max Wait', { maxWait: 'soon' }],
	['Parallel Tasks', { parallelTasks: -2 }],
])('a wrong "%s" is found before anything is sent', async (name, options) => {
	const outcome = await bench().submit(waiting(['calm'], options));
	expect(outcome.words).toContain(name);
	expect(bench().sandbox.requests).toEqual([]);
});

test('an invalid item fails alone under "Continue"', async () => {
	const items = [{ json: { prompt: 'calm', style: 'anime' } }, { json: { prompt: 'b', style: 'oil' } }];
	const parameters = { style: '={{ $json.style }}' };
	const options = { ...waiting([]).parameters, ...parameters };
	const outcome = await bench().submit({ items, parameters: options, onError: 'continueRegularOutput' });
	expect(outcome.json()[0]).toMatchObject({ status: 'succeeded', task_id: bench().taskIds[0] });
	expect(asFailure(outcome.json()[1]).details.status).toBe('invalid');
	expect(bench().taskIds).toHaveLength(1);
});
