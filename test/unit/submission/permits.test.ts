/** The permits of an item: when it has one, what it leaves behind, and the outcome that is reported before it is released. */
import type { Entry } from '../../../nodes/submission/ledger';
import type { Submission } from '../../../nodes/submission/submission';
import type { Verdict } from '../../../nodes/hidream/verdict';
import { SubmissionTest, WINDOW_MS } from '../support/submissionTest';
import type { SubmissionStep } from '../support/submissionTest';
import { accepted, badToken, busy, inputProblem, noConnection, reasonOf, refused, uncertain } from '../support/verdicts';

const RETURN = { whenLimitReached: 'return', tasksPerMinute: 1 } as const;

describe('rate slot: kept if a task may exist, free if certainly not', () => {
	/** An upload that takes `ms`. */
	const slow = (item: SubmissionTest, ms: number, verdict: Verdict) => async () => {
		await item.clock.sleep(ms);
		return verdict;
	};

	test.each([
		['accepted', accepted()],
		['uncertain', uncertain()],
	])('%s: keeps the slot for a window after the response', async (_, verdict) => {
		const item = new SubmissionTest();
		await item.submit([slow(item, 25_000, verdict)], { tasksPerMinute: 1 });
		expect(item.clock.now()).toBe(25_000);
		expect(item.waitMs({ tasksPerMinute: 1 })).toBe(WINDOW_MS);
		await item.clock.advance(WINDOW_MS - 1);
		expect(item.waitMs({ tasksPerMinute: 1 })).toBe(1);
		await item.clock.advance(1);
		expect(item.waitMs({ tasksPerMinute: 1 })).toBe(0);
	});

	test('refused: frees the slot immediately', async () => {
		const item = new SubmissionTest();
		await item.submit([slow(item, 25_000, refused())], { tasksPerMinute: 1 });
		expect(item.waitMs({ tasksPerMinute: 1 })).toBe(0);
	});

	test.each([
		['refused', refused()],
		['uncertain', uncertain()],
	])('%s and final: reports to the run while the slot is still taken, so that the run can stop the next item', async (kind, verdict) => {
		const item = new SubmissionTest();
		const taken: boolean[] = [];
		item.onOutcome = () => void taken.push(typeof item.scheduler.tryAcquire({ tasksPerMinute: 1 }) === 'number');
		await item.submit([verdict], { tasksPerMinute: 1 });
		expect([item.reported, taken]).toEqual([[kind], [true]]);
	});

	test('reports no outcome to the run while the item is retried', async () => {
		const item = new SubmissionTest();
		await item.submit([busy(1_000), noConnection(), accepted()], { maxRetryMs: 60_000 });
		expect(item.reported).toEqual(['accepted']);
	});

	test.each([
		[0, [0, 5_000, 10_000]],
		[2, [0, 5_000, WINDOW_MS]],
		[1, [0, WINDOW_MS, 2 * WINDOW_MS]],
	])('uncertain and sent again (%i a minute): each request takes its own slot', async (tasksPerMinute, starts) => {
		const item = new SubmissionTest();
		await item.submit([uncertain(), uncertain(), uncertain()], { tasksPerMinute, onUnclearResponse: 'resubmit' });
		expect(item.sent.map(({ at }) => at)).toEqual(starts);
		expect(item.waitMs({ tasksPerMinute: 1 })).toBe(WINDOW_MS);
	});

	test('uncertain, then refused: keeps the slot of the first request, since there may be a task', async () => {
		const item = new SubmissionTest();
		await item.submit([uncertain(), refused()], { onUnclearResponse: 'resubmit' });
		expect(item.clock.now()).toBe(5_000);
		expect([1, 2].map((tasksPerMinute) => item.waitMs({ tasksPerMinute }))).toEqual([WINDOW_MS - 5_000, 0]);
	});

	test('temporarily refused: takes no slot during the backoff, and another one when it is sent again', async () => {
		const item = new SubmissionTest();
		const submitted = item.start([busy(30_000), accepted()], { tasksPerMinute: 1 });
		await item.clock.advance(29_999);
		expect(item.waitMs({ tasksPerMinute: 0 })).toBe(1);
		await item.clock.run(submitted);
		expect(item.sent.map(({ at }) => at)).toEqual([0, 30_000]);
		expect(item.waitMs({ tasksPerMinute: 1 })).toBe(WINDOW_MS);
	});

	test('waits for its slot before it is sent', async () => {
		const item = new SubmissionTest();
		item.acquireNow().release('accepted');
		await item.submit([accepted()], { tasksPerMinute: 1 });
		expect(item.sent.map(({ at }) => at)).toEqual([WINDOW_MS]);
	});

	test('the ledger does not have "sending" while the item waits for its slot', async () => {
		const item = new SubmissionTest();
		item.acquireNow().release('accepted');
		const submitted = item.start([accepted()], { tasksPerMinute: 1 });
		await item.clock.advance(WINDOW_MS - 1);
		expect(item.entry).toBeUndefined();
		await item.clock.run(submitted);
		expect(item.entry).toHaveProperty('state', 'accepted');
	});

	test('the wait for a slot does not use up the retry budget', async () => {
		const item = new SubmissionTest();
		item.acquireNow().release('accepted');
		const outcome = await item.submit([busy(), accepted()], { tasksPerMinute: 1, maxRetryMs: 2_000 });
		expect(outcome.kind).toBe('accepted');
	});

	test('without a limit it does not wait, and counts for callers with a limit', async () => {
		const item = new SubmissionTest();
		item.acquireNow();
		await item.submit([accepted()], { tasksPerMinute: 0 });
		expect(item.clock.waits).toEqual([]);
		expect(item.waitMs({ tasksPerMinute: 2 })).toBe(WINDOW_MS);
	});
});

