/** Submit and Wait by callback: suspend, verify, resume. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { bytesOfBinary } from '../../harness/engine/binaries';
import { useDeduplicator } from '../../harness/engine/deduplicator';
import { DEFAULT_SETTINGS, type Fault } from '../../sandbox';
import { untilTrue } from '../support/untilTrue';
import { asFailure, onlyFailure, WAITED_KEYS } from './support/outputs';
import { useEngine } from './support/engine';
import { waitingByCallback, callResumeUrl, makePrompts, suspend, useWebhooks } from './support/waiting';
import { pluck } from './support/tasks';

describe('suspend and resume', () => {
	const webhooks = useWebhooks();
	const engine = useEngine({ taskSeconds: 1000, callbackRetryMs: 20 });

	const taskOf = (prompt: string) => engine().sandbox.tasks.find((task) => task.prompt === prompt);
	const settle = (prompt: string, end: 'succeeded' | 'failed' | 'rejected') =>
		engine().sandbox.settle(taskOf(prompt)?.taskId ?? prompt, end);
	const delivered = () => engine().sandbox.tasks.map(({ callbacks }) => callbacks.map(({ status }) => status));

	test('submits all items with the resume URL and suspends the execution until the longest Max Wait', async () => {
		const before = Date.now();
		const suspended = await suspend(engine(), webhooks(), waitingByCallback(makePrompts(3), { maxWait: '={{ 30 - $json.n }}' }));
		expect(engine().taskIds).toHaveLength(3);
		for (const { notifyUrl } of engine().sandbox.tasks) {
			expect(notifyUrl).toContain(`${webhooks().url}/${suspended.executionId}`);
			expect(new URL(notifyUrl ?? '').searchParams.get('signature')).toBe(suspended.token);
		}
		expect(suspended.waitTill.getTime()).toBeGreaterThanOrEqual(before + 30 * 60_000 - 1000);
		expect(suspended.waitTill.getTime()).toBeLessThanOrEqual(Date.now() + 30 * 60_000 + 1000);
	});

	test.each(['stopWorkflow', 'continueErrorOutput'] as const)('outputs the task IDs, each paired with its input, when the wait times out (%s)', async (onError) => {
		const suspended = await suspend(engine(), webhooks(), waitingByCallback(makePrompts(3), {}, { onError }));
		const outcome = await suspended.timeOut().outcome();
		expect(outcome.error).toBeUndefined();
		expect(pluck(outcome.json(), 'status')).toEqual(['timed_out', 'timed_out', 'timed_out']);
		expect(pluck(outcome.json(), 'task_id')).toEqual(makePrompts(3).map((prompt) => taskOf(prompt)?.taskId));
		expect(outcome.items('Done')).toMatchObject([0, 1, 2].map((n) => ({ json: { from: { n } } })));
		for (const item of outcome.items()) {
			expect(Object.keys(item.json).sort()).toEqual(WAITED_KEYS);
			expect(Object.keys(item).filter((key) => !['json', 'pairedItem', 'index'].includes(key))).toEqual([]);
		}
	});

	test('the last callback ends the wait, and every output belongs to its input', async () => {
		const count = 20;
		const suspended = await suspend(engine(), webhooks(), waitingByCallback(makePrompts(count), { concurrency: 10 }));
		for (const prompt of makePrompts(count - 1)) settle(prompt, 'succeeded');
		await untilTrue(() => webhooks().delivered.length === count - 1);
		expect(suspended.waits).toBe(true);
		settle(`prompt ${count - 1}`, 'succeeded');
		const outcome = await (await suspended.resumed()).outcome();
		expect(outcome.run.finished).toBe(true);
		expect(pluck(outcome.json(), 'task_id')).toEqual(makePrompts(count).map((prompt) => taskOf(prompt)?.taskId));
		expect(new Set(pluck(outcome.json(), 'status'))).toEqual(new Set(['succeeded']));
		expect(outcome.items('Done')).toMatchObject(makePrompts(count).map((prompt, n) => ({ json: { from: { n, prompt } } })));
		for (const { json } of outcome.items()) expect(Object.keys(json).sort()).toEqual(WAITED_KEYS);
		await untilTrue(() => delivered().every((statuses) => statuses.length > 0));
		expect(new Set(delivered().flat())).toEqual(new Set([200]));
		expect(engine().taskIds).toHaveLength(count);
		expect(webhooks().thrown).toEqual([]);
	});

	test('reports a failed and a rejected task by their status', async () => {
		const suspended = await suspend(engine(), webhooks(), waitingByCallback(['a', 'b', 'c']));
		settle('b', 'failed');
		settle('c', 'rejected');
		settle('a', 'succeeded');
		const outcome = await (await suspended.resumed()).outcome();
		expect(pluck(outcome.json(), 'status')).toEqual(['succeeded', 'failed', 'rejected']);
		expect(outcome.json()[1]).toMatchObject({ prompt: 'b', task_id: taskOf('b')?.taskId, request_id: taskOf('b')?.requestId });
	});

	test('items without a task keep their place, and are output with the others', async () => {
		await useDeduplicator();
		engine().sandbox.faults.add({ on: 'submit', times: 1, fault: { type: 'reset', when: 'afterAccept' } });
		const options = { concurrency: 1, idempotencyKey: '={{ $json.prompt }}' };
		const style = '={{ $json.prompt === "c" ? "oil" : "anime" }}';
		const suspended = await suspend(engine(), webhooks(), waitingByCallback(['a', 'b', 'c', 'b', 'e'], options, { onError: 'continueRegularOutput', parameters: { style } }));
		settle('b', 'succeeded');
		settle('e', 'succeeded');
		const outcome = await (await suspended.resumed()).outcome();
		const statuses = outcome.json().map((json) => ('details' in json ? asFailure(json).details.status : json['status']));
		expect(statuses).toEqual(['uncertain', 'succeeded', 'invalid', 'already_submitted', 'succeeded']);
		expect(engine().submits).toHaveLength(3);
	});

	test('callbacks at the same time download each video once', async () => {
		const options = waitingByCallback(makePrompts(3));
		const parameters = { ...options.parameters, downloadVideo: true, outputBinaryPropertyName: '=film_{{ $json.n }}' };
		const suspended = await suspend(engine(), webhooks(), { ...options, parameters });
		for (const prompt of makePrompts(3)) settle(prompt, 'succeeded');
		const outcome = await (await suspended.resumed()).outcome();
		await untilTrue(() => delivered().every((statuses) => statuses.length > 0));
		expect(delivered()).toEqual([[200], [200], [200]]);
		expect(engine().downloads).toHaveLength(3);
		const video = readFileSync(DEFAULT_SETTINGS.resultVideo);
		for (const [n, { binary = {} }] of outcome.items().entries()) {
			expect(Object.keys(binary)).toEqual([`film_${n}`]);
			expect((await bytesOfBinary(binary[`film_${n}`])).equals(video)).toBe(true);
		}
		expect(webhooks().thrown).toEqual([]);
	});

	test('a callback that arrives before the execution is suspended does not block the run', async () => {
		engine().sandbox.faults.add({ on: 'submit', skip: 1, fault: { type: 'slow', delayMs: 300 } });
		const execution = await engine().start({ ...waitingByCallback(['a', 'b'], { concurrency: 1 }), waitingUrl: webhooks().url });
		await untilTrue(() => engine().taskIds.length > 0);
		settle('a', 'succeeded');
		const suspended = await webhooks().suspend(execution);
		settle('b', 'succeeded');
		const outcome = await (await suspended.resumed()).outcome();
		expect(pluck(outcome.json(), 'status')).toEqual(['succeeded', 'succeeded']);
		expect(delivered()[0]).toContain(409);
	});

	describe.each(['callback', 'clock'] as const)('a refused item in a wait that is ended by the %s', (end) => {
		test.each(['continueErrorOutput', 'continueRegularOutput'] as const)('%s: is output as a failure next to the others', async (onError) => {
			const suspended = await suspend(engine(), webhooks(), waitingByCallback(['a', '[forbidden]', 'c'], {}, { onError }));
			if (end === 'callback') for (const id of engine().taskIds) engine().sandbox.settle(id, 'succeeded');
			const outcome = await (end === 'callback' ? await suspended.resumed() : suspended.timeOut()).outcome();
			const split = onError === 'continueErrorOutput';
			const [a, second, third] = outcome.json();
			const failed = split ? onlyFailure(outcome) : asFailure(second);
			expect(failed.details).toMatchObject({ status: 'refused', code: 1403 });
			const status = end === 'callback' ? 'succeeded' : 'timed_out';
			expect([a, split ? second : third]).toMatchObject([{ status, prompt: 'a' }, { status, prompt: 'c' }]);
			const done = split ? [{ n: 0 }, { n: 2 }] : [{ n: 0 }, { n: 1 }, { n: 2 }];
			expect(outcome.items('Done')).toMatchObject(done.map((from) => ({ json: { from } })));
			if (split) expect(outcome.items('Failed')).toMatchObject([{ json: { from: { n: 1 } } }]);
		});
	});

	test('On Task Failure: Throw Error, a rejected task goes to the error output when the wait is over', async () => {
		const suspended = await suspend(engine(), webhooks(), waitingByCallback(['a', 'b'], { onTaskFailure: 'error' }, { onError: 'continueErrorOutput' }));
		settle('a', 'rejected');
		settle('b', 'succeeded');
		const outcome = await (await suspended.resumed()).outcome();
		expect(outcome.json()).toMatchObject([{ task_id: taskOf('b')?.taskId, status: 'succeeded' }]);
		expect(onlyFailure(outcome).details).toMatchObject({ status: 'task_rejected', task_id: taskOf('a')?.taskId });
		expect(outcome.items('Failed')).toMatchObject([{ json: { from: { n: 0 } } }]);
	});

	describe('a service whose tasks end immediately', () => {
		const quick = useEngine({ taskSeconds: 0, callbackRetryMs: 20 });

		test('outputs the results without suspending when all tasks have ended', async () => {
			const outcome = await quick().submit({ ...waitingByCallback(['a', '[fail]', 'c']), waitingUrl: webhooks().url });
			expect(outcome.run.waitTill).toBeUndefined();
			expect(outcome.run.finished).toBe(true);
			expect(pluck(outcome.json(), 'status')).toEqual(['succeeded', 'failed', 'succeeded']);
			expect(outcome.items('Done')).toMatchObject([0, 1, 2].map((n) => ({ json: { from: { n } } })));
			for (const json of outcome.json()) expect(Object.keys(json).sort()).toEqual(WAITED_KEYS);
		});

		test('suspends the execution if the tasks cannot be queried', async () => {
			for (const on of ['batch', 'result'] as const) quick().sandbox.faults.add({ on, times: Infinity, fault: { type: 'status', status: 500 } });
			const suspended = await suspend(quick(), webhooks(), waitingByCallback(['a', 'b']));
			expect(suspended.waits).toBe(true);
			expect(pluck((await suspended.timeOut().outcome()).json(), 'status')).toEqual(['timed_out', 'timed_out']);
		});
	});
});

describe('forged and unconfirmed callbacks', () => {
	const webhooks = useWebhooks();
	const engine = useEngine({ taskSeconds: 1000, callbackRetryMs: 20 });

	const first = () => engine().taskIds[0] ?? 'no task';
	const statuses = () => engine().sandbox.tasks[0]?.callbacks.map(({ status }) => status);

	/** Forged results, in HiDream's format. */
	const made = [{ sub_task_id: randomUUID(), task_status: 1, task_completion: 1, video: 'https://evil.example.com/x.mp4' }];

	/** What is sent, and n8n's response: HiDream calls again only for a task of this execution that has not ended. */
	const FORGED: [string, () => object, number][] = [
		['for a task of this run', () => ({ main_task_id: first(), sub_task_results: made }), 503],
		['in the other form', () => ({ code: 0, result: { task_id: first(), sub_task_results: made } }), 503],
		['for a task of another execution', () => ({ main_task_id: randomUUID(), sub_task_results: made }), 200],
		['with an invalid ID', () => ({ main_task_id: { $ne: null }, sub_task_results: 'x' }), 200],
		['that is empty', () => ({}), 200],
		['that is a list', () => [made], 200],
	];

	test.each(FORGED)('a forged callback %s leaves the execution suspended', async (_name, body, status) => {
		const suspended = await suspend(engine(), webhooks(), waitingByCallback(makePrompts(2)));
		expect([await callResumeUrl(engine(), body()), await callResumeUrl(engine(), body())]).toEqual([status, status]);
		expect(webhooks().delivered).toHaveLength(2);
		expect(webhooks().thrown).toEqual([]);
		expect(suspended.waits).toBe(true);
		engine().sandbox.settle(first(), 'rejected');
		engine().sandbox.settle(engine().taskIds[1] ?? '', 'succeeded');
		const outcome = await (await suspended.resumed()).outcome();
		expect(new Set(pluck(outcome.json(), 'status'))).toEqual(new Set(['rejected', 'succeeded']));
		expect(outcome.everything).not.toContain('evil.example.com');
	});

	test('ends the wait on the second callback when the API confirms late', async () => {
		const suspended = await suspend(engine(), webhooks(), waitingByCallback(['a']));
		const result = [{ task_id: first(), sub_task_results: [{ sub_task_id: 's', task_status: 2, task_completion: 0.9, video: '' }] }];
		engine().sandbox.faults.add({ on: 'batch', fault: { type: 'status', status: 200, body: { code: 0, message: '', result } } });
		engine().sandbox.settle(first(), 'succeeded');
		expect((await (await suspended.resumed()).outcome()).json()).toMatchObject([{ task_id: first(), status: 'succeeded' }]);
		await untilTrue(() => statuses()?.length === 2);
		expect(statuses()).toEqual([503, 200]);
	});

	test('responds with 503 if HiDream cannot be queried, and the next callback resumes the execution', async () => {
		const fault: Fault = { type: 'reset', when: 'before' };
		const suspended = await suspend(engine(), webhooks(), waitingByCallback(['a']));
		engine().sandbox.faults.add({ on: 'batch', times: 1, fault });
		engine().sandbox.faults.add({ on: 'result', times: 1, fault });
		engine().sandbox.settle(first(), 'succeeded');
		expect((await (await suspended.resumed()).outcome()).json()).toMatchObject([{ status: 'succeeded' }]);
		await untilTrue(() => statuses()?.at(-1) === 200);
		expect(statuses()?.[0]).toBe(503);
		expect(webhooks().thrown).toEqual([]);
	});

	test('renews a token that expired while the execution was suspended', async () => {
		const credential = engine().n8n.credentials.add(engine().keyAccount());
		const suspended = await suspend(engine(), webhooks(), waitingByCallback(['a'], {}, { credential }));
		engine().sandbox.expireTokens();
		engine().sandbox.settle(first(), 'succeeded');
		expect((await (await suspended.resumed()).outcome()).json()).toMatchObject([{ status: 'succeeded' }]);
		expect(statuses()).not.toContain(503);
	});

	test('a repeated callback after the end changes nothing', async () => {
		const suspended = await suspend(engine(), webhooks(), waitingByCallback(['a']));
		engine().sandbox.settle(first(), 'succeeded');
		await suspended.resumed();
		const sentBefore = engine().batches.length + engine().singles.length;
		expect(await callResumeUrl(engine(), { main_task_id: first(), sub_task_results: made })).toBe(409);
		expect(engine().batches.length + engine().singles.length).toBe(sentBefore);
	});

	describe('callbacks in the newer form', () => {
		const newer = useEngine({ taskSeconds: 1000, callbackRetryMs: 20, callbacks: 'v3' });

		test('also end the wait', async () => {
			const suspended = await suspend(newer(), webhooks(), waitingByCallback(makePrompts(2)));
			for (const id of newer().taskIds) newer().sandbox.settle(id, 'succeeded');
			expect(pluck((await (await suspended.resumed()).outcome()).json(), 'status')).toEqual(['succeeded', 'succeeded']);
			await untilTrue(() => newer().sandbox.tasks.every(({ callbacks }) => callbacks.length > 0));
			expect(newer().sandbox.tasks.map(({ callbacks }) => callbacks.map(({ status }) => status))).toEqual([[200], [200]]);
		});
	});
});
