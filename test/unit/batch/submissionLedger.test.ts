/** What the ledger settles: nothing is paid for twice, on whatever try. */
import type { Entry } from '../../../nodes/batch/ledger';
import { settledEarlier } from '../../../nodes/batch/submitItem';
import { SubmissionBench } from '../support/submissionBench';
import { accepted, busy, noConnection, problem, refused, uncertain } from '../support/verdicts';

const unwanted = {
	claim: async () => {
		throw new Error('The key was claimed again');
	},
	unclaim: async () => {
		throw new Error('The key was given back');
	},
};

const ACCEPTED: Entry = { state: 'accepted', requestId: 'req-1', taskId: 'task-1', subTaskIds: ['a', 'b'], look: { style: 'anime', prompt: '' } };
const SENDING: Entry = { state: 'sending', requestId: 'req-1' };
const UNCERTAIN: Entry = { state: 'uncertain', requestId: 'req-1', problem: problem('silence') };
const REFUSED: Entry = { state: 'refused', requestId: 'req-1' };

test.each(['report', 'resubmit'] as const)('accepted before: its task comes out without a request (%s)', async (whenUncertain) => {
	const bench = new SubmissionBench(ACCEPTED);
	const outcome = await bench.submit([], { whenUncertain, ...unwanted });
	expect(outcome).toMatchObject({ kind: 'accepted', requestId: 'req-1', taskId: 'task-1', subTaskIds: ['a', 'b'], fresh: false });
	expect(bench.entry).toEqual(ACCEPTED);
});

test('accepted before: no place of the minute is taken', async () => {
	const bench = new SubmissionBench(ACCEPTED);
	await bench.submit([]);
	expect(bench.roomIn({ tasksPerMinute: 1 })).toBe(0);
	expect(bench.clock.waits).toEqual([]);
});

test('accepted on this try: the next try gets the same task without a request', async () => {
	const bench = new SubmissionBench();
	const first = await bench.submit([accepted('task-7')]);
	const task = { kind: 'accepted', requestId: bench.sent[0]?.requestId, taskId: 'task-7', subTaskIds: ['task-7-sub'] };
	expect(first).toMatchObject({ ...task, fresh: true });
	expect(await bench.submit([])).toMatchObject({ ...task, fresh: false });
});

test('interrupted while sending: uncertain, never sent again', async () => {
	const bench = new SubmissionBench(SENDING);
	const outcome = await bench.submit([], unwanted);
	expect(outcome).toMatchObject({ kind: 'uncertain', requestId: 'req-1' });
	expect(outcome).toHaveProperty('problem.what', expect.stringContaining('interrupted'));
	expect(outcome).toHaveProperty('problem.advice', expect.stringContaining('account'));
	expect(bench.entry).toEqual(SENDING);
});

test('uncertain before: reported with its own problem, never sent again', async () => {
	const bench = new SubmissionBench(UNCERTAIN);
	const outcome = await bench.submit([], unwanted);
	expect(outcome).toEqual({ kind: 'uncertain', requestId: 'req-1', problem: problem('silence') });
	expect(bench.entry).toEqual(UNCERTAIN);
});

test.each([
	['sending', SENDING],
	['uncertain', UNCERTAIN],
])('%s before, and the user wants it sent again: the same request_id, and no second claim', async (_, entry) => {
	const bench = new SubmissionBench(entry);
	const outcome = await bench.submit([accepted()], { whenUncertain: 'resubmit', requestId: 'another', ...unwanted });
	expect(outcome).toMatchObject({ kind: 'accepted', requestId: 'req-1', fresh: true });
	expect(bench.sent.map(({ requestId }) => requestId)).toEqual(['req-1']);
});

test('refused before: sent again with the same request_id', async () => {
	const bench = new SubmissionBench(REFUSED);
	const outcome = await bench.submit([accepted()], { requestId: 'another' });
	expect(outcome).toMatchObject({ kind: 'accepted', requestId: 'req-1' });
	expect(bench.sent.map(({ requestId }) => requestId)).toEqual(['req-1']);
});

test('the request_id is the one that the user gave', async () => {
	const bench = new SubmissionBench();
	const outcome = await bench.submit([accepted()], { requestId: 'mine' });
	expect(outcome).toHaveProperty('requestId', 'mine');
	expect(bench.sent[0]?.requestId).toBe('mine');
});

test('without one it is a UUID, another for each item, and the one in the ledger', async () => {
	const [one, two] = [new SubmissionBench(), new SubmissionBench()];
	await one.submit([accepted()]);
	await two.submit([accepted()]);
	const [first, second] = [one.sent[0]?.requestId, two.sent[0]?.requestId];
	expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
	expect(second).not.toBe(first);
	expect(one.entry).toHaveProperty('requestId', first);
});

test('the ledger says "sending" before each request goes out', async () => {
	const bench = new SubmissionBench();
	await bench.submit([refused('for now', { passing: 'busy' }), accepted()], { requestId: 'mine' });
	expect(bench.sent.map(({ entry }) => entry)).toEqual([
		{ state: 'sending', requestId: 'mine' },
		{ state: 'sending', requestId: 'mine' },
	]);
});

test.each([
	['accepted', accepted(), { state: 'accepted', requestId: 'r', taskId: 'task-1', subTaskIds: ['task-1-sub'], look: { style: 'anime', prompt: '' } }],
	['refused', refused(), { state: 'refused', requestId: 'r' }],
	['uncertain', uncertain(), { state: 'uncertain', requestId: 'r', problem: problem('no answer') }],
])('the ledger keeps an outcome: %s', async (_, verdict, entry) => {
	const bench = new SubmissionBench();
	await bench.submit([verdict], { requestId: 'r' });
	expect(bench.entry).toEqual(entry);
});

test('each request is announced just before it goes out, when the ledger knows of it', async () => {
	const bench = new SubmissionBench();
	await bench.submit([busy(), noConnection(), accepted()], { requestId: 'mine' });
	const expected = [0, 1, 2].map((sentBefore) => ({ requestId: 'mine', state: 'sending', sentBefore }));
	expect(bench.announced).toEqual(expected);
});

test.each([ACCEPTED, SENDING, UNCERTAIN])('nothing is announced for an item that is settled: $state', async (entry) => {
	const bench = new SubmissionBench(entry);
	await bench.submit([]);
	expect(bench.announced).toEqual([]);
});

describe('what an earlier try settled', () => {
	const ask = (entry: Entry | undefined, whenUncertain: 'report' | 'resubmit') => {
		const bench = new SubmissionBench(entry);
		return settledEarlier(bench.submission([], { whenUncertain }), bench.tools);
	};

	test.each(['report', 'resubmit'] as const)('an accepted task is told without a request (%s)', (whenUncertain) => {
		expect(ask(ACCEPTED, whenUncertain)).toMatchObject({ kind: 'accepted', taskId: 'task-1', fresh: false });
	});

	test('doubt is told without a request, unless it is to be sent again', () => {
		expect(ask(UNCERTAIN, 'report')).toEqual({ kind: 'uncertain', requestId: 'req-1', problem: problem('silence') });
		expect(ask(SENDING, 'report')).toMatchObject({ kind: 'uncertain', requestId: 'req-1' });
		expect([UNCERTAIN, SENDING].map((entry) => ask(entry, 'resubmit'))).toEqual([undefined, undefined]);
	});

	test('what was refused, or never sent, is to be submitted', () => {
		expect([REFUSED, undefined].map((entry) => ask(entry, 'report'))).toEqual([undefined, undefined]);
	});
});