describe('parallel tasks', () => {
	const EARLIER: Entry = { state: 'accepted', requestId: 'r', taskId: 'task-1', subTaskIds: [], styleOptions: { style: 'anime', prompt: '' } };

	describe('if the node waits for the end of each task', () => {
		const open = () => Object.assign(new SubmissionTest(), { keepsParallel: true });

		test('an accepted task occupies a parallel task until it is released', async () => {
			const item = open();
			const outcome = await item.submit([accepted()], { parallelTasks: 1 });
			if (outcome.kind !== 'accepted') throw new Error(`It is ${outcome.kind}`);
			expect(item.waitMs({ parallelTasks: 1 })).toBe(Infinity);
			outcome.ended();
			expect(item.waitMs({ parallelTasks: 1 })).toBe(0);
		});

		test('a task of an earlier attempt occupies a parallel task until it is released', async () => {
			const item = Object.assign(new SubmissionTest(EARLIER), { keepsParallel: true });
			const outcome = await item.submit([], { parallelTasks: 1 });
			if (outcome.kind !== 'accepted') throw new Error(`It is ${outcome.kind}`);
			expect(item.waitMs({ parallelTasks: 1 })).toBe(Infinity);
			outcome.ended();
			outcome.ended();
			expect(item.waitMs({ parallelTasks: 1 })).toBe(0);
		});

		test('the next item waits until a task has ended', async () => {
			const item = open();
			const end = item.scheduler.addRunning();
			const submitted = item.start([accepted()], { parallelTasks: 1 });
			await item.clock.advance(1_000_000);
			expect(item.sent).toEqual([]);
			end();
			await item.clock.run(submitted);
			expect(item.sent).toHaveLength(1);
		});

		test.each([
			['refused', refused()],
			['uncertain', uncertain()],
		])('%s: there is no task to wait for, so its parallel task is released', async (_, verdict) => {
			const item = open();
			await item.submit([verdict], { parallelTasks: 1 });
			expect(item.waitMs({ parallelTasks: 1 })).toBe(0);
		});

		test('cancelled while it waits for its rate slot: releases the parallel task', async () => {
			const item = open();
			item.acquireNow();
			const submitted = item.start([], { parallelTasks: 1, tasksPerMinute: 1 });
			await item.clock.advance(1);
			expect(item.waitMs({ parallelTasks: 1 })).toBe(Infinity);
			item.cancel.abort();
			expect(await item.clock.run(submitted)).toEqual({ kind: 'cancelled' });
			expect(item.waitMs({ parallelTasks: 1 })).toBe(0);
		});

		test('returned because of the rate limit: releases the parallel task', async () => {
			const item = open();
			item.acquireNow();
			await item.submit([], { ...RETURN, parallelTasks: 1 });
			expect(item.waitMs({ parallelTasks: 1 })).toBe(0);
		});

		test('returned because of the parallel limit', async () => {
			const item = open();
			item.scheduler.addRunning();
			expect(await item.submit([], { ...RETURN, parallelTasks: 1 })).toHaveProperty('kind', 'notSubmitted');
			expect(item.waitMs({ tasksPerMinute: 1 })).toBe(0);
		});
	});

	describe('if the node does not wait for the end of a task', () => {
		test.each([
			['fresh', undefined, [accepted()]],
			['of an earlier attempt', EARLIER, []],
		])('a task occupies no parallel task: %s', async (_, entry, steps) => {
			const item = new SubmissionTest(entry);
			await item.submit(steps, { parallelTasks: 1 });
			expect(item.waitMs({ parallelTasks: 1 })).toBe(0);
		});

		test('does not wait for tasks to end', async () => {
			const item = new SubmissionTest();
			item.scheduler.addRunning();
			expect(await item.submit([accepted()], { parallelTasks: 1 })).toHaveProperty('kind', 'accepted');
		});
	});
});

