/** A request that went unanswered may have made a task: no later answer takes that doubt away but a task. */
import type { Verdict } from '../../../nodes/hidream/verdict';
import { SubmissionBench } from '../support/submissionBench';
import { accepted, badToken, busy, noConnection, problem, refused, uncertain } from '../support/verdicts';

const resubmit = { whenUncertain: 'resubmit', requestId: 'r' } as const;

/** As many refusals as anybody may ask for. */
const always = (refusal: () => Verdict): Verdict[] => Array.from({ length: 50 }, refusal);

test('by default an uncertain request is reported and not repeated', async () => {
	const bench = new SubmissionBench();
	const outcome = await bench.submit([uncertain()], { requestId: 'r' });
	expect(outcome).toEqual({ kind: 'uncertain', requestId: 'r', problem: problem('no answer') });
	expect(bench.clock.waits).toEqual([]);
});

test('a refusal that passes, then no answer: uncertain, not repeated', async () => {
	const bench = new SubmissionBench();
	const outcome = await bench.submit([busy(), uncertain()]);
	expect(outcome).toMatchObject({ kind: 'uncertain', problem: problem('no answer') });
	expect(bench.sent).toHaveLength(2);
});

test('sent again on request: two more times, five seconds apart, with the same request_id', async () => {
	const bench = new SubmissionBench();
	const outcome = await bench.submit([uncertain('one'), uncertain('two'), uncertain('three')], { ...resubmit, tasksPerMinute: 0 });
	expect(outcome).toEqual({ kind: 'uncertain', requestId: 'r', problem: problem('three') });
	expect(bench.sent.map(({ at, requestId }) => [at, requestId])).toEqual([[0, 'r'], [5_000, 'r'], [10_000, 'r']]);
});

test('sent again on request, then accepted', async () => {
	const bench = new SubmissionBench();
	const outcome = await bench.submit([uncertain(), accepted('task-2')], resubmit);
	expect(outcome).toMatchObject({ kind: 'accepted', taskId: 'task-2', fresh: true });
	expect(bench.entry).toMatchObject({ state: 'accepted', taskId: 'task-2' });
});

test.each([
	['a final refusal', () => refused('forbidden')],
	['busy', () => busy()],
	['no connection', noConnection],
	['a bad token', badToken],
	['no credits', () => refused('no credits', { stopsRun: true })],
])('no answer, then %s on every repetition: still uncertain', async (_, refusal) => {
	const bench = new SubmissionBench();
	const steps = [uncertain('the first'), ...always(refusal)];
	const outcome = await bench.submit(steps, { ...resubmit, renewToken: () => undefined });
	expect(outcome).toMatchObject({ kind: 'uncertain', requestId: 'r', problem: problem('the first') });
	expect(bench.entry).toEqual({ state: 'uncertain', requestId: 'r', problem: problem('the first') });
});

test('an uncertain entry of an earlier try stays uncertain when the repetition is refused', async () => {
	const bench = new SubmissionBench({ state: 'uncertain', requestId: 'r', problem: problem('earlier') });
	const outcome = await bench.submit(always(refused), resubmit);
	expect(outcome).toEqual({ kind: 'uncertain', requestId: 'r', problem: problem('earlier') });
	expect(bench.entry).toMatchObject({ state: 'uncertain', problem: problem('earlier') });
});

test('an interrupted try stays uncertain when the repetition is refused', async () => {
	const bench = new SubmissionBench({ state: 'sending', requestId: 'r' });
	const outcome = await bench.submit(always(refused), resubmit);
	expect(outcome).toMatchObject({ kind: 'uncertain', requestId: 'r' });
	expect(outcome).toHaveProperty('problem.what', expect.stringContaining('interrupted'));
	expect(bench.entry).toHaveProperty('state', 'uncertain');
});

