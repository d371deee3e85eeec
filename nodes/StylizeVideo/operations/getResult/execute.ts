import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { queryTasks } from '../../../hidream/queryTasks';
import type { TaskQueryResult } from '../../../hidream/queryTasks';
import { Accounts } from '../../account';
import type { Account } from '../../account';
import { outputOf, throwIfEnded } from '../../finish';
import type { Results } from '../../finish';
import { InvalidInput, ItemParameters } from '../../../shared/input';
import { errorInfoOf } from '../../../shared/messages';
import { connectionOf } from '../../../shared/n8nHttpClient';
import type { FailedItem } from '../../../shared/output';
import { checked } from '../../plan';
import { queryFailed, readResultSettings, resultItem } from '../../../shared/result';
import type { ResultSettings } from '../../../shared/result';

interface Question {
	taskId: string;
	account: Account;
	settings: ResultSettings;
}

async function readTaskId(parameters: ItemParameters): Promise<{ taskId: string }> {
	const taskId = parameters.text('taskId', 'Task ID');
	if (taskId !== '') return { taskId };
	throw new InvalidInput('"Task ID" is empty', 'Enter the task_id that Submit returned.');
}

/** Reads an item. Once it names a task, nothing that is wrong with it is `invalid`: the video must not be submitted again. */
async function readItem(context: IExecuteFunctions, itemIndex: number, accounts: Accounts): Promise<Question | FailedItem> {
	const parameters = new ItemParameters(context, itemIndex);
	const named = await checked(readTaskId(parameters));
	if ('status' in named) return named;
	const readRest = async () => ({ account: await accounts.forItem(itemIndex), settings: readResultSettings(parameters) });
	const rest = await checked(readRest());
	return 'status' in rest ? queryFailed(rest.errorInfo, named.taskId) : { ...named, ...rest };
}

/** Asks about all tasks at once, account by account. */
async function askAll(context: IExecuteFunctions, questions: Question[]): Promise<Map<Question, TaskQueryResult>> {
	const answers = new Map<Question, TaskQueryResult>();
	const cancel = context.getExecutionCancelSignal();
	for (const account of new Set(questions.map((question) => question.account))) {
		const ours = questions.filter((question) => question.account === account);
		const settings = { cancel, confirmEmpty: true };
		const states = await queryTasks(connectionOf(context, account), settings, ours.map(({ taskId }) => taskId));
		for (const question of ours) {
			const answer = states.get(question.taskId);
			if (answer) answers.set(question, answer);
		}
	}
	return answers;
}

/**
 * Says how each task is, now: it never waits. Tasks that failed or that HiDream does not know are statuses.
 * @throws NodeApiError or NodeOperationError for the first item that failed, unless the node continues on fail
 */
export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const accounts = new Accounts(context);
	const results: Results = { done: new Map(), failed: new Map() };
	const questions = new Map<number, Question>();
	for (let i = 0; i < context.getInputData().length; i++) {
		const question = await readItem(context, i, accounts);
		if ('status' in question) results.failed.set(i, question);
		else questions.set(i, question);
	}
	throwIfEnded(context, results);
	const answers = await askAll(context, [...questions.values()]);
	const cancel = context.getExecutionCancelSignal();
	for (const [i, question] of questions) {
		const { taskId, account, settings } = question;
		const answer = answers.get(question);
		if (!answer || 'reason' in answer) {
			if (answer) results.failed.set(i, queryFailed(errorInfoOf(answer.reason), taskId));
			continue;
		}
		const result = await resultItem(context, i, answer.state, { settings, loopback: account.loopback, cancel });
		if ('failed' in result) results.failed.set(i, result.failed);
		else results.done.set(i, result.item);
	}
	throwIfEnded(context, results);
	return outputOf(context, results);
}
