/** A callback is not signed: it is never believed, the API is asked, and what is not confirmed is called for again. */
import { randomUUID } from 'node:crypto';
import type { Fault } from '../../sandbox';
import { useBench } from './support/hidream';
import { byCallback, call, park, useWebhooks } from './support/parking';
import { all } from './support/tasks';
import { calm, until } from './support/waiting';

const webhooks = useWebhooks();
const bench = useBench({ taskSeconds: 1000, callbackRetryMs: 20 });

const first = () => bench().taskIds[0] ?? 'no task';
const statuses = () => bench().sandbox.tasks[0]?.callbacks.map(({ status }) => status);

/** Results as HiDream would send them, made up. */
const made = [{ sub_task_id: randomUUID(), task_status: 1, task_completion: 1, video: 'https://evil.example.com/x.mp4' }];

const FORGED: [string, () => object][] = [
	['for a task of this run', () => ({ main_task_id: first(), sub_task_results: made })],
	['in the other form', () => ({ code: 0, result: { task_id: first(), sub_task_results: made } })],
	['for a task of somebody else', () => ({ main_task_id: randomUUID(), sub_task_results: made })],
	['with an ID that is none', () => ({ main_task_id: { $ne: null }, sub_task_results: 'x' })],
	['that is empty', () => ({})],
	['that is a list', () => [made]],
];

test.each(FORGED)('a forged callback %s leaves the execution parked', async (_name, body) => {
	const parked = await park(bench(), webhooks(), byCallback(calm(2)));
	await call(bench(), body());
	await call(bench(), body());
	expect(webhooks().delivered).toHaveLength(2);
	expect(webhooks().thrown).toEqual([]);
	expect(parked.waits).toBe(true);
	bench().sandbox.settle(first(), 'rejected');
	bench().sandbox.settle(bench().taskIds[1] ?? '', 'succeeded');
	const outcome = await (await parked.resumed()).outcome();
	expect(new Set(all(outcome.json(), 'status'))).toEqual(new Set(['rejected', 'succeeded']));
	expect(outcome.everything).not.toContain('evil.example.com');
});

test('the end of a task that the API does not confirm is answered 503', async () => {
	const parked = await park(bench(), webhooks(), byCallback(['a']));
	expect(await call(bench(), { main_task_id: first(), sub_task_results: made })).toBe(503);
	expect(parked.waits).toBe(true);
});

test('a true callback while others go on is answered 200', async () => {
	const parked = await park(bench(), webhooks(), byCallback(calm(2)));
	bench().sandbox.settle(first(), 'succeeded');
	await until(() => statuses()?.length === 1);
	expect(statuses()).toEqual([200]);
	expect(parked.waits).toBe(true);
});

test('confirmed a little late: HiDream calls again, and the wait ends', async () => {
	const parked = await park(bench(), webhooks(), byCallback(['a']));
	const result = [{ task_id: first(), sub_task_results: [{ sub_task_id: 's', task_status: 2, task_completion: 0.9, video: '' }] }];
	bench().sandbox.faults.add({ on: 'batch', fault: { type: 'status', status: 200, body: { code: 0, message: '', result } } });
	bench().sandbox.settle(first(), 'succeeded');
	expect((await (await parked.resumed()).outcome()).json()).toMatchObject([{ task_id: first(), status: 'succeeded' }]);
	await until(() => statuses()?.length === 2);
	expect(statuses()).toEqual([503, 200]);
});

test.each([
	['HTTP 500', { type: 'status', status: 500 }],
	['a reset', { type: 'reset', when: 'before' }],
	['a page instead of JSON', { type: 'notJson' }],
] satisfies [string, Fault][])('the API answers with %s: 503, and the next callback makes up for it', async (_name, fault) => {
	const parked = await park(bench(), webhooks(), byCallback(['a']));
	bench().sandbox.faults.add({ on: 'batch', times: 1, fault });
	bench().sandbox.faults.add({ on: 'result', times: 1, fault });
	bench().sandbox.settle(first(), 'succeeded');
	expect((await (await parked.resumed()).outcome()).json()).toMatchObject([{ status: 'succeeded' }]);
	await until(() => statuses()?.at(-1) === 200);
	expect(statuses()?.[0]).toBe(503);
	expect(webhooks().thrown).toEqual([]);
});

test('the API keeps silent: 503 before HiDream gives up on the callback', async () => {
	const parked = await park(bench(), webhooks(), byCallback(['a']));
	bench().sandbox.faults.add({ on: 'batch', fault: { type: 'silence' } });
	bench().sandbox.settle(first(), 'succeeded');
	await parked.resumed();
	await until(() => statuses()?.at(-1) === 200);
	expect(statuses()).toEqual([503, 200]);
}, 20_000);

test('a token that has run out while the execution was parked is renewed', async () => {
	const credential = bench().n8n.credentials.add(bench().keyAccount());
	const parked = await park(bench(), webhooks(), byCallback(['a'], {}, { credential }));
	bench().sandbox.expireTokens();
	bench().sandbox.settle(first(), 'succeeded');
	expect((await (await parked.resumed()).outcome()).json()).toMatchObject([{ status: 'succeeded' }]);
	expect(statuses()).not.toContain(503);
});

test('a repeated callback after the end changes nothing', async () => {
	const parked = await park(bench(), webhooks(), byCallback(['a']));
	bench().sandbox.settle(first(), 'succeeded');
	await parked.resumed();
	const asked = bench().batches.length + bench().singles.length;
	expect(await call(bench(), { main_task_id: first(), sub_task_results: made })).toBe(409);
	expect(bench().batches.length + bench().singles.length).toBe(asked);
});

describe('callbacks in the newer form', () => {
	const newer = useBench({ taskSeconds: 1000, callbackRetryMs: 20, callbacks: 'v3' });

	test('end the wait as well', async () => {
		const parked = await park(newer(), webhooks(), byCallback(calm(2)));
		for (const id of newer().taskIds) newer().sandbox.settle(id, 'succeeded');
		expect(all((await (await parked.resumed()).outcome()).json(), 'status')).toEqual(['succeeded', 'succeeded']);
		await until(() => newer().sandbox.tasks.every(({ callbacks }) => callbacks.length > 0));
		expect(newer().sandbox.tasks.map(({ callbacks }) => callbacks.map(({ status }) => status))).toEqual([[200], [200]]);
	});
});
