import { rateOf } from '../../nodes/limiter/slidingWindow';
import type { Verdict } from '../../nodes/hidream/verdict';
import type { Job } from './jobs';
import { MINUTE_MS } from './limits';
import type { AccountLimits } from './limits';
import { uniformFloat64 } from './random';
import type { Random } from './random';
import type { VirtualClock } from './virtualClock';

/** How often the service refuses for no reason that a scheduler could know. */
export interface Trouble {
	/** Share of requests that are refused as busy; a quarter of them with the wait that the service asks for. */
	busy: number;
	/** Share of requests that find no connection. */
	noConnection: number;
}

const NAMED_WAIT_MS = 10_000;

const refused = (retryReason: 'busy' | 'noConnection', retryAfterMs?: number): Verdict => ({
	kind: 'refused',
	reason: { code: 'notSent', detail: 'Refused by the simulation' },
	retryReason,
	retryAfterMs,
});

/** A service that keeps its limits to the millisecond, counted at the moment when it accepts. */
export class SimulatedService {
	refusals = 0;

	private readonly accepted: number[] = [];

	private readonly ends = new Map<string, Promise<void>>();

	private running = 0;

	private tasks = 0;

	constructor(
		private readonly clock: VirtualClock,
		private readonly limits: AccountLimits,
		private readonly random: Random,
		private readonly trouble: Trouble,
	) {}

	/** Takes a job in, or refuses it; the answer comes when the upload is through. */
	async submit(job: Job): Promise<Verdict> {
		if (uniformFloat64(this.random) < this.trouble.noConnection) return this.refuse('noConnection');
		await this.clock.sleep(job.uploadMs * job.acceptedAt);
		const verdict = this.judge(job);
		await this.clock.sleep(job.uploadMs * (1 - job.acceptedAt));
		return verdict;
	}

	/** When the task has ended. */
	async ended(taskId: string): Promise<void> {
		await this.ends.get(taskId);
	}

	private judge(job: Job): Verdict {
		const dice = uniformFloat64(this.random);
		if (dice < this.trouble.busy) return this.refuse('busy', dice < this.trouble.busy / 4 ? NAMED_WAIT_MS : undefined);
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
