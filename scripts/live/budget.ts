import { taskIdOf } from '../../nodes/hidream/response';
import type { Reply } from './client';
import { verdictOn } from './understood';

/** How many tasks one check may make, whatever happens. */
export const MOST_TASKS = 3;

/** One more task would be over the budget: nothing was sent. */
export class BudgetSpent extends Error {}

/** The task that an answer names. */
export const taskNamedIn = (reply: Reply): string | undefined => (reply.kind === 'answer' ? taskIdOf(reply.json) : undefined);

/** Whether an answer leaves no doubt that there is no task: the node's own rules, but no redirect and no 5xx. */
const deniesTask = (reply: Reply): boolean =>
	reply.kind === 'answer' && (reply.status === 200 || Math.floor(reply.status / 100) === 4) && verdictOn(reply)?.kind === 'refused';

/** Counts the tasks that a user may have to pay for. A request whose outcome is not known counts as one. */
export class TaskBudget {
	/** The tasks that are known, in the order in which they were made. */
	readonly taskIds: string[] = [];
	private spent = 0;

	constructor(private readonly most = MOST_TASKS) {}

	/** How many more tasks may be made. */
	get left(): number {
		return this.most - this.spent;
	}

	/**
	 * Sends a request that may make a task.
	 * @throws BudgetSpent instead of sending one too many
	 */
	async spend(send: () => Promise<Reply>): Promise<Reply> {
		if (this.left < 1) throw new BudgetSpent(`This check makes ${this.most} tasks at most, and they are made.`);
		// Taken off before it is sent: what throws here or hangs stays spent.
		this.spent += 1;
		const reply = await send();
		const taskId = taskNamedIn(reply);
		if (deniesTask(reply) || (taskId !== undefined && this.taskIds.includes(taskId))) this.spent -= 1;
		else if (taskId !== undefined) this.taskIds.push(taskId);
		return reply;
	}
}
