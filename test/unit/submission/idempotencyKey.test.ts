/** The idempotency key: claimed before anything is sent, released only if no task exists. */
import type { KeyClaim } from '../../../nodes/submission/submission';
import { isSettled } from '../support/simulatedClock';
import { SubmissionTest } from '../support/submissionTest';
import { accepted, badToken, busy, reasonOf, refused, uncertain } from '../support/verdicts';

const failing = async () => {
	throw new Error('the database is gone');
};

test('claims the key before the request, and records it again once there is a task', async () => {
	const item = new SubmissionTest();
	const outcome = await item.submit([accepted()], item.withKey());
	expect(outcome.kind).toBe('accepted');
	expect(item.events).toEqual(['claim', 'send', 'task task-1', 'confirm']);
});

test('returns the task if the key cannot be confirmed', async () => {
	const item = new SubmissionTest();
	expect((await item.submit([accepted()], item.withKey('claimed', { confirm: failing }))).kind).toBe('accepted');
});

test('a key that was claimed before: nothing is sent, and nothing is released', async () => {
	const item = new SubmissionTest();
	expect(await item.submit([], { ...item.withKey('submitted'), requestId: 'r' })).toEqual({ kind: 'alreadySubmitted', requestId: 'r' });
	expect(item.events).toEqual(['claim']);
	expect(item.entry).toBeUndefined();
	expect(item.waitMs({ tasksPerMinute: 1 })).toBe(0);
});

describe('a key whose earlier request is unresolved', () => {
	test('is uncertain with the request ID, and nothing is sent', async () => {
		const item = new SubmissionTest();
		expect(await item.submit([], { ...item.withKey('unresolved'), requestId: 'r' })).toEqual({ kind: 'uncertain', requestId: 'r', reason: { code: 'keyUnresolved' } });
		expect(item.events).toEqual(['claim']);
		expect(item.waitMs({ tasksPerMinute: 1 })).toBe(0);
	});

	test('is sent again where the user wants that, and confirmed', async () => {
		const item = new SubmissionTest();
		const outcome = await item.submit([accepted()], { ...item.withKey('unresolved'), onUnclearResponse: 'resubmit' });
		expect(outcome).toMatchObject({ kind: 'accepted' });
		expect(item.events).toEqual(['claim', 'send', 'task task-1', 'confirm']);
	});

	test.each([
		['refused', [refused()]],
		['busy, then refused', [busy(), refused()]],
	])('stays uncertain and keeps its key when it is sent again and %s', async (_, steps) => {
		const item = new SubmissionTest();
		const outcome = await item.submit(steps, { ...item.withKey('unresolved'), onUnclearResponse: 'resubmit' });
		expect(outcome).toMatchObject({ kind: 'uncertain', reason: { code: 'keyUnresolved' } });
		expect(item.events).toEqual(['claim', ...steps.flatMap(() => ['send', 'keep'])]);
	});
});

test('a claim that fails: nothing is sent, the reason is in the words, and the ledger stays empty', async () => {
	const item = new SubmissionTest();
	const outcome = await item.submit([], { ...item.withKey('claimed', { claim: failing }), requestId: 'r' });
	expect(outcome).toMatchObject({ kind: 'refused', requestId: 'r' });
	expect(outcome).toHaveProperty('reason', { code: 'keyNotRecorded', detail: expect.stringContaining('the database is gone') as string });
	expect(item.events).toEqual([]);
	expect(item.entry).toBeUndefined();
	expect(item.waitMs({ tasksPerMinute: 1 })).toBe(0);
});

test('refused: releases the key after the ledger was written', async () => {
	const item = new SubmissionTest();
	const states: unknown[] = [];
	const releaseKey = async () => void states.push(item.entry?.state);
	await item.submit([refused()], item.withKey('claimed', { release: releaseKey }));
	expect(states).toEqual(['refused']);
});

test('refused, and the key cannot be released: reports the refusal', async () => {
	const item = new SubmissionTest();
	const outcome = await item.submit([refused('forbidden')], item.withKey('claimed', { release: failing }));
	expect(outcome).toMatchObject({ kind: 'refused', reason: reasonOf('forbidden') });
});

test('uncertain: the key stays claimed', async () => {
	const item = new SubmissionTest();
	expect((await item.submit([uncertain()], item.withKey())).kind).toBe('uncertain');
	expect(item.events).toEqual(['claim', 'send', 'keep']);
});

test('uncertain, then refused: the key stays claimed', async () => {
	const item = new SubmissionTest();
	await item.submit([uncertain(), refused()], { ...item.withKey(), onUnclearResponse: 'resubmit' });
	expect(item.events).toEqual(['claim', 'send', 'keep', 'send', 'keep']);
});

test('temporarily refused: the key is free during the backoff, so that a crash does not lose the video', async () => {
	const item = new SubmissionTest();
	const steps = [busy(), badToken(), refused()];
	await item.submit(steps, { ...item.withKey(), renewToken: () => undefined });
	const once = ['claim', 'send', 'release'];
	expect(item.events).toEqual([...once, ...once, ...once]);
});

test('temporarily refused, and then claimed by another execution: not sent again', async () => {
	const item = new SubmissionTest();
	const answers: KeyClaim[] = ['claimed'];
	const claim = async () => await Promise.resolve(answers.shift() ?? 'submitted');
	expect(await item.submit([busy()], item.withKey('claimed', { claim }))).toMatchObject({ kind: 'alreadySubmitted' });
	expect(item.waitMs({ tasksPerMinute: 1 })).toBe(0);
});

