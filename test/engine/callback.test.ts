/** Waiting without a worker: the execution parks with what it knows, and HiDream's callbacks end the wait. */
import { readFileSync } from 'node:fs';
import { DEFAULT_SETTINGS } from '../../sandbox';
import { bytesOf } from '../../harness/engine/binaries';
import { asFailure, onlyFailure } from './support/failures';
import { useBench } from './support/hidream';
import { byCallback, park, useWebhooks } from './support/parking';
import { all } from './support/tasks';
import { calm, until, WAITED_KEYS } from './support/waiting';

const webhooks = useWebhooks();
const bench = useBench({ taskSeconds: 1000, callbackRetryMs: 20 });

const taskOf = (prompt: string) => bench().sandbox.tasks.find((task) => task.prompt === prompt);
const settle = (prompt: string, end: 'succeeded' | 'failed' | 'rejected') =>
	bench().sandbox.settle(taskOf(prompt)?.taskId ?? prompt, end);
const delivered = () => bench().sandbox.tasks.map(({ callbacks }) => callbacks.map(({ status }) => status));

test('all items are submitted with the resume URL, and the execution parks until the wait runs out', async () => {
	const before = Date.now();
	const parked = await park(bench(), webhooks(), byCallback(calm(3), { maxWait: 30 }));
	expect(bench().taskIds).toHaveLength(3);
	for (const { notifyUrl } of bench().sandbox.tasks) {
		expect(notifyUrl).toContain(`${webhooks().url}/${parked.executionId}`);
		expect(new URL(notifyUrl ?? '').searchParams.get('signature')).toBe(parked.token);
	}
	expect(parked.waitTill.getTime()).toBeGreaterThanOrEqual(before + 30 * 60_000 - 1000);
	expect(parked.waitTill.getTime()).toBeLessThanOrEqual(Date.now() + 30 * 60_000 + 1000);
});

test.each(['stopWorkflow', 'continueErrorOutput'] as const)('when the wait runs out the task IDs come out, each paired with its input (%s)', async (onError) => {
	const parked = await park(bench(), webhooks(), byCallback(calm(3), {}, { onError }));
	const outcome = await parked.timeOut().outcome();
	expect(outcome.error).toBeUndefined();
	expect(all(outcome.json(), 'status')).toEqual(['timed_out', 'timed_out', 'timed_out']);
	expect(all(outcome.json(), 'task_id')).toEqual(calm(3).map((prompt) => taskOf(prompt)?.taskId));
	expect(outcome.items('Done')).toMatchObject([0, 1, 2].map((n) => ({ json: { from: { n } } })));
	for (const item of outcome.items()) {
		expect(Object.keys(item.json).sort()).toEqual(WAITED_KEYS);
		expect(Object.keys(item).filter((key) => !['json', 'pairedItem', 'index'].includes(key))).toEqual([]);
	}
});

test.each([1, 3, 50])('%i items: the last callback ends the wait, and every output belongs to its input', async (count) => {
	const parked = await park(bench(), webhooks(), byCallback(calm(count), { concurrency: 10 }));
	for (const prompt of calm(count - 1)) settle(prompt, 'succeeded');
	await until(() => webhooks().delivered.length === count - 1);
	expect(parked.waits).toBe(true);
	settle(`prompt ${count - 1}`, 'succeeded');
	const outcome = await (await parked.resumed()).outcome();
	expect(outcome.run.finished).toBe(true);
	expect(all(outcome.json(), 'task_id')).toEqual(calm(count).map((prompt) => taskOf(prompt)?.taskId));
	expect(new Set(all(outcome.json(), 'status'))).toEqual(new Set(['succeeded']));
	expect(outcome.items('Done')).toMatchObject(calm(count).map((prompt, n) => ({ json: { from: { n, prompt } } })));
	for (const { json } of outcome.items()) expect(Object.keys(json).sort()).toEqual(WAITED_KEYS);
	await until(() => delivered().every((statuses) => statuses.length > 0));
	expect(new Set(delivered().flat())).toEqual(new Set([200]));
	expect(bench().taskIds).toHaveLength(count);
	expect(webhooks().thrown).toEqual([]);
});

