import { Ledger } from '../../nodes/submission/ledger';
import { limitConcurrency } from '../../nodes/async/limitConcurrency';
import type { SubmissionReason } from '../../nodes/submission/reasons';
import { Scheduler } from '../../nodes/limiter/scheduler';
import { submitItem } from '../../nodes/submission/submitItem';
import type { Submission } from '../../nodes/submission/submission';
import { TaskPoller } from '../../nodes/polling/taskPoller';
import type { WaitOptions } from '../../nodes/polling/taskPoller';
import { readTask } from '../../nodes/hidream/status';
import type { Job } from './jobs';
import { MINUTE_MS } from './limits';
import type { SimulatedLimits } from './limits';
import { randomOf, uniformFloat64 } from './random';
import { SimulatedService } from './service';
import type { Trouble } from './service';
import { VirtualClock } from './virtualClock';

export interface Scenario {
	/** The limits of the service. */
	limits: SimulatedLimits;
	/** The limits of each worker. */
	own: SimulatedLimits;
	trouble: Trouble;
	/** n8n processes that use the account and do not know each other. */
	workers: number;
	/** Concurrent executions of each worker; they share its part of the jobs. */
	executions: number;
	/** Submissions in flight, in each execution. */
	concurrency: number;
	/** The poll interval for the ends of tasks, in milliseconds; 0 = an end is known immediately. */
	pollMs: number;
	/** The retry budget. */
	maxRetryMs: number;
	seed: number;
}

export interface Run {
	makespanMs: number;
	accepted: number;
	refusals: number;
	/** Failed items, which the service refused for too long. */
	gaveUp: number;
	/** How long each item waited in the queue and for the backoff, in milliseconds. */
	waits: number[];
}

const DAY_MS = 24 * 60 * MINUTE_MS;

/** One n8n process: its own scheduler and task poller. */
class Worker {
	readonly ledger = new Ledger({}, { runIndex: 0 });

	readonly scheduler: Scheduler<SubmissionReason>;

	private readonly taskPoller: TaskPoller;

	private readonly done = new Set<string>();

	constructor(
		clock: VirtualClock,
		private readonly service: SimulatedService,
		private readonly pollMs: number,
		random: () => number,
	) {
		this.scheduler = new Scheduler<SubmissionReason>(MINUTE_MS, clock, random);
		this.taskPoller = new TaskPoller(clock, () => this.scheduler.awaitsTaskEnd, random);
	}

	async taskEnd(taskId: string): Promise<void> {
		const end = this.service.ended(taskId).then(() => this.done.add(taskId));
		if (this.pollMs === 0) return void (await end);
		const queryTasks: WaitOptions['queryTasks'] = async (ids) =>
			new Map(
				ids.map((id) => {
					const entry = this.done.has(id) ? { task_status: 1, video: 'https://example.com/v.mp4' } : { task_status: 2 };
					return [id, { state: readTask(id, [entry]) }];
				}),
			);
		await this.taskPoller.wait(taskId, { queryTasks, pollMs: this.pollMs, maxWaitMs: DAY_MS });
	}
}

/** Runs `jobs` with the node's own scheduler against a simulated service, with a simulated clock. */
export async function simulate(jobs: Job[], scenario: Scenario): Promise<Run> {
	const { limits, own, workers, executions, concurrency, maxRetryMs } = scenario;
	const clock = new VirtualClock();
	const service = new SimulatedService(clock, limits, randomOf(scenario.seed), scenario.trouble);
	const run: Run = { makespanMs: 0, accepted: 0, refusals: 0, gaveUp: 0, waits: [] };
	const ends: Array<Promise<void>> = [];

	const submit = async (worker: Worker, job: Job, key: string) => {
		const requestedAt = clock.now();
		let sent = requestedAt;
		const submission: Submission = {
			key,
			styleOptions: { style: 'anime', prompt: '' },
			send: async () => {
				sent = clock.now();
				return await service.submit(job);
			},
			...own,
			maxRetryMs,
			onUnclearResponse: 'fail',
			whenLimitReached: 'wait',
		};
		const { ledger, scheduler } = worker;
		const outcome = await submitItem(submission, { ledger, scheduler, keepsParallel: true, clock });
		run.waits.push(sent - requestedAt);
		if (outcome.kind !== 'accepted') return void (run.gaveUp += 1);
		run.accepted += 1;
		ends.push(worker.taskEnd(outcome.taskId).then(outcome.ended));
	};

	const shares = Array.from({ length: workers * executions }, (_, n) => jobs.filter((_job, i) => i % (workers * executions) === n));
	const dice = randomOf(scenario.seed + 1);
	const crew = Array.from({ length: workers }, () => new Worker(clock, service, scenario.pollMs, () => uniformFloat64(dice)));
	const whole = Promise.all(
		shares.map(async (share, n) => {
			const worker = crew[n % workers];
			const inTurn = limitConcurrency(concurrency);
			if (worker) await Promise.all(share.map(async (job, i) => await inTurn(async () => await submit(worker, job, `${n}:${i}`))));
		}),
	).then(async () => await Promise.all(ends));
	await clock.run(whole);
	return { ...run, makespanMs: clock.now(), refusals: service.refusals };
}
