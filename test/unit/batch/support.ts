import { Scheduler } from '../../../nodes/batch/scheduler';
import type { Permit, Limits } from '../../../nodes/batch/permit';
import type { Verdict } from '../../../nodes/hidream/verdict';
import { SimulatedClock } from '../support/simulatedClock';
import { WINDOW_MS } from '../support/submissionBench';

/** How one who waits in line behaves. */
interface Asking {
	signal?: AbortSignal;
	/** The number of an earlier leave. */
	ticket?: number;
	/** How long its upload takes, in milliseconds. */
	uploadMs?: number;
	answer?: Verdict['kind'];
}

/** A scheduler with the clock in the test's hands, and a note of who was let go when. */
export class LineBench {
	readonly clock = new SimulatedClock();

	readonly scheduler = new Scheduler(WINDOW_MS, this.clock, () => 1);

	/** `name@time` of each who was let go, or `name@cancelled`, in order. */
	readonly order: string[] = [];

	/** Asks for leave, submits, and has its answer. */
	async ask(name: string, limits: Limits, { signal, ticket, uploadMs = 0, answer = 'accepted' }: Asking = {}): Promise<Permit | undefined> {
		const leave = await this.acquire(limits, { signal, ticket });
		this.order.push(`${name}@${leave ? this.clock.now() : 'cancelled'}`);
		if (leave && uploadMs > 0) await this.clock.wait(uploadMs);
		leave?.release(answer);
		return leave;
	}

	/** Waits for a permit, which no backoff may refuse. */
	async acquire(limits: Limits, more: { signal?: AbortSignal; ticket?: number } = {}): Promise<Permit | undefined> {
		const permit = await this.scheduler.acquire(limits, more);
		if (permit && 'heldMs' in permit) throw new Error(`The account backs off for ${permit.heldMs} ms`);
		return permit;
	}

	/** Takes leave, which the test expects to be there at once. */
	take(limits: Limits): Permit {
		const leave = this.scheduler.tryAcquire(limits);
		if (typeof leave === 'number') throw new Error(`There is no room for ${leave} ms`);
		return leave;
	}

	/** Milliseconds until there is room; takes none of it. */
	roomIn(limits: Limits): number {
		const leave = this.scheduler.tryAcquire(limits);
		if (typeof leave === 'number') return leave;
		leave.release('refused');
		return 0;
	}
}

/** The limits of a submit, which never learns of the end of a task. */
export const perMinute = (tasksPerMinute: number): Limits => ({ tasksPerMinute });

/** The limits of a run that waits for its tasks. */
export const atOnce = (parallelTasks: number, tasksPerMinute = 0): Limits => ({ tasksPerMinute, parallelTasks });
