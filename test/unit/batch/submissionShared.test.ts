/** An AI agent may ask for the same video twice in one instant: one request, one task, one outcome for both. */
import { Ledger } from '../../../nodes/batch/ledger';
import { settledEarlier, submitItem } from '../../../nodes/batch/submitItem';
import type { Submission } from '../../../nodes/batch/submission';
import { isSettled } from '../support/simulatedClock';
import { SubmissionBench } from '../support/submissionBench';
import type { Step } from '../support/submissionBench';
import { accepted, busy, refused, uncertain } from '../support/verdicts';

/** Two submissions at once, the second of which has no answer of its own; and what it says before it is sent. */
async function both(bench: SubmissionBench, steps: Step[], more: Partial<Submission> = {}) {
	const first = submitItem(bench.submission(steps, more), bench.tools);
	const second = submitItem(bench.submission([], more), bench.tools);
	return await bench.clock.run(Promise.all([first, second]));
}

const slow = (bench: SubmissionBench): Step => async () => {
	await bench.clock.wait(20_000);
	return accepted('task-7');
};

test('one task for both', async () => {
	const bench = new SubmissionBench();
	const [first, second] = await both(bench, [slow(bench)]);
	expect(first).toMatchObject({ kind: 'accepted', taskId: 'task-7' });
	expect(second).toEqual(first);
	expect(bench.sent).toHaveLength(1);
	expect(bench.announced).toHaveLength(1);
});

test.each([
	['refused', refused()],
	['uncertain', uncertain()],
])('%s: one request, and both are told', async (kind, verdict) => {
	const bench = new SubmissionBench();
	const [first, second] = await both(bench, [verdict]);
	expect(first.kind).toBe(kind);
	expect(second).toEqual(first);
	expect(bench.sent).toHaveLength(1);
});

test.each([
	['while it waits for its place', [accepted()], 1],
	['while it waits for a refusal to pass', [busy(40_000), accepted()], 0],
	['while the upload goes on', [async () => await new Promise<never>(() => undefined)], 0],
] as const)('the second comes %s: what the ledger says of it is not taken for an earlier try', async (_, steps, othersTakeAPlace) => {
	const bench = new SubmissionBench();
	if (othersTakeAPlace) bench.take().release('accepted');
	const first = bench.start([...steps], { tasksPerMinute: 1 });
	await bench.clock.advance(10_000);
	expect(settledEarlier(bench.submission([]), bench.tools)).toBeUndefined();
	expect(await isSettled(bench.start([]))).toBe(false);
	expect(await isSettled(first)).toBe(false);
});

test('the key is claimed once, and given back once', async () => {
	const bench = new SubmissionBench();
	await both(bench, [refused()], bench.claims());
	expect(bench.events).toEqual(['claim', 'send', 'unclaim']);
});

test('a place that both give back is one place', async () => {
	const bench = Object.assign(new SubmissionBench(), { keepsParallel: true });
	bench.scheduler.adopt();
	const outcomes = await both(bench, [accepted()], { parallelTasks: 2 });
	for (const outcome of outcomes) if (outcome.kind === 'accepted') outcome.ended();
	expect([1, 2].map((parallelTasks) => bench.roomIn({ parallelTasks }))).toEqual([Infinity, 0]);
});

test('when it is over, the ledger speaks: a later one gets the same task, or is sent again', async () => {
	const [paid, free] = [new SubmissionBench(), new SubmissionBench()];
	await paid.submit([accepted('task-7')]);
	expect(await paid.submit([])).toMatchObject({ taskId: 'task-7', fresh: false });
	await free.submit([refused()]);
	expect(await free.submit([accepted('task-8')])).toMatchObject({ taskId: 'task-8', fresh: true });
});

test('a submission that breaks leaves nobody waiting for it', async () => {
	const bench = new SubmissionBench();
	const broken = async () => {
		throw new Error('broken');
	};
	const [first, second] = [bench.start([broken]), bench.start([])];
	expect(await first).toMatchObject({ kind: 'uncertain', problem: { what: expect.stringContaining('broken') } });
	expect(await second).toEqual(await first);
	expect(settledEarlier(bench.submission([]), bench.tools)).toHaveProperty('kind', 'uncertain');
	expect(bench.roomIn({ tasksPerMinute: 1 })).toBe(60_000);
});

test('another item, and the same item in another execution, is sent on its own', async () => {
	const [bench, other] = [new SubmissionBench(), new SubmissionBench()];
	const ledger = new Ledger({}, { runIndex: 0 });
	const started = [
		bench.start([accepted('task-1')], { tasksPerMinute: 0 }),
		submitItem(bench.submission([accepted('task-2')], { key: '0:1:print', tasksPerMinute: 0 }), bench.tools),
		submitItem(other.submission([accepted('task-3')], { tasksPerMinute: 0 }), { ...other.tools, ledger }),
	];
	expect(await Promise.all(started)).toMatchObject([{ taskId: 'task-1' }, { taskId: 'task-2' }, { taskId: 'task-3' }]);
});
