/** Which refusals are repeated, how often, and with what pauses. */
import { isSettled } from '../support/simulatedClock';
import { reject } from '../support/reject';
import { SubmissionBench } from '../support/submissionBench';
import { accepted, badToken, busy, noConnection, problem, refused } from '../support/verdicts';

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);
const startsOf = (bench: SubmissionBench) => bench.sent.map(({ at }) => at);

test('a refusal that does not pass is final', async () => {
	const bench = new SubmissionBench();
	const outcome = await bench.submit([refused('forbidden prompt')], { requestId: 'r' });
	expect(outcome).toEqual({ kind: 'refused', requestId: 'r', problem: problem('forbidden prompt') });
	expect(bench.clock.waits).toEqual([]);
});

test('a refusal that stops the run says so', async () => {
	const outcome = await new SubmissionBench().submit([refused('no credits', { stopsRun: true })]);
	expect(outcome).toHaveProperty('stopsRun', true);
});

test('busy, then accepted: the pauses double up to half a minute', async () => {
	const bench = new SubmissionBench();
	const outcome = await bench.submit([...times(6, busy), accepted()]);
	expect(outcome).toMatchObject({ kind: 'accepted', taskId: 'task-1', fresh: true });
	expect(startsOf(bench)).toEqual([0, 2_000, 6_000, 14_000, 30_000, 60_000, 90_000]);
});

test('every repetition carries the same request_id', async () => {
	const bench = new SubmissionBench();
	await bench.submit([busy(), noConnection(), accepted()]);
	expect(new Set(bench.sent.map(({ requestId }) => requestId)).size).toBe(1);
});

test('busy for longer than the budget: the last refusal comes out', async () => {
	const bench = new SubmissionBench();
	const outcome = await bench.submit(times(4, busy), { budgetMs: 14_000 });
	expect(outcome).toMatchObject({ kind: 'refused', problem: { what: 'busy', advice: expect.stringContaining('again in 16 seconds') } });
	expect(startsOf(bench)).toEqual([0, 2_000, 6_000, 14_000]);
});

test('no budget: the first refusal is final', async () => {
	const bench = new SubmissionBench();
	await bench.submit([busy()], { budgetMs: 0 });
	expect(bench.sent).toHaveLength(1);
});

test('no budget: the first refusal is final, even if the service says that no wait is needed', async () => {
	const bench = new SubmissionBench();
	const outcome = await bench.submit([busy(0)], { budgetMs: 0 });
	expect(outcome.kind).toBe('refused');
	expect(bench.sent).toHaveLength(1);
});

test('busy is repeated for as long as the budget lasts, however often', async () => {
	const bench = new SubmissionBench();
	const outcome = await bench.submit([...times(110, busy), accepted()], { budgetMs: 3_600_000 });
	expect(outcome.kind).toBe('accepted');
	expect(bench.clock.now()).toBeLessThanOrEqual(3_600_000);
});

test('the budget counts from the first refusal of the account, also if that was somebody else\'s', async () => {
	const bench = new SubmissionBench();
	reject(bench.take(), { maxRetryMs: 60_000 });
	const outcome = await bench.submit([busy()], { budgetMs: 5_999 });
	expect(outcome).toMatchObject({ kind: 'refused', problem: { what: 'busy' } });
	expect(startsOf(bench)).toEqual([2_000]);
});

test('… and anew after an acceptance', async () => {
	const bench = new SubmissionBench();
	reject(bench.take(), { maxRetryMs: 60_000 });
	await bench.clock.advance(2_000);
	bench.take().release('accepted');
	expect(await bench.submit([busy(), accepted()], { budgetMs: 5_999 })).toHaveProperty('kind', 'accepted');
});

test('who is refused for now is offered again before those who came later', async () => {
	const bench = new SubmissionBench();
	const submitted = bench.start([busy(), accepted()], { tasksPerMinute: 1 });
	const later = bench.scheduler.acquire({ tasksPerMinute: 1 });
	await bench.clock.run(submitted);
	expect(startsOf(bench)).toEqual([0, 2_000]);
	expect(await isSettled(later)).toBe(false);
});

test('the run is told of each wait, and of none that is not begun', async () => {
	const bench = new SubmissionBench();
	await bench.submit([busy(), busy(9_000), noConnection(), busy()], { budgetMs: 14_000 });
	expect(bench.heldBack).toEqual([2_000, 9_000]);
});

test('the wait that the service names is kept', async () => {
	const bench = new SubmissionBench();
	await bench.submit([busy(45_000), accepted()]);
	expect(startsOf(bench)).toEqual([0, 45_000]);
});

test('a wait that the service names beyond the budget is not begun', async () => {
	const bench = new SubmissionBench();
	const outcome = await bench.submit([busy(120_001)]);
	expect(outcome.kind).toBe('refused');
	expect(bench.clock.now()).toBe(0);
});

test('no connection: three repetitions, 1, 2 and 4 seconds apart', async () => {
	const bench = new SubmissionBench();
	const outcome = await bench.submit(times(4, noConnection));
	expect(outcome).toMatchObject({ kind: 'refused', problem: problem('no connection') });
	expect(startsOf(bench)).toEqual([0, 1_000, 3_000, 7_000]);
});

test.each([
	[6_999, [0, 1_000, 3_000]],
	[3_000, [0, 1_000, 3_000]],
	[2_999, [0, 1_000]],
	[1_000, [0, 1_000]],
	[0, [0]],
])('no connection: with a budget of %i ms not beyond it', async (budgetMs, starts) => {
	const bench = new SubmissionBench();
	const outcome = await bench.submit(starts.map(noConnection), { budgetMs });
	expect(outcome.kind).toBe('refused');
	expect(startsOf(bench)).toEqual(starts);
});

test('no connection holds nobody else back', async () => {
	const bench = new SubmissionBench();
	const submitted = bench.start([noConnection(), accepted()]);
	await bench.clock.advance(1);
	expect(bench.roomIn({ tasksPerMinute: 1 })).toBe(0);
	await bench.clock.run(submitted);
});

test('a bad token is renewed once, at once, and only once', async () => {
	const bench = new SubmissionBench();
	const renewToken = jest.fn(() => void bench.events.push('renew'));
	const outcome = await bench.submit([badToken(), badToken()], { renewToken });
	expect(outcome).toMatchObject({ kind: 'refused', problem: problem('bad token') });
	expect(bench.events).toEqual(['send', 'renew', 'send']);
	expect(startsOf(bench)).toEqual([0, 0]);
});

test('a bad token is renewed even without a budget', async () => {
	const bench = new SubmissionBench();
	const renewToken = jest.fn();
	const outcome = await bench.submit([badToken(), accepted()], { renewToken, budgetMs: 0 });
	expect(outcome.kind).toBe('accepted');
	expect(renewToken).toHaveBeenCalledTimes(1);
});

test('a bad token that cannot be renewed is final', async () => {
	const bench = new SubmissionBench();
	const outcome = await bench.submit([badToken()]);
	expect(outcome).toMatchObject({ kind: 'refused', problem: problem('bad token') });
});

test('each reason to repeat has its own count', async () => {
	const bench = new SubmissionBench();
	const renewToken = jest.fn();
	const steps = [busy(), noConnection(), badToken(), busy(), noConnection(), accepted()];
	const outcome = await bench.submit(steps, { renewToken, budgetMs: 9_000 });
	expect(outcome.kind).toBe('accepted');
	expect(startsOf(bench)).toEqual([0, 2_000, 3_000, 3_000, 7_000, 9_000]);
});
