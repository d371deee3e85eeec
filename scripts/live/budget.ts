import { CODE_OK } from '../../nodes/hidream/codes';
import { isObject } from '../../nodes/hidream/vendorJson';
import { codeOf, type Reply } from './client';

/** How many tasks one check may make, whatever happens. */
export const MOST_TASKS = 3;

/** One more task would be over the budget: nothing was sent. */
export class BudgetSpent extends Error {}

/** The task that an answer names. */
export function taskIdOf(reply: Reply): string | undefined {
	const body = reply.kind === 'answer' && isObject(reply.json) ? reply.json : {};
	const id = isObject(body.result) ? body.result.task_id : undefined;
	return (typeof id === 'string' && id !== '') || typeof id === 'number' ? String(id) : undefined;
}

/** Whether an answer leaves no doubt that there is no task. Only a plain no does: everything else counts as one. */
function deniesTask(reply: Reply): boolean {
	if (reply.kind === 'failed' || taskIdOf(reply) !== undefined) return false;
	const code = codeOf(reply);
	if (reply.status === 200) return code !== undefined && code !== CODE_OK;
	// A gateway that lost its patience may have passed the request on.
	return reply.status >= 400 && reply.status < 500 && reply.status !== 408 && reply.status !== 499;
}

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
		const taskId = taskIdOf(reply);
		if (deniesTask(reply) || (taskId !== undefined && this.taskIds.includes(taskId))) this.spent -= 1;
		else if (taskId !== undefined) this.taskIds.push(taskId);
		return reply;
	}
}
