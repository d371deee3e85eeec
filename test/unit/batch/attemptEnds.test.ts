/**
 * However an attempt ends, the run is told before the permit is released, and nothing is sent after the run has ended:
 * every response with every option, and every exit without a response.
 */
import type { Submission } from '../../../nodes/batch/submission';
import { SubmissionBench } from '../support/submissionBench';
import type { Step } from '../support/submissionBench';
import { accepted, badToken, busy, noConnection, problem, refused, uncertain } from '../support/verdicts';

interface Exit {
	name: string;
	steps?: (bench: SubmissionBench) => Step[];
	more?: (bench: SubmissionBench) => Partial<Submission>;
	/** An earlier try left the item uncertain. */
	unresolved?: boolean;
	told: string;
}

const throws = async (): Promise<never> => await Promise.reject(new Error('database is locked'));
const always = (step: Step): Step[] => Array<Step>(60).fill(step);

const RESPONSES = {
	accepted: accepted(),
	'refused for good': refused(),
	'no credits': refused('no credits', { stopsRun: true }),
	busy: busy(),
	'busy, Retry-After': busy(10_000),
	'busy, a long Retry-After': busy(7_200_000),
	'no connection': noConnection(),
	'bad token': badToken(),
	uncertain: uncertain(),
	'a throw': throws,
} satisfies Record<string, Step>;

const OPTIONS = {
	'the defaults': {},
	'no retry budget': { budgetMs: 0 },
	return: { whenLimitReached: 'return' },
	resubmit: { whenUncertain: 'resubmit' },
	'resubmit, no retry budget': { whenUncertain: 'resubmit', budgetMs: 0 },
	'a token to renew': { renewToken: () => undefined },
} satisfies Record<string, Partial<Submission>>;

const toldOf = (response: keyof typeof RESPONSES, options: Partial<Submission>): string => {
	if (response === 'accepted') return 'accepted';
	if (response === 'uncertain' || response === 'a throw') return 'uncertain';
	return response.startsWith('busy') && options.whenLimitReached === 'return' ? 'notSubmitted' : 'refused';
};

const answered: Exit[] = Object.entries(RESPONSES).flatMap(([response, step]) =>
	Object.entries<Partial<Submission>>(OPTIONS).flatMap(([option, more]) =>
		[false, true].map((unresolved): Exit => {
			const told = toldOf(response as keyof typeof RESPONSES, more);
			return {
				name: `${response}, ${option}${unresolved ? ', after an unresolved request' : ''}`,
				steps: () => always(step),
				more: () => ({ ...more, ...(unresolved ? { whenUncertain: 'resubmit' } : {}) }),
				unresolved,
				told: unresolved && told !== 'accepted' ? 'uncertain' : told,
			};
		}),
	),
);

const cancelling = (bench: SubmissionBench, step: Step): Step => async (sent) => {
	bench.cancel.abort();
	return typeof step === 'function' ? await step(sent) : step;
};

const others: Exit[] = [
	{ name: 'the key cannot be claimed', more: () => ({ claim: throws }), told: 'refused' },
	{ name: 'the key is claimed already', more: () => ({ claim: async () => false }), told: 'alreadySubmitted' },
	{ name: 'the claim does not end', more: () => ({ claim: async () => await new Promise<never>(() => undefined) }), told: 'refused' },
	{ name: 'invalid by now', more: () => ({ recheck: () => problem('expired') }), told: 'refused' },
	{
		name: 'a recheck that throws',
		more: () => ({
			recheck: () => {
				throw new Error('odd');
			},
		}),
		told: 'uncertain',
	},
	{
		name: 'cancelled while the key is claimed',
		more: (bench) => ({
			claim: async () => {
				bench.cancel.abort();
				return true;
			},
			unclaim: async () => undefined,
		}),
		told: 'cancelled',
	},
	...[refused(), busy(), busy(7_200_000), noConnection()].map((step): Exit => ({ name: `cancelled during ${step.passing ?? 'a final'} refusal`, steps: (bench) => [cancelling(bench, step)], told: 'refused' })),
	{ name: 'cancelled, then uncertain', steps: (bench) => [cancelling(bench, uncertain())], told: 'uncertain' },
	{ name: 'cancelled, then accepted', steps: (bench) => [cancelling(bench, accepted())], told: 'accepted' },
];

test.each([...answered, ...others])('$name', async ({ steps, more, unresolved, told }) => {
	const bench = new SubmissionBench(unresolved ? { state: 'uncertain', requestId: 'r', problem: problem('earlier') } : undefined);
	bench.keepsParallel = true;
	const events: string[] = [];
	const { scheduler } = bench;
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
	bench.onOutcome = () => void events.push('told');
	const outcome = await bench.submit(steps?.(bench) ?? [], { parallelTasks: 1, tasksPerMinute: 0, ...more?.(bench) });
	expect([outcome.kind, bench.told]).toEqual([told, [told]]);
	// Each attempt but the last one is retried; the last one tells before it releases, unless it got no permit at all.
	expect(events.join()).toMatch(/^(acquired,released,)*(acquired,told,released|no permit,told)$/);
	if (outcome.kind === 'accepted') outcome.ended();
	await bench.clock.advance(24 * 3_600_000);
	expect(scheduler.isIdle).toBe(true);
});