describe('reports to the run before it releases the permit, and sends nothing after the end', () => {
	interface Exit {
		name: string;
		steps?: (item: SubmissionTest) => SubmissionStep[];
		more?: (item: SubmissionTest) => Partial<Submission>;
		/** An earlier attempt left the item uncertain. */
		unresolved?: boolean;
		reported: string;
	}

	const throws = async (): Promise<never> => await Promise.reject(new Error('database is locked'));
	const always = (step: SubmissionStep): SubmissionStep[] => Array<SubmissionStep>(60).fill(step);

	const RESPONSES = {
		accepted: accepted(),
		'refused and final': refused(),
		'no credits': refused('no credits', { fatal: true }),
		busy: busy(),
		'busy, Retry-After': busy(10_000),
		'busy, a long Retry-After': busy(7_200_000),
		'no connection': noConnection(),
		'bad token': badToken(),
		uncertain: uncertain(),
		'a throw': throws,
	} satisfies Record<string, SubmissionStep>;

	const OPTIONS = {
		'the defaults': {},
		'no retry budget': { maxRetryMs: 0 },
		return: { whenLimitReached: 'return' },
		resubmit: { onUnclearResponse: 'resubmit' },
		'resubmit, no retry budget': { onUnclearResponse: 'resubmit', maxRetryMs: 0 },
		'a token to renew': { renewToken: () => undefined },
	} satisfies Record<string, Partial<Submission>>;

	const expectedOutcome = (response: keyof typeof RESPONSES, options: Partial<Submission>): string => {
		if (response === 'accepted') return 'accepted';
		if (response === 'uncertain' || response === 'a throw') return 'uncertain';
		return response.startsWith('busy') && options.whenLimitReached === 'return' ? 'notSubmitted' : 'refused';
	};

	const answered: Exit[] = Object.entries(RESPONSES).flatMap(([response, step]) =>
		Object.entries<Partial<Submission>>(OPTIONS).flatMap(([option, more]) =>
			[false, true].map((unresolved): Exit => {
				const reported = expectedOutcome(response as keyof typeof RESPONSES, more);
				return {
					name: `${response}, ${option}${unresolved ? ', after an unresolved request' : ''}`,
					steps: () => always(step),
					more: () => ({ ...more, ...(unresolved ? { onUnclearResponse: 'resubmit' } : {}) }),
					unresolved,
					reported: unresolved && reported !== 'accepted' ? 'uncertain' : reported,
				};
			}),
		),
	);

	const cancelling = (item: SubmissionTest, step: SubmissionStep): SubmissionStep => async (sent) => {
		item.cancel.abort();
		return typeof step === 'function' ? await step(sent) : step;
	};

	const others: Exit[] = [
		{ name: 'the key cannot be claimed', more: (item) => item.withKey('claimed', { claim: throws }), reported: 'refused' },
		{ name: 'the key is claimed already', more: (item) => item.withKey('submitted'), reported: 'alreadySubmitted' },
		{ name: 'the key is unresolved', more: (item) => item.withKey('unresolved'), reported: 'uncertain' },
		{ name: 'the claim does not end', more: (item) => item.withKey('claimed', { claim: async () => await new Promise<never>(() => undefined) }), reported: 'refused' },
		{ name: 'invalid by now', more: () => ({ recheck: () => inputProblem('expired') }), reported: 'refused' },
		{
			name: 'a recheck that throws',
			more: () => ({
				recheck: () => {
					throw new Error('odd');
				},
			}),
			reported: 'refused',
		},
		{
			name: 'cancelled while the key is claimed',
			more: (item) =>
				item.withKey('claimed', {
					claim: async () => {
						item.cancel.abort();
						return await Promise.resolve('claimed' as const);
					},
				}),
			reported: 'cancelled',
		},
		...[refused(), busy(), busy(7_200_000), noConnection()].map((step): Exit => ({ name: `cancelled during ${step.retryReason ?? 'a final'} refusal`, steps: (item) => [cancelling(item, step)], reported: 'refused' })),
		{ name: 'cancelled, then uncertain', steps: (item) => [cancelling(item, uncertain())], reported: 'uncertain' },
		{ name: 'cancelled, then accepted', steps: (item) => [cancelling(item, accepted())], reported: 'accepted' },
	];

	test.each([...answered, ...others])('$name', async ({ steps, more, unresolved, reported }) => {
		const item = new SubmissionTest(unresolved ? { state: 'uncertain', requestId: 'r', reason: reasonOf('earlier') } : undefined);
		item.keepsParallel = true;
		const events: string[] = [];
		const { scheduler } = item;
		for (const method of ['acquire', 'tryAcquire'] as const) {
			const given = scheduler[method].bind(scheduler) as (...args: unknown[]) => unknown;
			Object.assign(scheduler, {
				[method]: (...args: unknown[]) => {
					const note = (permit: unknown) => {
						if (typeof permit !== 'object' || permit === null || !('release' in permit)) {
							events.push('no permit');
							return permit;
						}
						const { release, ...rest } = permit as { release: (kind: string) => void };
						events.push('acquired');
						return { ...rest, release: (kind: string) => (events.push('released'), release(kind)) };
					};
					const permit = given(...args);
					return permit instanceof Promise ? permit.then(note) : note(permit);
				},
			});
		}
		item.onOutcome = () => void events.push('reported');
		const outcome = await item.submit(steps?.(item) ?? [], { parallelTasks: 1, tasksPerMinute: 0, ...more?.(item) });
		expect([outcome.kind, item.reported]).toEqual([reported, [reported]]);
		// Each attempt except the last one is retried; the last one reports before it releases, unless it got no permit.
		expect(events.join()).toMatch(/^(acquired,released,)*(acquired,reported,released|no permit,reported)$/);
		if (outcome.kind === 'accepted') outcome.ended();
		await item.clock.advance(24 * 3_600_000);
		expect(scheduler.isIdle).toBe(true);
	});
});
