/** The user's "submit once" key: claimed before anything is sent, given back only when surely no task was made. */
import { SubmissionBench } from '../support/submissionBench';
import { accepted, badToken, busy, problem, refused, uncertain } from '../support/verdicts';

const failing = async () => {
	throw new Error('the database is gone');
};

test('the key is claimed before the request goes out, and recorded again once there is a task', async () => {
	const bench = new SubmissionBench();
	const outcome = await bench.submit([accepted()], bench.claims());
	expect(outcome.kind).toBe('accepted');
	expect(bench.events).toEqual(['claim', 'send', 'task task-1', 'claim']);
});

test('the key cannot be recorded again: the task comes out all the same', async () => {
	const bench = new SubmissionBench();
	const answers = [async () => true, failing];
	const claim = async () => await (answers.shift() ?? failing)();
	expect((await bench.submit([accepted()], { ...bench.claims(), claim })).kind).toBe('accepted');
	expect(answers).toEqual([]);
});

test('a key that was claimed before: nothing is sent, and nothing is given back', async () => {
	const bench = new SubmissionBench();
	expect(await bench.submit([], bench.claims({ free: false }))).toEqual({ kind: 'alreadySubmitted' });
	expect(bench.events).toEqual(['claim']);
	expect(bench.entry).toBeUndefined();
	expect(bench.roomIn({ tasksPerMinute: 1 })).toBe(0);
});

test('a claim that fails: nothing is sent, the reason is in the words, and the ledger stays empty', async () => {
	const bench = new SubmissionBench();
	const outcome = await bench.submit([], { ...bench.claims(), claim: failing, requestId: 'r' });
	expect(outcome).toMatchObject({ kind: 'refused', requestId: 'r' });
	expect(outcome).toHaveProperty('problem.what', expect.stringContaining('the database is gone'));
	expect(outcome).toHaveProperty('problem.what', expect.stringContaining('not sent'));
	expect(bench.events).toEqual([]);
	expect(bench.entry).toBeUndefined();
	expect(bench.roomIn({ tasksPerMinute: 1 })).toBe(0);
});

test('refused: the key is given back, after the ledger knows', async () => {
	const bench = new SubmissionBench();
	const states: unknown[] = [];
	const unclaim = async () => void states.push(bench.entry?.state);
	await bench.submit([refused()], { ...bench.claims(), unclaim });
	expect(states).toEqual(['refused']);
});

test('refused, and the key cannot be given back: the refusal comes out all the same', async () => {
	const bench = new SubmissionBench();
	const outcome = await bench.submit([refused('forbidden')], { ...bench.claims(), unclaim: failing });
	expect(outcome).toMatchObject({ kind: 'refused', problem: problem('forbidden') });
});

test('uncertain: the key stays claimed', async () => {
	const bench = new SubmissionBench();
	expect((await bench.submit([uncertain()], bench.claims())).kind).toBe('uncertain');
	expect(bench.events).toEqual(['claim', 'send']);
});

test('uncertain, then refused: the key stays claimed', async () => {
	const bench = new SubmissionBench();
	await bench.submit([uncertain(), refused(), refused()], { ...bench.claims(), whenUncertain: 'resubmit' });
	expect(bench.events).toEqual(['claim', 'send', 'send', 'send']);
});

test('refused for a while: while it waits to be offered again the key is free, so that a crash does not lose the video', async () => {
	const bench = new SubmissionBench();
	const steps = [busy(), badToken(), refused()];
	await bench.submit(steps, { ...bench.claims(), renewToken: () => undefined });
	const once = ['claim', 'send', 'unclaim'];
	expect(bench.events).toEqual([...once, ...once, ...once]);
});

test('refused for a while, and claimed by somebody else meanwhile: not sent again', async () => {
	const bench = new SubmissionBench();
	const answers = [true, false];
	const claim = async () => answers.shift() ?? false;
	expect(await bench.submit([busy()], { ...bench.claims(), claim })).toEqual({ kind: 'alreadySubmitted' });
	expect(bench.roomIn({ tasksPerMinute: 1 })).toBe(0);
});

test('refused on an earlier try: the key was given back, so it is claimed anew', async () => {
	const bench = new SubmissionBench({ state: 'refused', requestId: 'r' });
	await bench.submit([accepted()], bench.claims());
	expect(bench.events).toEqual(['claim', 'send', 'task task-1', 'claim']);
});

test('refused on an earlier try, and claimed by somebody else since: not sent', async () => {
	const bench = new SubmissionBench({ state: 'refused', requestId: 'r' });
	expect(await bench.submit([], bench.claims({ free: false }))).toEqual({ kind: 'alreadySubmitted' });
});

test('while it waits for its place no key is claimed: a crash must not lose a video that was never sent', async () => {
	const bench = new SubmissionBench();
	bench.take();
	const submitted = bench.start([], { ...bench.claims(), tasksPerMinute: 1 });
	await bench.clock.advance(10_000);
	bench.cancel.abort();
	expect(await bench.clock.run(submitted)).toEqual({ kind: 'cancelled' });
	expect(bench.events).toEqual([]);
});

test.each(['sending', 'uncertain'] as const)('cancelled while a repetition of a doubtful try (%s) waits: the key stays claimed', async (state) => {
	const bench = new SubmissionBench(
		state === 'sending' ? { state, requestId: 'r' } : { state, requestId: 'r', problem: problem('earlier') },
	);
	bench.take();
	const submitted = bench.start([], { ...bench.claims(), whenUncertain: 'resubmit', tasksPerMinute: 1 });
	await bench.clock.advance(1);
	bench.cancel.abort();
	expect(await bench.clock.run(submitted)).toHaveProperty('kind', 'uncertain');
	expect(bench.events).toEqual([]);
	expect(bench.entry).toHaveProperty('state', state);
});
