import { Ledger } from '../../../nodes/batch/ledger';
import type { Entry } from '../../../nodes/batch/ledger';
import { Scheduler } from '../../../nodes/batch/scheduler';
import type { Limits, Permit } from '../../../nodes/batch/permit';
import { submitItem } from '../../../nodes/batch/submitItem';
import type { Outcome, Submission, Tools } from '../../../nodes/batch/submission';
import type { Verdict } from '../../../nodes/hidream/verdict';
import { SimulatedClock } from './simulatedClock';
import { strictDouble } from './strictDouble';

export const WINDOW_MS = 60_000;
export const KEY = '0:0:print';

/** What one request saw when it went out. */
export interface Sent {
	requestId: string;
	at: number;
	entry: Entry | undefined;
	signal: AbortSignal | undefined;
}

/** One answer of the service: a verdict, or what the test does before it gives one. */
export type Step = Verdict | ((sent: Sent) => Verdict | Promise<Verdict>);

/** One item's submission, with its clock, ledger and scheduler in the test's hands. */
export class SubmissionTest {
	readonly clock = new SimulatedClock();

	readonly ledger: Ledger;

	readonly scheduler = new Scheduler(WINDOW_MS, this.clock, () => 1);

	readonly cancel = new AbortController();

	/** Fires when nothing new is to start; a test that needs one sets it. */
	stop: AbortSignal | undefined;

	readonly sent: Sent[] = [];

	/** Each request as it was announced, and how many had gone out before. */
	readonly announced: Array<{ requestId: string; state: Entry['state'] | undefined; sentBefore: number }> = [];

	/** The waits that the run was told of, in milliseconds. */
	readonly heldBack: number[] = [];

	/** The outcomes that the run was told of. */
	readonly told: string[] = [];

	/** What else is done when it is told. */
	onOutcome: () => void = () => undefined;

	/** Whether the run learns of the end of each task, and so keeps `parallelTasks`. */
	keepsParallel = false;

	/** What happened, in order. */
	readonly events: string[] = [];

	constructor(entry?: Entry) {
		this.ledger = new Ledger({}, { runIndex: 0 });
		if (entry) this.ledger.write(KEY, entry);
	}

	get entry(): Entry | undefined {
		return this.ledger.read(KEY);
	}

	/** A submission with these answers, one for each request; a request too many throws. */
	submission(steps: Step[], more: Partial<Submission> = {}): Submission {
		const left = [...steps];
		return strictDouble<Submission>('submission', {
			key: KEY,
			look: { style: 'anime', prompt: '' },
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
			claim: undefined,
			unclaim: undefined,
			recheck: undefined,
			tasksPerMinute: 2,
			parallelTasks: 0,
			budgetMs: 120_000,
			whenUncertain: 'report',
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
				this.told.push(outcome.kind);
				this.onOutcome();
			},
			onHeldBack: (_, waitMs) => void this.heldBack.push(waitMs),
		});
	}

	/** Submits with these answers. */
	start(steps: Step[], more: Partial<Submission> = {}): Promise<Outcome> {
		return submitItem(this.submission(steps, more), this.tools);
	}

	/** … and turns the clock until the outcome is there. */
	async submit(steps: Step[], more: Partial<Submission> = {}): Promise<Outcome> {
		return await this.clock.run(this.start(steps, more));
	}

	/** Somebody else of the account takes permit, which the test expects to be there at once. */
	take(limits: Partial<Limits> = {}): Permit {
		const permit = this.scheduler.tryAcquire({ tasksPerMinute: 0, ...limits });
		if (typeof permit === 'number') throw new Error(`There is no room for ${permit} ms`);
		return permit;
	}

	/** Milliseconds until somebody else of the account has room; takes none of it. */
	roomIn(limits: Partial<Limits>): number {
		const permit = this.scheduler.tryAcquire({ tasksPerMinute: 0, ...limits });
		if (typeof permit === 'number') return permit;
		permit.release('refused');
		return 0;
	}

	/** A claim and an unclaim that note when they are called. */
	claims({ free = true }: { free?: boolean } = {}): Required<Pick<Submission, 'claim' | 'unclaim'>> {
		return {
			claim: async () => {
				this.events.push('claim');
				return free;
			},
			unclaim: async () => {
				this.events.push('unclaim');
			},
		};
	}
}