test('a token that runs out between two requests is renewed in doubt as well', async () => {
	const bench = new SubmissionBench();
	const renewToken = jest.fn();
	const outcome = await bench.submit([uncertain(), badToken(), accepted()], { ...resubmit, renewToken });
	expect(outcome.kind).toBe('accepted');
	expect(renewToken).toHaveBeenCalledTimes(1);
});

test('in doubt, a crash before the answer leaves an entry that counts as uncertain', async () => {
	const bench = new SubmissionBench({ state: 'uncertain', requestId: 'r', problem: problem('earlier') });
	const look = () => {
		expect(bench.entry).toEqual({ state: 'sending', requestId: 'r' });
		return accepted();
	};
	await bench.submit([look], resubmit);
	expect(bench.sent).toHaveLength(1);
});

test.each([
	['on this try', undefined, [uncertain(), badToken(), badToken()]],
	['on an earlier try', { state: 'sending', requestId: 'r' } as const, [badToken(), badToken(), badToken()]],
])('in doubt (%s) a token is renewed once, too', async (_, entry, steps) => {
	const bench = new SubmissionBench(entry);
	const renewToken = jest.fn();
	await bench.submit(steps, { ...resubmit, renewToken });
	expect(renewToken).toHaveBeenCalledTimes(1);
});

test('a 429 to the repetition is retried as any other, for as long as the budget lasts', async () => {
	const bench = new SubmissionBench();
	const steps = [uncertain(), busy(20_000), busy(), busy(), busy(), accepted('task-2')];
	expect(await bench.submit(steps, { ...resubmit, tasksPerMinute: 0 })).toMatchObject({ kind: 'accepted', taskId: 'task-2' });
	expect(bench.sent.map(({ at }) => at)).toEqual([0, 5_000, 25_000, 29_000, 37_000, 53_000]);
});

test('no connection for the repetition is retried as any other', async () => {
	const bench = new SubmissionBench();
	const outcome = await bench.submit([uncertain(), ...always(noConnection).slice(0, 4)], { ...resubmit, tasksPerMinute: 0 });
	expect(outcome.kind).toBe('uncertain');
	expect(bench.sent.map(({ at }) => at)).toEqual([0, 5_000, 6_000, 8_000, 12_000]);
});

test('a final refusal of the repetition is not repeated', async () => {
	const bench = new SubmissionBench();
	await bench.submit([uncertain(), refused()], resubmit);
	expect(bench.sent).toHaveLength(2);
});

test('no credits for the repetition: the item is uncertain, and the run ends', async () => {
	const bench = new SubmissionBench();
	expect(await bench.submit([uncertain(), refused('no credits', { stopsRun: true })], resubmit)).toMatchObject({ kind: 'uncertain', stopsRun: true });
});

test.each([
	['cancelled', (bench: SubmissionBench) => bench.cancel.abort(), {}],
	['no longer wanted', (bench: SubmissionBench) => (bench.stop = AbortSignal.abort()), {}],
	['handed back for a limit', (bench: SubmissionBench) => bench.take(), { whenLimitReached: 'return', tasksPerMinute: 1 }],
	['invalid by now', () => undefined, { recheck: () => problem('expired') }],
] as const)('an unresolved request of an earlier try stays uncertain when its repetition is %s', async (_, before, more) => {
	const bench = new SubmissionBench({ state: 'uncertain', requestId: 'r', problem: problem('earlier') });
	before(bench);
	expect(await bench.submit([], { ...resubmit, ...more })).toEqual({ kind: 'uncertain', requestId: 'r', problem: problem('earlier') });
	expect(bench.sent).toEqual([]);
});

test('cancelled while a repetition waits for its place: uncertain', async () => {
	const bench = new SubmissionBench();
	const submitted = bench.start([uncertain()], { ...resubmit, tasksPerMinute: 1 });
	await bench.clock.advance(10_000);
	bench.cancel.abort();
	expect(await bench.clock.run(submitted)).toMatchObject({ kind: 'uncertain', problem: problem('no answer') });
	expect(bench.entry).toHaveProperty('state', 'uncertain');
});
