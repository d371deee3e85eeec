import { TaskPoller } from '../../../nodes/polling/taskPoller';
import type { WaitOptions } from '../../../nodes/polling/taskPoller';
import type { TaskQueryResult } from '../../../nodes/hidream/queryTasks';
import type { TaskState, TaskStatus } from '../../../nodes/hidream/status';
import { SimulatedClock } from './simulatedClock';

export const HOUR = 3_600_000;

export const stateOf = (taskId: string, status: TaskStatus): TaskState => ({ taskId, status, progress: 0, videoUrls: [], subTaskResults: [] });

/** A task poller whose status requests return the test's `tasks`; all other tasks are running. */
export class Watch {
	readonly clock = new SimulatedClock();

	readonly tasks = new Map<string, TaskStatus | 'trouble'>();

	/** When each status request was sent, and for which tasks. */
	readonly questions: Array<{ at: number; taskIds: string[] }> = [];

	urgent = false;

	random = 0;

	private readonly watcher = new TaskPoller(this.clock, () => this.urgent, () => this.random);

	readonly ask: WaitOptions['queryTasks'] = async (taskIds) => {
		this.questions.push({ at: this.clock.now(), taskIds });
		return new Map(taskIds.map((id) => [id, this.answerOf(id)]));
	};

	async wait(taskId: string, more: Partial<WaitOptions> = {}) {
		return await this.watcher.wait(taskId, { queryTasks: this.ask, pollMs: 10_000, maxWaitMs: HOUR, ...more });
	}

	get times(): number[] {
		return this.questions.map(({ at }) => at);
	}

	private answerOf(taskId: string): TaskQueryResult {
		const status = this.tasks.get(taskId) ?? 'processing';
		return status === 'trouble' ? { reason: { code: 'statusUnanswered', failure: { code: 'brokeAfter', cause: 'silent' } } } : { state: stateOf(taskId, status) };
	}
}