test('refused in an earlier attempt: claims the released key again', async () => {
	const item = new SubmissionTest({ state: 'refused', requestId: 'r' });
	await item.submit([accepted()], item.withKey());
	expect(item.events).toEqual(['claim', 'send', 'task task-1', 'confirm']);
});

test('refused in an earlier attempt, and then claimed by another execution: not sent', async () => {
	const item = new SubmissionTest({ state: 'refused', requestId: 'r' });
	expect(await item.submit([], item.withKey('submitted'))).toMatchObject({ kind: 'alreadySubmitted' });
});

test('claims no key while the item waits for its slot: a crash must not lose an unsent video', async () => {
	const item = new SubmissionTest();
	item.acquireNow();
	const submitted = item.start([], { ...item.withKey(), tasksPerMinute: 1 });
	await item.clock.advance(10_000);
	item.cancel.abort();
	expect(await item.clock.run(submitted)).toEqual({ kind: 'cancelled' });
	expect(item.events).toEqual([]);
});

test.each(['sending', 'uncertain'] as const)('cancelled while an unresolved request (%s) waits to be repeated: the key stays claimed', async (state) => {
	const item = new SubmissionTest(
		state === 'sending' ? { state, requestId: 'r' } : { state, requestId: 'r', reason: reasonOf('earlier') },
	);
	item.acquireNow();
	const submitted = item.start([], { ...item.withKey(), onUnclearResponse: 'resubmit', tasksPerMinute: 1 });
	await item.clock.advance(1);
	item.cancel.abort();
	expect(await item.clock.run(submitted)).toHaveProperty('kind', 'uncertain');
	expect(item.events).toEqual([]);
	expect(item.entry).toHaveProperty('state', state);
});

describe('another item has the key', () => {
	/** A key that is free when the test says so; ends the wait with the signal, as the node does. */
	const taken = (item: SubmissionTest) => {
		let free = (): void => undefined;
		const begin = async (wait: boolean, signal?: AbortSignal) =>
			await new Promise<boolean>((resolve) => {
				free = () => resolve(true);
				signal?.addEventListener('abort', free);
				if (!wait) resolve(false);
			});
		const end = () => void item.events.push('end');
		return { ...item.withKey('claimed', { begin, end }), free: () => free() };
	};

	test('is returned unsent if it is not to wait for a limit', async () => {
		const item = new SubmissionTest();
		const { idempotencyKey } = taken(item);
		expect(await item.submit([], { idempotencyKey, whenLimitReached: 'return' })).toEqual({ kind: 'notSubmitted', retryAfterMs: 30_000 });
		expect([item.events, item.waitMs({ parallelTasks: 1 })]).toEqual([['end'], 0]);
	});

	test('waits for the key without a permit, since the other item may need one', async () => {
		const item = Object.assign(new SubmissionTest(), { keepsParallel: true });
		const { idempotencyKey, free } = taken(item);
		const submitted = item.start([accepted()], { idempotencyKey, parallelTasks: 1 });
		await item.clock.advance(3_600_000);
		expect([item.events, item.waitMs({ parallelTasks: 1 })]).toEqual([[], 0]);
		free();
		expect(await item.clock.run(submitted)).toHaveProperty('kind', 'accepted');
		expect(item.events).toEqual(['claim', 'send', 'task task-1', 'confirm', 'end']);
	});

	test.each(['cancelled', 'ended'])('sends nothing if the run is %s meanwhile, and no longer waits', async (how) => {
		const item = new SubmissionTest();
		const stop = new AbortController();
		item.stop = how === 'ended' ? stop.signal : undefined;
		const submitted = item.start([], { idempotencyKey: taken(item).idempotencyKey });
		expect(await isSettled(submitted)).toBe(false);
		(how === 'ended' ? stop : item.cancel).abort();
		expect(await submitted).toEqual({ kind: 'cancelled' });
		expect(item.events).toEqual(['end']);
	});
});

describe('a database that does not respond', () => {
	const never = async () => await new Promise<KeyClaim>(() => undefined);

	test('during a claim: a cancel ends the item and frees its permit', async () => {
		const item = new SubmissionTest();
		const submitted = item.start([], { ...item.withKey('claimed', { claim: never }), tasksPerMinute: 1 });
		await item.clock.advance(1_000);
		item.cancel.abort();
		expect(await submitted).toEqual({ kind: 'cancelled' });
		expect(item.waitMs({ tasksPerMinute: 1 })).toBe(0);
	});

	test('during a claim: after 30 s the item is refused and its permit is free', async () => {
		const item = new SubmissionTest();
		const outcome = await item.submit([], { ...item.withKey('claimed', { claim: never }), tasksPerMinute: 1 });
		expect(outcome).toMatchObject({ kind: 'refused', reason: { code: 'keyTimeout', timeoutMs: 30_000 } });
		expect([item.clock.now(), item.waitMs({ tasksPerMinute: 1 })]).toEqual([30_000, 0]);
	});

	test('reports a refusal to the run before it releases the key, which may take 30 s', async () => {
		const item = new SubmissionTest();
		const submitted = item.start([refused()], { ...item.withKey('claimed', { release: async () => await new Promise(() => undefined) }), tasksPerMinute: 1 });
		await item.clock.advance(0);
		expect([item.reported, item.waitMs({ tasksPerMinute: 1 })]).toEqual([['refused'], Infinity]);
		await item.clock.run(submitted);
		expect(item.waitMs({ tasksPerMinute: 1 })).toBe(0);
	});
});
