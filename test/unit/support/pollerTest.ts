import { TaskPoller } from '../../../nodes/polling/taskPoller';
import type { WaitOptions } from '../../../nodes/polling/taskPoller';
import type { TaskQueryResult } from '../../../nodes/hidream/queryTasks';
import type { TaskState, TaskStatus } from '../../../nodes/hidream/status';
import { SimulatedClock } from './simulatedClock';

export const HOUR = 3_600_000;

export const stateOf = (taskId: string, status: TaskStatus): TaskState => ({ taskId, status, progress: 0, videoUrls: [], subTaskResults: [] });

/** A task poller whose status requests return the test's `tasks`; all other tasks are running. */
export class PollerTest {
	readonly clock = new SimulatedClock();

	readonly tasks = new Map<string, TaskStatus | 'trouble'>();

	/** When each status request was sent, and for which tasks. */
	readonly statusRequests: Array<{ at: number; taskIds: string[] }> = [];

	urgent = false;

	random = 0;

	private readonly taskPoller = new TaskPoller(this.clock, () => this.urgent, () => this.random);

	readonly queryTasks: WaitOptions['queryTasks'] = async (taskIds) => {
		this.statusRequests.push({ at: this.clock.now(), taskIds });
		return new Map(taskIds.map((id) => [id, this.resultOf(id)]));
	};

	async wait(taskId: string, more: Partial<WaitOptions> = {}) {
		return await this.taskPoller.wait(taskId, { queryTasks: this.queryTasks, pollMs: 10_000, maxWaitMs: HOUR, ...more });
	}

	get times(): number[] {
		return this.statusRequests.map(({ at }) => at);
	}

	private resultOf(taskId: string): TaskQueryResult {
		const status = this.tasks.get(taskId) ?? 'processing';
		return status === 'trouble' ? { reason: { code: 'statusNoResponse', failure: { code: 'brokeAfter', cause: 'idle' } } } : { state: stateOf(taskId, status) };
	}
}
