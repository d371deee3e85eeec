import { taskIdOf } from '../../nodes/hidream/response';
import type { LiveReply } from './client';
import { interpretSubmit } from './interpret';

/** The maximum number of tasks of one check, whatever happens. */
export const MAX_TASKS = 3;

/** Another task would exceed the budget: nothing was sent. */
export class BudgetSpent extends Error {}

/** The task that a response names. */
export const taskNamedIn = (reply: LiveReply): string | undefined => (reply.kind === 'answer' ? taskIdOf(reply.json) : undefined);

/** Whether a response proves that there is no task: the node's own rules, except for redirects and 5xx. */
const deniesTask = (reply: LiveReply): boolean =>
	reply.kind === 'answer' && (reply.status === 200 || Math.floor(reply.status / 100) === 4) && interpretSubmit(reply)?.kind === 'refused';

/** Counts the tasks that a user may have to pay for. A request with an unknown outcome counts as one. */
export class TaskBudget {
	/** The known tasks, in the order of their creation. */
	readonly taskIds: string[] = [];
	private spent = 0;

	constructor(private readonly most = MAX_TASKS) {}

	/** The number of tasks that are left. */
	get left(): number {
		return this.most - this.spent;
	}

	/**
	 * Sends a request that may create a task.
	 * @throws BudgetSpent instead of exceeding the budget
	 */
	async spend(send: () => Promise<LiveReply>): Promise<LiveReply> {
		if (this.left < 1) throw new BudgetSpent(`This check creates at most ${this.most} tasks, and they are used up.`);
		// Counted before it is sent, so that a request that throws or hangs stays counted.
		this.spent += 1;
		const reply = await send();
		const taskId = taskNamedIn(reply);
		if (deniesTask(reply) || (taskId !== undefined && this.taskIds.includes(taskId))) this.spent -= 1;
		else if (taskId !== undefined) this.taskIds.push(taskId);
		return reply;
	}
}
