import type { SubmissionReason } from '../../../nodes/submission/reasons';
import { reasonOf } from './verdicts';
import { Scheduler } from '../../../nodes/limiter/scheduler';
import type { Limits, Permit, TemporaryRefusal } from '../../../nodes/limiter/permit';
import type { Verdict } from '../../../nodes/hidream/verdict';
import { SimulatedClock } from './simulatedClock';
import { WINDOW_MS } from './submissionTest';

/** How an item in the queue behaves. */
interface Queued {
	signal?: AbortSignal;
	/** The number of an earlier permit. */
	ticket?: number;
	/** How long its upload takes, in milliseconds. */
	uploadMs?: number;
	answer?: Verdict['kind'];
}

/** A scheduler with a simulated clock. Records which item gets a permit and when. */
export class SchedulerTest {
	readonly clock = new SimulatedClock();

	readonly scheduler = new Scheduler(WINDOW_MS, this.clock, () => 1);

	/** `name@time` of each item that gets a permit, or `name@cancelled`, in order. */
	readonly order: string[] = [];

	/** Waits for a permit, submits, and releases the permit with the response. */
	async enqueue(name: string, limits: Limits, { signal, ticket, uploadMs = 0, answer = 'accepted' }: Queued = {}): Promise<Permit | undefined> {
		const permit = await this.acquire(limits, { signal, ticket });
		this.order.push(`${name}@${permit ? this.clock.now() : 'cancelled'}`);
		if (permit && uploadMs > 0) await this.clock.sleep(uploadMs);
		permit?.release(answer);
		return permit;
	}

	/** Waits for a permit. Throws if the account backs off for too long. */
	async acquire(limits: Limits, more: { signal?: AbortSignal; ticket?: number } = {}): Promise<Permit | undefined> {
		const permit = await this.scheduler.acquire(limits, more);
		if (permit && 'remainingMs' in permit) throw new Error(`The account backs off for ${permit.remainingMs} ms`);
		return permit;
	}

	/** Acquires a permit without waiting. Throws if there is none. */
	acquireNow(limits: Limits): Permit {
		const permit = this.scheduler.tryAcquire(limits);
		if (typeof permit === 'number') throw new Error(`There is no room for ${permit} ms`);
		return permit;
	}

	/** Milliseconds until a permit is free. Takes none. */
	waitMs(limits: Limits): number {
		const permit = this.scheduler.tryAcquire(limits);
		if (typeof permit === 'number') return permit;
		permit.release('refused');
		return 0;
	}
}

/** The limits of Submit, which does not wait for tasks to end. */
export const perMinute = (tasksPerMinute: number): Limits => ({ tasksPerMinute });

/** The limits of Submit and Wait. */
export const concurrently = (parallelTasks: number, tasksPerMinute = 0): Limits => ({ tasksPerMinute, parallelTasks });

/**
 * The service refuses the submission temporarily.
 * @returns the milliseconds that the account backs off; undefined if that is more than the retry budget
 */
export function reject(permit: Permit | Permit<SubmissionReason> | undefined, refusal: Partial<TemporaryRefusal<SubmissionReason>> = {}): number | undefined {
	if (!permit) throw new Error('There is no permit');
	const { ms, overBudget } = permit.backOff({ reason: reasonOf('an earlier one'), maxRetryMs: 600_000, ...refusal });
	permit.release('refused');
	return overBudget ? undefined : ms;
}