test('one fails and one is rejected: each says so', async () => {
	const parked = await park(bench(), webhooks(), byCallback(['a', 'b', 'c']));
	settle('b', 'failed');
	settle('c', 'rejected');
	settle('a', 'succeeded');
	const outcome = await (await parked.resumed()).outcome();
	expect(all(outcome.json(), 'status')).toEqual(['succeeded', 'failed', 'rejected']);
	expect(outcome.json()[1]).toMatchObject({ prompt: 'b', task_id: taskOf('b')?.taskId, request_id: taskOf('b')?.requestId });
});

test('three callbacks in the same instant: all are answered 200, and each video is downloaded once', async () => {
	const options = byCallback(calm(3));
	const parameters = { ...options.parameters, downloadVideo: true, outputBinaryPropertyName: '=film_{{ $json.n }}' };
	const parked = await park(bench(), webhooks(), { ...options, parameters });
	for (const prompt of calm(3)) settle(prompt, 'succeeded');
	const outcome = await (await parked.resumed()).outcome();
	await until(() => delivered().every((statuses) => statuses.length > 0));
	expect(delivered()).toEqual([[200], [200], [200]]);
	expect(bench().downloads).toHaveLength(3);
	const video = readFileSync(DEFAULT_SETTINGS.resultVideo);
	for (const [n, { binary = {} }] of outcome.items().entries()) {
		expect(Object.keys(binary)).toEqual([`film_${n}`]);
		expect((await bytesOf(binary[`film_${n}`])).equals(video)).toBe(true);
	}
	expect(webhooks().thrown).toEqual([]);
});

test('a task whose callback was lost before the park does not strand the run', async () => {
	bench().sandbox.faults.add({ on: 'submit', skip: 1, fault: { type: 'slow', delayMs: 300 } });
	const execution = await bench().start({ ...byCallback(['a', 'b'], { concurrency: 1 }), waitingUrl: webhooks().url });
	await until(() => bench().taskIds.length > 0);
	settle('a', 'succeeded');
	const parked = await webhooks().park(execution);
	settle('b', 'succeeded');
	const outcome = await (await parked.resumed()).outcome();
	expect(all(outcome.json(), 'status')).toEqual(['succeeded', 'succeeded']);
	expect(delivered()[0]).toContain(409);
});

describe.each(['callback', 'clock'] as const)('an item that was refused, in a wait that is ended by the %s', (end) => {
	test.each(['continueErrorOutput', 'continueRegularOutput'] as const)('%s: it comes out as the failure that it is, the others beside it', async (onError) => {
		const parked = await park(bench(), webhooks(), byCallback(['a', '[forbidden]', 'c'], {}, { onError }));
		if (end === 'callback') for (const id of bench().taskIds) bench().sandbox.settle(id, 'succeeded');
		const outcome = await (end === 'callback' ? await parked.resumed() : parked.timeOut()).outcome();
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

test('On Task Failure: Error, a rejected task goes to the error branch when the wait is over', async () => {
	const parked = await park(bench(), webhooks(), byCallback(['a', 'b'], { onTaskFailure: 'error' }, { onError: 'continueErrorOutput' }));
	settle('a', 'rejected');
	settle('b', 'succeeded');
	const outcome = await (await parked.resumed()).outcome();
	expect(outcome.json()).toMatchObject([{ task_id: taskOf('b')?.taskId, status: 'succeeded' }]);
	expect(onlyFailure(outcome).details).toMatchObject({ status: 'task_rejected', task_id: taskOf('a')?.taskId });
	expect(outcome.items('Failed')).toMatchObject([{ json: { from: { n: 0 } } }]);
});

describe('a service whose tasks end at once', () => {
	const quick = useBench({ taskSeconds: 0, callbackRetryMs: 20 });

	test('all have ended before the park: the results come out without one', async () => {
		const outcome = await quick().submit({ ...byCallback(['a', '[fail]', 'c']), waitingUrl: webhooks().url });
		expect(outcome.run.waitTill).toBeUndefined();
		expect(outcome.run.finished).toBe(true);
		expect(all(outcome.json(), 'status')).toEqual(['succeeded', 'failed', 'succeeded']);
		expect(outcome.items('Done')).toMatchObject([0, 1, 2].map((n) => ({ json: { from: { n } } })));
		for (const json of outcome.json()) expect(Object.keys(json).sort()).toEqual(WAITED_KEYS);
	});
});
