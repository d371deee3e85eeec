/** Asking about many tasks at once: what it costs, whose answer is whose, and what a useless batch answer changes. */
import { randomUUID } from 'node:crypto';
import type { Fault } from '../../sandbox';
import { asFailure, wordsOf } from './support/failures';
import { useBench, type SubmitOptions } from './support/hidream';
import { all, itemsOf, makeTask, makeTasks } from './support/tasks';

const bench = useBench({ taskSeconds: 100 });

const ask = async (taskIds: unknown[], more: SubmitOptions = {}) =>
	await bench().submit({ parameters: { operation: 'getResult' }, items: itemsOf(taskIds), ...more });

/** 249 tasks of which every third is done and every fifth failed, and what to expect of each. */
async function manyTasks(count = 249) {
	const ids = await makeTasks(bench().sandbox, count);
	const statuses = ids.map((id, n) => {
		const end = n % 3 === 0 ? 'succeeded' : n % 5 === 0 ? 'failed' : undefined;
		if (end) bench().sandbox.settle(id, end);
		return end ?? 'waiting';
	});
	return { ids, statuses };
}

test('250 tasks cost three questions; outputs come in the order of the inputs, each paired with its own', async () => {
	const { ids, statuses } = await manyTasks(250);
	const outcome = await ask(ids);
	expect(all(outcome.json(), 'task_id')).toEqual(ids);
	expect(all(outcome.json(), 'status')).toEqual(statuses);
	expect(outcome.items('Done').map(({ json }) => json['from'])).toEqual(itemsOf(ids).map(({ json }) => json));
	expect(bench().batches.map(({ status }) => status)).toEqual([200, 200, 200]);
	expect(bench().singles).toEqual([]);
});

describe.each(['omit', 'empty', 'refuse'] as const)('a service whose batch query does this about an unknown ID: %s', (unknownInBatch) => {
	const odd = useBench({ taskSeconds: 100, unknownInBatch });

	test('one bad ID among 250 spoils nothing, and is "not_found"', async () => {
		const good = await makeTasks(odd().sandbox, 249);
		good.forEach((id, n) => n % 2 === 0 && odd().sandbox.settle(id, 'succeeded'));
		const bad = randomUUID();
		const ids = [...good.slice(0, 120), bad, ...good.slice(120)];
		const outcome = await odd().submit({ parameters: { operation: 'getResult' }, items: itemsOf(ids) });
		expect(outcome.error).toBeUndefined();
		expect(all(outcome.json(), 'task_id')).toEqual(ids);
		const statusOf = (id: string) => (id === bad ? 'not_found' : good.indexOf(id) % 2 === 0 ? 'succeeded' : 'waiting');
		expect(all(outcome.json(), 'status')).toEqual(ids.map(statusOf));
		expect(odd().batches).toHaveLength(3);
		// Refused as a whole, a chunk must be asked about one by one; otherwise only the bad ID needs a second look.
		if (unknownInBatch === 'refuse') expect([...odd().singles].sort()).toEqual(ids.slice(100, 200).sort());
		else expect(odd().singles).toEqual([bad]);
	});
});

describe('a service whose batch answers do not name the tasks', () => {
	const nameless = useBench({ taskSeconds: 100, batchTaskIds: false });

	test('every task is asked about on its own, and nothing is guessed from the order', async () => {
		const ids = await makeTasks(nameless().sandbox, 3);
		nameless().sandbox.settle(ids[0] ?? '', 'succeeded');
		nameless().sandbox.settle(ids[1] ?? '', 'rejected');
		const outcome = await nameless().submit({ parameters: { operation: 'getResult' }, items: itemsOf(ids) });
		expect(all(outcome.json(), 'task_id')).toEqual(ids);
		expect(all(outcome.json(), 'status')).toEqual(['succeeded', 'rejected', 'waiting']);
		expect([...nameless().singles].sort()).toEqual([...ids].sort());
	});
});

