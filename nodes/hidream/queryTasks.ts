import { limitConcurrency } from '../async/limitConcurrency';
import { parseResponse } from './response';
import { isOk, meaningOf } from './codes';
import { batchResultUrl, resultUrl } from './endpoints';
import { parseEnvelope, taskIdOf } from './envelope';
import type { TransportError } from './transportError';
import { refusalProblem } from './classifyResponse';
import { TASKS_PER_QUERY } from './limits';
import { sendQuery } from './query';
import type { Caller, Credential, HttpResult } from './signedRequest';
import { entriesOf, readTask, unknownTask } from './status';
import type { TaskState } from './status';
import { isObject } from './vendorJson';
import type { ErrorInfo } from './verdict';

/** What is known of a task after it has been asked about: its state, or why that could not be learnt. */
export type TaskQueryResult = { state: TaskState } | { errorInfo: ErrorInfo };

export interface TaskQuery {
	baseUrl: string;
	credential: Credential;
	/** How long one request may take, in milliseconds. */
	timeoutMs?: number;
	cancel?: AbortSignal;
	/** Asks again, singly, about a task that the batch answer names without saying anything: it may be unknown. */
	confirmEmpty?: boolean;
}

/** How many queries run at once: thousands of tasks must be asked about before HiDream stops waiting for us. */
const QUERIES_AT_ONCE = 5;

function problemOf(answer: HttpResult | TransportError): ErrorInfo {
	if (answer.kind !== 'answer') {
		return { message: `The status of the task could not be queried: ${answer.reason}`, hint: 'Try again later.' };
	}
	const parsed = parseResponse(answer, 0);
	const errorInfo = refusalProblem(parsed, 'HiDream did not return the status of the task');
	const isKnown = parsed.code === undefined || parsed.httpStatus === 401 || meaningOf(parsed.code) !== undefined;
	return isKnown ? errorInfo : { ...errorInfo, hint: 'Try again later.' };
}

/** The entries of a task in a result, or in one of its entries; undefined when there is no place for them. */
function subTasksIn(value: unknown, taskId: string): unknown {
	if (!Array.isArray(value)) return isObject(value) ? (value.sub_task_results ?? ('task_status' in value ? value : undefined)) : undefined;
	const own = value.filter(isObject).find((entry) => taskIdOf(entry) === taskId);
	return own ? subTasksIn(own, taskId) : value.filter((entry) => isObject(entry) && 'task_status' in entry);
}

/** Words of a service that has trouble of its own, which says nothing about the task. */
const TROUBLE = /busy|overload|congest|time.?out|internal|system|server|unavailable|try.*later|maintenance|limit|frequent/i;

/** Words for an ID that the service does not know. */
const NO_SUCH_TASK = /not.?(found|exist)|no.such|does.?n.?t.exist|unknown.(id|task)|不存在|未找到/i;

/**
 * Asks about one task. A clear "no" that is about nothing else is taken for an unknown ID (UNKNOWN: what the
 * service answers then).
 */
async function queryOne(caller: Caller, asked: TaskQuery, taskId: string): Promise<TaskQueryResult> {
	const { baseUrl, credential, timeoutMs, cancel } = asked;
	const request = { method: 'GET' as const, url: resultUrl(baseUrl), qs: { task_id: taskId } };
	const answer = await sendQuery(caller, credential, request, { timeoutMs, cancel });
	if (answer.kind !== 'answer') return { errorInfo: problemOf(answer) };
	const { code, message, result } = parseEnvelope(answer.json);
	const subTasks = subTasksIn(result, taskId);
	// Whatever the code says, what stands there of the task is true of it.
	if (answer.status === 200 && entriesOf(subTasks).length > 0) return { state: readTask(taskId, subTasks) };
	if (code === undefined) return { errorInfo: problemOf(answer) };
	if (answer.status === 200 && isOk(code)) {
		return { state: isObject(result) ? readTask(taskId, subTasks) : unknownTask(taskId) };
	}
	const words = `${code} ${message ?? ''}`;
	const isTrouble = TROUBLE.test(words) && !NO_SUCH_TASK.test(words);
	const aboutTheTask = [200, 400, 404].includes(answer.status) && !isOk(code) && !meaningOf(code) && !isTrouble;
	return aboutTheTask ? { state: unknownTask(taskId) } : { errorInfo: problemOf(answer) };
}

/**
 * Asks about up to `TASKS_PER_QUERY` tasks at once; what the answer does not tell about is left out. Without a
 * connection every task gets that problem.
 */
async function queryBatch(caller: Caller, asked: TaskQuery, taskIds: string[]): Promise<Map<string, TaskQueryResult>> {
	const { baseUrl, credential, timeoutMs, cancel } = asked;
	const request = { method: 'POST' as const, url: batchResultUrl(baseUrl), body: { task_id_list: taskIds }, json: true };
	const answer = await sendQuery(caller, credential, request, { timeoutMs, cancel });
	if (answer.kind !== 'answer') return new Map(taskIds.map((id) => [id, { errorInfo: problemOf(answer) }]));
	const { code, result } = parseEnvelope(answer.json);
	const found = new Map<string, TaskQueryResult>();
	if (answer.status !== 200 || !isOk(code)) return found;
	const wanted = new Set(taskIds);
	for (const entry of (Array.isArray(result) ? result : [result]).filter(isObject)) {
		// LIKELY: each entry names its task. The order of the list is not relied on.
		const taskId = taskIdOf(entry);
		if (taskId === undefined || !wanted.has(taskId)) continue;
		const subTasks = subTasksIn(entry, taskId);
		if (subTasks === undefined || (asked.confirmEmpty && entriesOf(subTasks).length === 0)) continue;
		found.set(taskId, { state: readTask(taskId, subTasks) });
	}
	return found;
}

/**
 * Asks how each task is, all at once where the service allows it: batch queries of at most `TASKS_PER_QUERY`,
 * matched by `task_id`, and a single query for each task that the batch answer did not tell about.
 * Never throws; makes no task.
 * @returns an entry for every ID
 */
export async function queryTasks(caller: Caller, asked: TaskQuery, taskIds: string[]): Promise<Map<string, TaskQueryResult>> {
	const ids = [...new Set(taskIds)];
	const answers = new Map<string, TaskQueryResult>();
	const chunks = Array.from({ length: Math.ceil(ids.length / TASKS_PER_QUERY) }, (_, n) =>
		ids.slice(n * TASKS_PER_QUERY, (n + 1) * TASKS_PER_QUERY),
	);
	const inTurn = limitConcurrency(QUERIES_AT_ONCE);
	const forEach = async <T>(values: T[], work: (value: T) => Promise<void>) => await Promise.all(values.map(async (value) => await inTurn(async () => await work(value))));
	await forEach(chunks, async (chunk) => {
		for (const [id, answer] of await queryBatch(caller, asked, chunk)) answers.set(id, answer);
	});
	const [first, ...left] = ids.filter((id) => !answers.has(id));
	if (first === undefined) return answers;
	// Asked alone, to learn whether it is the batch query that is of no use, or the whole service.
	const trial = await queryOne(caller, asked, first);
	answers.set(first, trial);
	await forEach(left, async (id) => {
		answers.set(id, 'errorInfo' in trial ? trial : await queryOne(caller, asked, id));
	});
	return answers;
}
