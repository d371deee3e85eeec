import { Ledger } from '../../../nodes/submission/ledger';
import type { Entry } from '../../../nodes/submission/ledger';
import { Scheduler } from '../../../nodes/limiter/scheduler';
import type { Limits, Permit } from '../../../nodes/limiter/permit';
import type { IdempotencyKey, KeyClaim } from '../../../nodes/submission/submission';
import { submitItem } from '../../../nodes/submission/submitItem';
import type { Outcome, Submission, Tools } from '../../../nodes/submission/submission';
import type { Verdict } from '../../../nodes/hidream/verdict';
import type { SubmissionReason } from '../../../nodes/submission/reasons';
import { SimulatedClock } from './simulatedClock';
import { strictDouble } from './strictDouble';

export const WINDOW_MS = 60_000;
const KEY = '0:0:print';

/** The state at the time of one request. */
export interface SentRequest {
	requestId: string;
	at: number;
	entry: Entry | undefined;
	signal: AbortSignal | undefined;
}

/** One response: a verdict, or a function that returns one. */
export type SubmissionStep = Verdict | ((sent: SentRequest) => Verdict | Promise<Verdict>);

/** One item's submission, with a simulated clock and its own ledger and scheduler. */
export class SubmissionTest {
	readonly clock = new SimulatedClock();

	readonly ledger: Ledger;

	readonly scheduler = new Scheduler<SubmissionReason>(WINDOW_MS, this.clock, () => 1);

	readonly cancel = new AbortController();

	/** Stops new submissions; set by tests that need it. */
	stop: AbortSignal | undefined;

	readonly sent: SentRequest[] = [];

	/** Each call of `onSend`, with the number of requests sent before. */
	readonly announced: Array<{ requestId: string; state: Entry['state'] | undefined; sentBefore: number }> = [];

	/** The milliseconds of each call of `onBackOff`. */
	readonly backOffDelays: number[] = [];

	/** The outcome of each call of `onOutcome`. */
	readonly reported: string[] = [];

	/** Called with each outcome. */
	onOutcome: () => void = () => undefined;

	/** Whether the run waits for tasks to end, and so keeps `parallelTasks`. */
	keepsParallel = false;

	/** The events, in order. */
	readonly events: string[] = [];

	constructor(entry?: Entry) {
		this.ledger = new Ledger({}, { runIndex: 0 });
		if (entry) this.ledger.write(KEY, entry);
	}

	get entry(): Entry | undefined {
		return this.ledger.read(KEY);
	}

	/** A submission with one response per request; one more request throws. */
	submission(steps: SubmissionStep[], more: Partial<Submission> = {}): Submission {
		const left = [...steps];
		return strictDouble<Submission>('submission', {
			key: KEY,
			styleOptions: { style: 'anime', prompt: '' },
			requestId: undefined,
			send: async (requestId, signal) => {
				const sent = { requestId, at: this.clock.now(), entry: this.entry, signal };
				this.sent.push(sent);
				this.events.push('send');
				const step = left.shift();
				if (!step) throw new Error('A request too many was sent');
				return typeof step === 'function' ? await step(sent) : step;
			},
			renewToken: undefined,
			idempotencyKey: undefined,
			recheck: undefined,
			tasksPerMinute: 2,
			parallelTasks: 0,
			maxRetryMs: 120_000,
			onUnclearResponse: 'fail',
			whenLimitReached: 'wait',
			...more,
		});
	}

	get tools(): Tools {
		const { ledger, scheduler, keepsParallel, clock, stop } = this;
		return strictDouble<Tools>('tools', {
			ledger,
			scheduler,
			keepsParallel,
			clock,
			stop,
			signal: this.cancel.signal,
			onSend: (requestId) =>
				void this.announced.push({ requestId, state: this.entry?.state, sentBefore: this.sent.length }),
			onAccepted: (taskId) => void this.events.push(`task ${taskId}`),
			onOutcome: (outcome) => {
				this.reported.push(outcome.kind);
				this.onOutcome();
			},
			onBackOff: (_, waitMs) => void this.backOffDelays.push(waitMs),
		});
	}

	/** Starts the submission with these responses. */
	start(steps: SubmissionStep[], more: Partial<Submission> = {}): Promise<Outcome> {
		return submitItem(this.submission(steps, more), this.tools);
	}

	/** Does so and moves the clock until it has an outcome. */
	async submit(steps: SubmissionStep[], more: Partial<Submission> = {}): Promise<Outcome> {
		return await this.clock.run(this.start(steps, more));
	}

	/** Another item of the account acquires a permit without waiting. Throws if there is none. */
	acquireNow(limits: Partial<Limits> = {}): Permit<SubmissionReason> {
		const permit = this.scheduler.tryAcquire({ tasksPerMinute: 0, ...limits });
		if (typeof permit === 'number') throw new Error(`There is no room for ${permit} ms`);
		return permit;
	}

	/** Milliseconds until another item of the account gets a permit. Takes none. */
	waitMs(limits: Partial<Limits>): number {
		const permit = this.scheduler.tryAcquire({ tasksPerMinute: 0, ...limits });
		if (typeof permit === 'number') return permit;
		permit.release('refused');
		return 0;
	}

	/** An idempotency key that records its calls in `events`. */
	withKey(claim: KeyClaim = 'claimed', more: Partial<IdempotencyKey> = {}): { idempotencyKey: IdempotencyKey } {
		const record = (event: string) => async () => void this.events.push(event);
		return {
			idempotencyKey: {
				begin: async () => await Promise.resolve(true),
				claim: async () => {
					this.events.push('claim');
					return await Promise.resolve(claim);
				},
				confirm: record('confirm'),
				keep: record('keep'),
				release: record('release'),
				end: () => undefined,
				...more,
			},
		};
	}
}
