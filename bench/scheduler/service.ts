import { rateOf } from '../../nodes/limiter/slidingWindow';
import type { Verdict } from '../../nodes/hidream/verdict';
import type { Job } from './jobs';
import { MINUTE_MS } from './limits';
import type { SimulatedLimits } from './limits';
import { uniformFloat64 } from './random';
import type { Random } from './random';
import type { VirtualClock } from './virtualClock';

/** How often the service refuses for no predictable reason. */
export interface Trouble {
	/** Share of requests that are refused as busy; a quarter of them with a requested delay. */
	busy: number;
	/** Share of requests that get no connection. */
	noConnection: number;
}

const REQUESTED_DELAY_MS = 10_000;

const refused = (retryReason: 'busy' | 'noConnection', retryAfterMs?: number): Verdict => ({
	kind: 'refused',
	reason: { code: 'notSent', detail: 'Refused by the simulation' },
	retryReason,
	retryAfterMs,
});

/** A service that enforces its limits to the millisecond, counted at the time of acceptance. */
export class SimulatedService {
	refusals = 0;

	private readonly accepted: number[] = [];

	private readonly ends = new Map<string, Promise<void>>();

	private running = 0;

	private tasks = 0;

	constructor(
		private readonly clock: VirtualClock,
		private readonly limits: SimulatedLimits,
		private readonly random: Random,
		private readonly trouble: Trouble,
	) {}

	/** Accepts or refuses a job; responds when the upload is complete. */
	async submit(job: Job): Promise<Verdict> {
		if (uniformFloat64(this.random) < this.trouble.noConnection) return this.refuse('noConnection');
		await this.clock.sleep(job.uploadMs * job.acceptedAt);
		const verdict = this.decide(job);
		await this.clock.sleep(job.uploadMs * (1 - job.acceptedAt));
		return verdict;
	}

	/** The time at which the task has ended. */
	async ended(taskId: string): Promise<void> {
		await this.ends.get(taskId);
	}

	private decide(job: Job): Verdict {
		const dice = uniformFloat64(this.random);
		if (dice < this.trouble.busy) return this.refuse('busy', dice < this.trouble.busy / 4 ? REQUESTED_DELAY_MS : undefined);
		const { tasks, windowMs } = rateOf(this.limits.tasksPerMinute, MINUTE_MS);
		while (this.accepted[0] !== undefined && this.accepted[0] + windowMs <= this.clock.now()) this.accepted.shift();
		const isFull = this.accepted.length >= tasks || this.running >= this.limits.parallelTasks;
		if (isFull) return this.refuse('busy');
		this.accepted.push(this.clock.now());
		this.running += 1;
		const taskId = `task-${this.tasks++}`;
		const end = this.clock.sleep(job.runMs).then(() => {
			this.running -= 1;
		});
		this.ends.set(taskId, end);
		return { kind: 'accepted', taskId, subTaskIds: [] };
	}

	private refuse(retryReason: 'busy' | 'noConnection', retryAfterMs?: number): Verdict {
		this.refusals += 1;
		return refused(retryReason, retryAfterMs);
	}
}
