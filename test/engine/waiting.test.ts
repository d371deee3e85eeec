/** Submit and Wait by polling. */
import { DEFAULT_SETTINGS } from '../../sandbox';
import { untilTrue } from '../support/untilTrue';
import { asFailure, onlyFailure, WAITED_KEYS } from './support/outputs';
import { useEngine } from './support/engine';
import { pluck } from './support/tasks';
import { makePrompts, waiting } from './support/waiting';

describe('results', () => {
	const engine = useEngine({ taskSeconds: 0.2 });

	const taskOf = (prompt: string) => engine().sandbox.tasks.find((task) => task.prompt === prompt);

	test('the output of one item has the fields of the submit and of the result', async () => {
		const outcome = await engine().submit(waiting(['calm']));
		expect(outcome.error).toBeUndefined();
		const [json = {}] = outcome.json();
		expect(Object.keys(json).sort()).toEqual(WAITED_KEYS);
		const task = taskOf('calm');
		const url = `${engine().sandbox.url}/media/${task?.subTaskIds[0]}.mp4`;
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
		expect(engine().taskIds).toHaveLength(1);
	});

	test('each output belongs to its input, in the order of the inputs', async () => {
		const prompts = makePrompts(20);
		const outcome = await engine().submit(waiting(prompts));
		expect(pluck(outcome.json(), 'task_id')).toEqual(prompts.map((prompt) => taskOf(prompt)?.taskId));
		expect(new Set(pluck(outcome.json(), 'status'))).toEqual(new Set(['succeeded']));
		expect(outcome.items('Done')).toMatchObject(prompts.map((prompt, n) => ({ json: { from: { n, prompt } } })));
		expect(engine().taskIds).toHaveLength(20);
	});

	test('failed, rejected and endless tasks do not affect the others', async () => {
		const prompts = ['calm', '[fail]', '[reject]', '[never]', '[noresult]', 'calm too'];
		const outcome = await engine().submit(waiting(prompts, { maxWait: 0.02 }));
		expect(outcome.error).toBeUndefined();
		expect(pluck(outcome.json(), 'status')).toEqual(['succeeded', 'failed', 'rejected', 'timed_out', 'failed', 'succeeded']);
		expect(pluck(outcome.json(), 'task_id')).toEqual(prompts.map((prompt) => taskOf(prompt)?.taskId));
		const late = outcome.json()[3] ?? {};
		expect(Object.keys(late).sort()).toEqual(WAITED_KEYS);
		expect(late).toMatchObject({ prompt: '[never]', video_url: null, video_urls: [] });
	});

	test('a timed-out wait loses no task, also with items in the queue', async () => {
		const outcome = await engine().submit(waiting(['[never]', 'calm', 'calm too'], { maxWait: 0.01 }, { limits: { parallelTasks: 1 }, onError: 'continueErrorOutput' }));
		const out = [...outcome.items(), ...outcome.items('Stylize', 1)];
		expect(out).toHaveLength(3);
		expect(outcome.json()[0]).toMatchObject({ task_id: engine().taskIds[0], status: 'timed_out' });
		const named = JSON.stringify(out.map(({ json }) => json));
		for (const id of engine().taskIds) expect(named).toContain(id);
	});

	test('a hint in the editor says how many tasks failed, and why', async () => {
		const outcome = await engine().submit(waiting(['calm', '[fail]', '[reject]']));
		const [, failed] = outcome.json();
		expect(failed).toMatchObject({ status: 'failed', failure_reason: expect.stringMatching(/\w/) as string });
		expect(Object.keys(failed ?? {}).slice(0, 3)).toEqual(['status', 'video_url', 'failure_reason']);
		const hints = outcome.run.data.resultData.runData['Stylize']?.[0]?.hints;
		expect(hints).toMatchObject([{ type: 'warning', message: `2 of 3 tasks failed: ${String(failed?.['failure_reason'])}` }]);
		const calm = await engine().submit(waiting(['calm']));
		expect(calm.json()).toMatchObject([{ failure_reason: null }]);
		expect(calm.run.data.resultData.runData['Stylize']?.[0]?.hints).toEqual([]);
	});

	test('the wait ends before n8n cancels the execution, so that the task IDs are output', async () => {
		const outcome = await engine().submit(waiting(['[never]'], { maxWait: 60 }, { timeoutAt: Date.now() + 33_000 }));
		expect(outcome.json()).toMatchObject([{ task_id: engine().taskIds[0], status: 'timed_out' }]);
		expect(outcome.items('Done')).toHaveLength(1);
	});

	test('sends nothing more shortly before n8n cancels the execution, and names the accepted tasks', async () => {
		const limits = { parallelTasks: 1 };
		const outcome = await engine().submit(waiting(['[never]', 'b', 'c'], { maxWait: 60 }, { limits, timeoutAt: Date.now() + 33_000 }));
		expect(engine().taskIds).toHaveLength(1);
		expect(outcome.failure.message).toMatch(/times out.*\[item 1\]/);
		expect(outcome.failure.message).toContain(String(engine().taskIds[0]));
	});

	test('sends nothing if the timeout is that close, as in a retry', async () => {
		const outcome = await engine().submit(waiting(['a', 'b'], { maxWait: 60 }, { timeoutAt: Date.now() + 20_000 }));
		expect(outcome.failure.message).toMatch(/times out.*\[item 0\]/);
		expect(engine().submits).toEqual([]);
	});

	test('the same under "Continue": each item is output', async () => {
		const options = waiting(['[never]', 'b'], { maxWait: 60 }, { limits: { parallelTasks: 1 }, timeoutAt: Date.now() + 33_000, onError: 'continueRegularOutput' });
		const outcome = await engine().submit(options);
		expect(outcome.json()).toMatchObject([{ task_id: engine().taskIds[0], status: 'timed_out' }, { details: { status: 'not_tried' } }]);
	});

	describe('On Task Failure: Throw Error', () => {
		const options = { onTaskFailure: 'error' };

		test('a failed task ends the run, and the error names every accepted task', async () => {
			const outcome = await engine().submit(waiting(['calm', '[fail]', '[never]'], options));
			expect(outcome.failure.message).toContain('[item 1]');
			for (const id of engine().taskIds) expect(outcome.failure.message).toContain(id);
			expect(outcome.failure.message).not.toMatch(/not tried/);
		});

		test('submits nothing new after a task has failed', async () => {
			const outcome = await engine().submit(waiting(['[fail]', 'b', 'c'], options, { limits: { parallelTasks: 1 } }));
			expect(outcome.failure.message).toContain('[item 0]');
			expect(engine().taskIds).toHaveLength(1);
			expect(outcome.failure.message).toMatch(/2 items/);
		});

		test('a failed task ends the run before the downloads of other tasks end', async () => {
			engine().sandbox.faults.add({ on: 'video', times: Infinity, fault: { type: 'silence' } });
			const prompts = [...makePrompts(5), '[fail]'];
			const outcome = await engine().submit(waiting(prompts, { ...options, concurrency: 6 }, { parameters: { downloadVideo: true } }));
			expect(outcome.failure.message).toContain('[item 5]');
		});

		test('only a rejected task goes to the error output', async () => {
			const outcome = await engine().submit(waiting(['calm', '[reject]', 'calm too'], options, { onError: 'continueErrorOutput' }));
			expect(pluck(outcome.json(), 'status')).toEqual(['succeeded', 'succeeded']);
			expect(onlyFailure(outcome).details).toMatchObject({ status: 'task_rejected', task_id: taskOf('[reject]')?.taskId });
			expect(outcome.items('Failed')).toMatchObject([{ json: { from: { n: 1 } } }]);
		});

		test('a timed-out wait is not a failure', async () => {
			const outcome = await engine().submit(waiting(['[never]'], { ...options, maxWait: 0.01 }));
			expect(outcome.error).toBeUndefined();
			expect(outcome.json()).toMatchObject([{ task_id: engine().taskIds[0], status: 'timed_out' }]);
		});
	});

	test.each([
		['Poll Interval', { pollInterval: -1 }],
		['Max Wait', { maxWait: 'soon' }],
	])('rejects a wrong "%s" before anything is sent', async (name, options) => {
		const outcome = await engine().submit(waiting(['calm'], options));
		expect(outcome.words).toContain(name);
		expect(engine().sandbox.requests).toEqual([]);
	});
});

