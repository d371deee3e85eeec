/** Any order of responses, cancels and stops. */
import fc from 'fast-check';
import { Ledger } from '../../../nodes/submission/ledger';
import { limitConcurrency } from '../../../nodes/async/limitConcurrency';
import { Scheduler } from '../../../nodes/limiter/scheduler';
import type { Outcome, Submission } from '../../../nodes/submission/submission';
import { submitItem } from '../../../nodes/submission/submitItem';
import type { Verdict } from '../../../nodes/hidream/verdict';
import type { SubmissionReason } from '../../../nodes/submission/reasons';
import { SimulatedClock } from '../support/simulatedClock';
import { accepted, badToken, busy, noConnection, inputProblem, refused, uncertain } from '../support/verdicts';

const RESPONSES = {
	accepted: () => accepted(),
	refused: () => refused(),
	fatal: () => refused('no credits', { fatal: true }),
	busy: () => busy(),
	busyLong: () => busy(7_200_000),
	busyShort: () => busy(3_000),
	noConnection,
	badToken,
	uncertain: () => uncertain(),
	throws: (): Verdict => {
		throw new Error('odd');
	},
};

const response = fc.record({ kind: fc.constantFrom(...(Object.keys(RESPONSES) as Array<keyof typeof RESPONSES>)), ms: fc.constantFrom(0, 500, 40_000) });

const item = fc.record({
	// Requests after the list are accepted.
	responses: fc.array(response, { maxLength: 5 }),
	claims: fc.array(fc.constantFrom('claimed' as const, 'unresolved' as const, 'submitted' as const, 'broken' as const), { maxLength: 2 }),
	invalid: fc.boolean(),
	onUnclearResponse: fc.constantFrom('fail' as const, 'resubmit' as const),
	whenLimitReached: fc.constantFrom('wait' as const, 'wait' as const, 'return' as const),
	maxRetryMs: fc.constantFrom(0, 10_000, 3_600_000),
	tasksPerMinute: fc.constantFrom(0, 1, 1.5, 2),
	parallelTasks: fc.constantFrom(0, 1),
});

const scenario = fc.record({
	items: fc.array(item, { minLength: 1, maxLength: 5 }),
	concurrency: fc.integer({ min: 1, max: 3 }),
	goesOn: fc.boolean(),
	keepsParallel: fc.boolean(),
	cancelAt: fc.option(fc.integer({ min: 0, max: 120_000 })),
	random: fc.constantFrom(0, 0.5, 1),
});

type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

async function play({ items, concurrency, goesOn, keepsParallel, cancelAt, random }: Scenario) {
	const clock = new SimulatedClock();
	const scheduler = new Scheduler<SubmissionReason>(60_000, clock, () => random);
	const ledger = new Ledger({}, { runIndex: 0 });
	const [cancel, over] = [new AbortController(), new AbortController()];
	cancel.signal.addEventListener('abort', () => over.abort());
	const sent = items.map((): string[] => []);
	const held = items.map(() => false);
	const unresolved = items.map(() => false);
	const ends = items.map(() => 0);
	const outcomes: Outcome[] = [];
	const wrong: string[] = [];
	if (cancelAt !== null) void clock.sleep(cancelAt).then(() => cancel.abort());

	const inTurn = limitConcurrency(concurrency);
	const submit = async (n: number) => {
		if (over.signal.aborted) return;
		const { responses, claims, invalid, ...options } = items[n] as Scenario['items'][number];
		const left = [...responses];
		const answers = [...claims];
		const submission: Submission = {
			...options,
			key: `0:${n}:print`,
			styleOptions: { style: 'anime', prompt: '' },
			recheck: () => (invalid && (sent[n]?.length ?? 0) > 0 ? inputProblem('expired') : undefined),
			renewToken: () => undefined,
			idempotencyKey: {
				begin: async () => undefined,
				claim: async () => {
					await clock.sleep(100);
					const answer = answers.shift() ?? 'claimed';
					if (answer === 'broken') throw new Error('database is locked');
					// As the node does it: a claim that comes after the end is undone.
					if (answer === 'unresolved' || (answer === 'claimed' && ends[n] === 0)) held[n] = true;
					if (answer === 'unresolved') unresolved[n] = true;
					return answer;
				},
				confirm: async () => await clock.sleep(100),
				keep: async () => await clock.sleep(100),
				release: async () => {
					await clock.sleep(100);
					held[n] = false;
				},
				end: () => {
					ends[n] = (ends[n] ?? 0) + 1;
				},
			},
			send: async () => {
				if (over.signal.aborted) wrong.push(`item ${n} is sent after the end`);
				const { kind, ms } = left.shift() ?? { kind: 'accepted', ms: 0 };
				sent[n]?.push(kind);
				await clock.sleep(ms);
				return RESPONSES[kind]();
			},
		};
		const onOutcome = (outcome: Outcome) => {
			const failed = outcome.kind === 'refused' || outcome.kind === 'uncertain';
			if (failed && (!goesOn || outcome.fatal)) over.abort();
		};
		const outcome = await submitItem(submission, { ledger, scheduler, keepsParallel, clock, signal: cancel.signal, stop: over.signal, onOutcome });
		outcomes[n] = outcome;
		if (outcome.kind === 'accepted') void clock.sleep(90_000).then(outcome.ended);
	};
	await clock.run(Promise.all(items.map(async (_item, n) => await inTurn(async () => await submit(n)))));
	await clock.advance(86_400_000);
	return { scheduler, ledger, sent, held, unresolved, ends, outcomes, wrong };
}

const LEDGER: Record<Outcome['kind'], ReadonlyArray<string | undefined>> = {
	accepted: ['accepted'],
	uncertain: ['uncertain', 'sending'],
	refused: ['refused', undefined],
	notSubmitted: ['refused', undefined],
	alreadySubmitted: ['refused', undefined],
	cancelled: [undefined],
};

test('at most one task each, nothing after the end, every permit released, and a matching ledger', async () => {
	await fc.assert(
		fc.asyncProperty(scenario, async (given) => {
			const { scheduler, ledger, sent, held, unresolved, ends, outcomes, wrong } = await play(given);
			expect(wrong).toEqual([]);
			expect(scheduler.isIdle).toBe(true);
			for (const [n, outcome] of outcomes.entries()) {
				if (outcome === undefined) continue;
				const kinds = sent[n] ?? [];
				const mayBeTask = kinds.findIndex((kind) => ['accepted', 'uncertain', 'throws'].includes(kind));
				if (given.items[n]?.onUnclearResponse === 'fail') expect(mayBeTask === -1 || mayBeTask === kinds.length - 1).toBe(true);
				expect(kinds.slice(0, -1)).not.toContain('accepted');
				// A key that is found unresolved after the item was cancelled makes no difference to the item.
				const noTask = mayBeTask === -1 && (!unresolved[n] || outcome.kind === 'cancelled');
				expect(noTask).toBe(outcome.kind !== 'accepted' && outcome.kind !== 'uncertain');
				expect(ends[n]).toBe(1);
				if (mayBeTask !== -1 || noTask) expect(LEDGER[outcome.kind]).toContain(ledger.read(`0:${n}:print`)?.state);
				if (!noTask || unresolved[n]) expect(held[n]).toBe(true);
				else if (outcome.kind === 'refused' || outcome.kind === 'notSubmitted' || outcome.kind === 'cancelled') expect(held[n]).toBe(false);
			}
		}),
		{ numRuns: 200 },
	);
});