test.each([
	['HTTP 404', { type: 'status', status: 404 }],
	['HTTP 405', { type: 'status', status: 405 }],
	['HTTP 400 with a code', { type: 'code', code: 1202, status: 400 }],
	['a page instead of JSON', { type: 'notJson' }],
	['half a JSON text', { type: 'truncated' }],
	['nothing', { type: 'empty' }],
	['HTTP 500', { type: 'status', status: 500 }],
	['HTTP 502 with a page', { type: 'status', status: 502, body: '<html></html>' }],
] satisfies [string, Fault][])('a batch query that always gives %s: the single query takes its place', async (_name, fault) => {
	bench().sandbox.faults.add({ on: 'batch', times: Infinity, fault });
	const { ids, statuses } = await manyTasks(7);
	const outcome = await ask(ids);
	expect(outcome.error).toBeUndefined();
	expect(all(outcome.json(), 'status')).toEqual(statuses);
	expect(new Set(bench().singles)).toEqual(new Set(ids));
});

test.each([
	['HTTP 500', { type: 'status', status: 500 }],
	['HTTP 401', { type: 'status', status: 401 }],
	['HTTP 403', { type: 'status', status: 403 }],
	['HTTP 502 with a page', { type: 'status', status: 502, body: '<html></html>' }],
	['half a response', { type: 'truncated', cut: 'connection' }],
	['a reset', { type: 'reset', when: 'before' }],
	['a page instead of JSON', { type: 'notJson' }],
] satisfies [string, Fault][])('a service that answers everything with %s: the items fail, and are not called unknown', async (_name, fault) => {
	const ids = await makeTasks(bench().sandbox, 3);
	bench().sandbox.faults.add({ on: 'any', times: Infinity, fault });
	const outcome = await ask(ids, { onError: 'continueErrorOutput' });
	expect(outcome.items()).toEqual([]);
	const failures = outcome.failures().map(asFailure);
	expect(failures.map(({ details }) => [details.status, details.task_id])).toEqual(ids.map((id) => ['query_failed', id]));
	for (const failed of failures) expect(wordsOf(failed)).toContain('Then run Get Result again. Do not submit the video again');
	expect(outcome.items('Failed').map(({ json }) => json['from'])).toEqual(itemsOf(ids).map(({ json }) => json));
	expect(outcome.everything).not.toContain(bench().sandbox.accessToken);
	expect(bench().batches.length + bench().singles.length).toBeLessThan(20);
});

test('the same trouble without "Continue" ends the run with words and the task ID', async () => {
	const id = await makeTask(bench().sandbox);
	bench().sandbox.faults.add({ on: 'any', times: Infinity, fault: { type: 'status', status: 500 } });
	const outcome = await ask([id]);
	expect(outcome.failure.message).toContain('[item 0]');
	expect(outcome.words).toMatch(/500/);
});

test('150 items with one ID: one question, and an answer for each', async () => {
	const id = await makeTask(bench().sandbox);
	bench().sandbox.settle(id, 'succeeded');
	const outcome = await ask(Array.from({ length: 150 }, () => id));
	expect(all(outcome.json(), 'status')).toEqual(Array.from({ length: 150 }, () => 'succeeded'));
	expect(bench().batches.length + bench().singles.length).toBe(1);
	expect(bench().batches[0]?.bodyBytes ?? 0).toBeLessThan(100);
});

test('a token that was refused is renewed within the run', async () => {
	const credential = bench().n8n.credentials.add(bench().keyAccount());
	const submitted = await bench().submit({ credential });
	bench().sandbox.expireTokens();
	const outcome = await ask(all(submitted.json(), 'task_id'), { credential });
	expect(outcome.json()).toMatchObject([{ task_id: bench().taskIds[0], status: 'waiting' }]);
	expect(bench().batches.map(({ status }) => status)).toEqual([401, 200]);
	expect(bench().singles).toEqual([]);
});

test('a wrong access token is refused in words, and shows nowhere', async () => {
	const outcome = await ask(['some-task'], { credential: bench().account({ accessToken: 'sk-wrong-one' }) });
	expect(outcome.words).toMatch(/credential/);
	expect(outcome.everything).not.toContain('sk-wrong-one');
});

test('as a tool of an agent it tells the state of the task', async () => {
	const id = await makeTask(bench().sandbox);
	bench().sandbox.settle(id, 'succeeded');
	const parameters = { operation: 'getResult', taskId: id };
	const outcome = await bench().submit({ parameters, toolCalls: [{}] });
	expect(outcome.items('Agent').map(({ json }) => json)).toMatchObject([{ task_id: id, status: 'succeeded' }]);
});