describe('invalid input', () => {
	const engine = useEngine({ taskSeconds: 0.2 });
	const requestId = '={{ $json.n === 0 ? $("No such node").first().json.x : "r-1" }}';

	test('an option of the first item that cannot be evaluated fails only that item', async () => {
		const outcome = await engine().submit(waiting(['a', 'b'], { requestId }, { onError: 'continueRegularOutput' }));
		const [first, second] = outcome.json();
		expect(asFailure(first).details.status).toBe('invalid');
		expect(first?.['error']).toContain('"Options" cannot be evaluated');
		expect(second).toMatchObject({ task_id: engine().taskIds[0], status: 'succeeded', request_id: 'r-1' });
	});

	test('without "Continue", ends the run before anything is sent, with a hint', async () => {
		const outcome = await engine().submit(waiting(['a', 'b'], { requestId }));
		expect(outcome.failure.message).toContain('"Options" cannot be evaluated');
		expect(outcome.failure.message).toContain('[item 0]');
		expect(outcome.words).toContain('Correct the expression in');
		expect(engine().sandbox.requests).toEqual([]);
	});

	const BAD = { parameters: { waitFor: '={{ "sometimes" }}' } };

	test('an unknown Wait By ends the run before anything is sent, and the error lists the values', async () => {
		const outcome = await engine().submit(waiting(['a'], {}, BAD));
		expect(outcome.failure.message).toContain('"Wait By" has an unknown value: "sometimes"');
		expect(outcome.words).toContain('polling, callback');
		expect(engine().sandbox.requests).toEqual([]);
	});

	test('under "Continue", every item has this error', async () => {
		const outcome = await engine().submit(waiting(['a', 'b'], {}, { ...BAD, onError: 'continueErrorOutput' }));
		expect(outcome.json()).toEqual([]);
		expect(outcome.failures().map((item) => asFailure(item).details.status)).toEqual(['invalid', 'invalid']);
		expect(engine().sandbox.requests).toEqual([]);
	});
});

