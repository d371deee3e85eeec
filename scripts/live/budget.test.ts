/** At most three tasks, whatever happens: a request that may have created one counts. */
import { BudgetSpent, MAX_TASKS, TaskBudget } from './budget';
import type { LiveReply } from './client';

const answer = (status: number, json?: unknown): LiveReply => ({ kind: 'answer', status, headers: {}, text: JSON.stringify(json) ?? '', json });
const accepted = (id: unknown): LiveReply => answer(200, { code: 0, result: { task_id: id } });

async function leftAfter(reply: LiveReply): Promise<number> {
	const budget = new TaskBudget();
	await budget.spend(async () => reply);
	return budget.left;
}

test.each([
	['a task', accepted('t1')],
	['a task whose ID is a number', accepted(7)],
	['code 0 without a task', answer(200, { code: 0 })],
	['a page', answer(200)],
	['JSON without a code', answer(200, {})],
	['a refusal that names a task', answer(200, { code: 2007, result: { task_id: 't1' } })],
	['HTTP 400 that names a task', answer(400, { code: 1, result: { task_id: 't1' } })],
	['HTTP 500', answer(500, { code: 2007 })],
	['HTTP 302', answer(302)],
	['HTTP 408', answer(408)],
	['HTTP 409', answer(409, { code: 1 })],
	['no answer', { kind: 'failed', reason: 'the connection broke' }],
] satisfies [string, LiveReply][])('%s counts', async (_name, reply) => {
	expect(await leftAfter(reply)).toBe(MAX_TASKS - 1);
});

test.each([
	['an error code', answer(200, { code: 2007, message: 'no credits' })],
	['an error code as text', answer(200, { code: 'insufficient_credits' })],
	['HTTP 401', answer(401)],
	['HTTP 413', answer(413)],
	['HTTP 429', answer(429, { code: 1401 })],
] satisfies [string, LiveReply][])('%s does not count', async (_name, reply) => {
	expect(await leftAfter(reply)).toBe(MAX_TASKS);
});

test('does not send the fourth submit', async () => {
	const budget = new TaskBudget();
	let sent = 0;
	const send = async () => accepted(`t${++sent}`);
	for (let n = 0; n < MAX_TASKS; n++) await budget.spend(send);
	await expect(budget.spend(send)).rejects.toThrow(BudgetSpent);
	expect([sent, budget.taskIds]).toEqual([3, ['t1', 't2', 't3']]);
});

test('does not send the fourth of concurrent submits, and counts one that throws', async () => {
	const budget = new TaskBudget();
	let sent = 0;
	const send = async (): Promise<LiveReply> => {
		sent += 1;
		throw new Error('cut off');
	};
	const ends = await Promise.allSettled(Array.from({ length: 6 }, async () => await budget.spend(send)));
	expect(sent).toBe(3);
	expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(6);
	expect(budget.left).toBe(0);
});

test('counts a repeated task ID once', async () => {
	const budget = new TaskBudget();
	await budget.spend(async () => accepted('t1'));
	await budget.spend(async () => accepted('t1'));
	expect([budget.left, budget.taskIds]).toEqual([2, ['t1']]);
});
