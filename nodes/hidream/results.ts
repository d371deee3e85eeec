import type { IDataObject } from 'n8n-workflow';
import { httpWords } from './answerBody';
import { CODE_OK, meaningOf } from './codes';
import { batchResultUrl, resultUrl } from './endpoints';
import type { Failure } from './failure';
import { TASKS_PER_QUERY } from './limits';
import { query } from './query';
import type { Caller, Credential, HttpAnswer } from './signedRequest';
import { readTask, unknownTask } from './status';
import type { TaskState } from './status';
import { isObject } from './vendorJson';
import type { Problem } from './verdict';

/** What is known of a task after it has been asked about: its state, or why that could not be learnt. */
export type Asked = { state: TaskState } | { problem: Problem };

export interface ResultQuery {
	baseUrl: string;
	credential: Credential;
	/** How long one request may take, in milliseconds. */
	timeoutMs?: number;
	cancel?: AbortSignal;
	/** Asks again, singly, about a task that the batch answer names without saying anything: it may be unknown. */
	confirmEmpty?: boolean;
}

/** How many single queries run at once when the batch query is of no use. */
const SINGLE_QUERIES_AT_ONCE = 5;

const bodyOf = ({ json }: HttpAnswer): IDataObject | undefined => (isObject(json) ? json : undefined);

function problemOf(answer: HttpAnswer | Failure): Problem {
	if (answer.kind !== 'answer') {
		return { what: `HiDream could not be asked about the task: ${answer.reason}`, advice: 'Ask again later.' };
	}
	const body = bodyOf(answer);
	const code = typeof body?.code === 'number' ? body.code : undefined;
	const message = typeof body?.message === 'string' ? body.message.slice(0, 500) : undefined;
	return {
		what: `HiDream did not say how the task is: ${message ? `"${message}"` : httpWords(answer.status, answer.flaw)}${code === undefined ? '' : ` (code ${code})`}`,
		advice: meaningOf(code)?.advice ?? (answer.status === 401 ? 'Check the token or key in the HiDream API credential.' : 'Ask again later.'),
		httpStatus: answer.status,
		code,
		vendorMessage: message,
		requestId: typeof body?.request_id === 'string' ? body.request_id : undefined,
	};
}

/**
 * Asks about one task. A clear "no" that is about nothing else is taken for an unknown ID (UNKNOWN: what the
 * service answers then).
 */
async function askOne(caller: Caller, asked: ResultQuery, taskId: string): Promise<Asked> {
	const { baseUrl, credential, timeoutMs, cancel } = asked;
	const request = { method: 'GET' as const, url: resultUrl(baseUrl), qs: { task_id: taskId } };
	const answer = await query(caller, credential, request, { timeoutMs, cancel });
	const body = answer.kind === 'answer' ? bodyOf(answer) : undefined;
	if (answer.kind !== 'answer' || typeof body?.code !== 'number') return { problem: problemOf(answer) };
	if (answer.status === 200 && body.code === CODE_OK) {
		return { state: isObject(body.result) ? readTask(taskId, body.result.sub_task_results) : unknownTask(taskId) };
	}
	const aboutTheTask = (answer.status === 200 || answer.status === 400 || answer.status === 404) && !meaningOf(body.code);
	return aboutTheTask ? { state: unknownTask(taskId) } : { problem: problemOf(answer) };
}

/**
 * Asks about up to `TASKS_PER_QUERY` tasks at once; what the answer does not tell about is left out. Without a
 * connection every task gets that problem.
 */
async function askMany(caller: Caller, asked: ResultQuery, taskIds: string[]): Promise<Map<string, Asked>> {
	const { baseUrl, credential, timeoutMs, cancel } = asked;
	const request = { method: 'POST' as const, url: batchResultUrl(baseUrl), body: { task_id_list: taskIds }, json: true };
	const answer = await query(caller, credential, request, { timeoutMs, cancel });
	if (answer.kind !== 'answer') return new Map(taskIds.map((id) => [id, { problem: problemOf(answer) }]));
	const body = answer.status === 200 ? bodyOf(answer) : undefined;
	const found = new Map<string, Asked>();
	if (body?.code !== CODE_OK || !Array.isArray(body.result)) return found;
	for (const entry of body.result.filter(isObject)) {
		// LIKELY: each entry names its task. The order of the list is not relied on.
		const taskId = entry.task_id;
		if (typeof taskId !== 'string' || !taskIds.includes(taskId) || !Array.isArray(entry.sub_task_results)) continue;
		if (asked.confirmEmpty && entry.sub_task_results.length === 0) continue;
		found.set(taskId, { state: readTask(taskId, entry.sub_task_results) });
	}
	return found;
}

/** Runs `work` over `values`, a few at a time. */
async function few<T>(values: T[], atOnce: number, work: (value: T) => Promise<void>): Promise<void> {
	const rest = [...values];
	const lane = async () => {
		for (let value = rest.shift(); value !== undefined; value = rest.shift()) await work(value);
	};
	await Promise.all(Array.from({ length: Math.min(atOnce, rest.length) }, lane));
}

/**
 * Asks how each task is, all at once where the service allows it: batch queries of at most `TASKS_PER_QUERY`,
 * matched by `task_id`, and a single query for each task that the batch answer did not tell about.
 * Never throws; makes no task.
 * @returns an entry for every ID
 */
export async function askTasks(caller: Caller, asked: ResultQuery, taskIds: string[]): Promise<Map<string, Asked>> {
	const ids = [...new Set(taskIds)];
	const answers = new Map<string, Asked>();
	for (let at = 0; at < ids.length; at += TASKS_PER_QUERY) {
		const chunk = ids.slice(at, at + TASKS_PER_QUERY);
		for (const [id, answer] of await askMany(caller, asked, chunk)) answers.set(id, answer);
	}
	const [first, ...left] = ids.filter((id) => !answers.has(id));
	if (first === undefined) return answers;
	// Asked alone, to learn whether it is the batch query that is of no use, or the whole service.
	const trial = await askOne(caller, asked, first);
	answers.set(first, trial);
	await few(left, SINGLE_QUERIES_AT_ONCE, async (id) => {
		answers.set(id, 'problem' in trial ? trial : await askOne(caller, asked, id));
	});
	return answers;
}