describe('status requests and parallel tasks', () => {
	const engine = useEngine({ taskSeconds: 1000 });

	/** A batch query's body in bytes: each ID takes 36 characters, two quotes and a comma. */
	const bytesOf = (ids: number) => '{"task_id_list":[]}'.length + ids * 39 - 1;

	/** The sizes of the following batch queries, once there are `count`. */
	async function nextBatches(count: number): Promise<number[]> {
		const before = engine().batches.length;
		const complete = () => engine().batches.slice(before).filter(({ completed }) => completed);
		await untilTrue(() => complete().length >= count);
		return complete().slice(0, count).map(({ bodyBytes }) => bodyBytes);
	}

	const settleAll = () => engine().taskIds.forEach((id) => engine().sandbox.settle(id, 'succeeded'));

	test('50 tasks need one status request', async () => {
		const execution = await engine().start(waiting(makePrompts(50)));
		await untilTrue(() => engine().taskIds.length === 50);
		await nextBatches(1);
		expect(await nextBatches(3)).toEqual([bytesOf(50), bytesOf(50), bytesOf(50)]);
		settleAll();
		expect(new Set(pluck((await execution.outcome()).json(), 'status'))).toEqual(new Set(['succeeded']));
		expect(engine().singles).toEqual([]);
	});

	test('150 tasks need two status requests of at most 100 tasks', async () => {
		const execution = await engine().start(waiting(makePrompts(150), { concurrency: 20 }));
		await untilTrue(() => engine().taskIds.length === 150);
		await nextBatches(2);
		expect((await nextBatches(4)).sort()).toEqual([bytesOf(100), bytesOf(100), bytesOf(50), bytesOf(50)].sort());
		settleAll();
		expect((await execution.outcome()).json()).toHaveLength(150);
		expect(engine().singles).toEqual([]);
	});

	test('executions of one account share their status requests', async () => {
		const executions = [await engine().start(waiting(makePrompts(3))), await engine().start(waiting(makePrompts(4)))];
		await untilTrue(() => engine().taskIds.length === 7);
		await nextBatches(1);
		expect(await nextBatches(2)).toEqual([bytesOf(7), bytesOf(7)]);
		settleAll();
		const [three, four] = await Promise.all(executions.map(async (execution) => await execution.outcome()));
		expect([three?.json().length, four?.json().length]).toEqual([3, 4]);
		expect(new Set([...pluck(three?.json() ?? [], 'task_id'), ...pluck(four?.json() ?? [], 'task_id')])).toEqual(new Set(engine().taskIds));
	});

	test('does not request the status of an ended task again', async () => {
		const execution = await engine().start(waiting(makePrompts(3)));
		await untilTrue(() => engine().taskIds.length === 3);
		engine().sandbox.settle(engine().taskIds[0] ?? '', 'succeeded');
		await nextBatches(2);
		expect(await nextBatches(2)).toEqual([bytesOf(2), bytesOf(2)]);
		engine().taskIds.slice(1).forEach((id) => engine().sandbox.settle(id, 'failed'));
		expect(pluck((await execution.outcome()).json(), 'status')).toEqual(['succeeded', 'failed', 'failed']);
	});

	describe('a service with limits', () => {
		const strict = useEngine({ taskSeconds: 0.1, accountLevel: 'level1', parallelTasks: DEFAULT_SETTINGS.parallelTasks });

		test.each([
			['the account level', { accountLevel: 'level1' }],
			['a custom level', { accountLevel: 'custom', parallelTasks: 2 }],
		])('%s sets the number of parallel tasks: nothing is refused', async (_name, limits) => {
			const outcome = await strict().submit(waiting(makePrompts(7), {}, { limits }));
			expect(new Set(pluck(outcome.json(), 'status'))).toEqual(new Set(['succeeded']));
			expect(strict().submits).toHaveLength(7);
			expect(strict().taskIds).toHaveLength(7);
		});

		test('executions share the parallel tasks of their account: nothing is refused', async () => {
			const credential = { ...strict().account(), accountLevel: 'level1' };
			const executions = await Promise.all(makePrompts(7).map(async (prompt) => await strict().start(waiting([prompt], {}, { credential }))));
			const outcomes = await Promise.all(executions.map(async (execution) => await execution.outcome()));
			expect(outcomes.map((outcome) => outcome.json()[0]?.['status'])).toEqual(makePrompts(7).map(() => 'succeeded'));
			expect(strict().submits).toHaveLength(7);
		});

		test('an endless task occupies one of the parallel tasks, and the others continue', async () => {
			const outcome = await strict().submit(waiting(['[never]', ...makePrompts(4)], { maxWait: 0.05 }, { limits: { parallelTasks: 2 } }));
			expect(pluck(outcome.json(), 'status')).toEqual(['timed_out', ...makePrompts(4).map(() => 'succeeded')]);
			expect(strict().submits).toHaveLength(5);
		});
	});
});

describe('parallel tasks across attempts', () => {
	const engine = useEngine({ accountLevel: 'free', taskSeconds: 0.2 });

	test('Retry On Fail under "Continue": the refused first item does not wait for the accepted ones behind it', async () => {
		engine().sandbox.faults.add({ on: 'submit', fault: { type: 'code', code: 1403 } });
		const more = { onError: 'continueRegularOutput' as const, retryOnFail: true, maxTries: 2, limits: { accountLevel: 'free' } };
		const outcome = await engine().submit(waiting(['a', 'b', 'c'], { concurrency: 1 }, more));
		expect(pluck(outcome.json(), 'status')).toEqual(['succeeded', 'succeeded', 'succeeded']);
		expect(pluck(outcome.json(), 'prompt')).toEqual(['a', 'b', 'c']);
		expect(engine().sandbox.tasks.map(({ prompt }) => prompt)).toEqual(['b', 'c', 'a']);
	});
});
