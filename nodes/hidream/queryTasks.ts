import { limitConcurrency } from '../async/limitConcurrency';
import { isOk, meaningOf } from './codes';
import { batchResultUrl, resultUrl } from './endpoints';
import { hasResponse, type Connection, type TransportError } from './http';
import { TASKS_PER_QUERY } from './limits';
import { sendQuery, type Query } from './query';
import { parseEnvelope, saidIn, taskIdOf, type ApiResponse, type Said } from './response';
import { entriesOf, readTask, unknownTask, type TaskState } from './status';
import { isObject } from './vendorJson';

/** Why the state of a task is unknown: the query was refused, or had no response. */
export type QueryReason = ({ code: 'statusRefused' } & Said) | { code: 'statusNoResponse'; failure: TransportError };

/** The result of a query for one task: its state, or why that is unknown. */
export type TaskQueryResult = { state: TaskState } | { reason: QueryReason };

/** How to query. */
export interface QuerySettings {
	/** Ends the queries immediately. */
	cancel?: AbortSignal;
	/** Queries a task alone if the batch response names it without a status: HiDream may not know it. */
	confirmEmpty?: boolean;
}

/** How many queries run at the same time: thousands of tasks must be queried within the 5 s that HiDream waits after a callback. */
const MAX_CONCURRENT_QUERIES = 5;

/** After this many failed queries of single tasks, the service counts as unavailable. One task alone can make HiDream fail. */
const MAX_FAILED_QUERIES = 3;

/** The query for one task. LIKELY: "submit URL + /results" is certain on the sibling modules. */
export const singleQuery = (baseUrl: string, taskId: string): Query => ({ method: 'GET', url: resultUrl(baseUrl), query: { task_id: taskId } });

/** The query for at most `TASKS_PER_QUERY` tasks (LIKELY, see `batchResultUrl`). */
export const batchQuery = (baseUrl: string, taskIds: string[]): Query => ({
	method: 'POST',
	url: batchResultUrl(baseUrl),
	headers: { 'Content-Type': 'application/json' },
	body: JSON.stringify({ task_id_list: taskIds }),
});

const reasonOf = (result: ApiResponse | TransportError): QueryReason =>
	hasResponse(result) ? { code: 'statusRefused', ...saidIn(result) } : { code: 'statusNoResponse', failure: result };

/** The entries of a task in a result, or in one of its entries; undefined if there is no field for them. */
function subTasksIn(value: unknown, taskId: string): unknown {
	if (!Array.isArray(value)) return isObject(value) ? (value.sub_task_results ?? ('task_status' in value ? value : undefined)) : undefined;
	const own = value.filter(isObject).find((entry) => taskIdOf(entry) === taskId);
	return own ? subTasksIn(own, taskId) : value.filter((entry) => isObject(entry) && 'task_status' in entry);
}

/** UNKNOWN: words for a problem of the service, which say nothing about the task. */
const TROUBLE = /busy|overload|congest|time.?out|internal|system|server|unavailable|try.*later|maintenance|limit|frequent/i;

/** UNKNOWN: words for an ID that the service does not know. */
const NO_SUCH_TASK = /not.?(found|exist)|no.such|does.?n.?t.exist|unknown.(id|task)|不存在|未找到/i;

/**
 * Queries one task. A refusal that has no other known meaning counts as an unknown ID (UNKNOWN: HiDream's response to an
 * unknown ID).
 */
async function queryOne(connection: Connection, settings: QuerySettings, taskId: string): Promise<TaskQueryResult> {
	const response = await sendQuery(connection, singleQuery(connection.baseUrl, taskId), settings);
	if (!hasResponse(response)) return { reason: reasonOf(response) };
	const { code, message, result } = parseEnvelope(response.json);
	const subTasks = subTasksIn(result, taskId);
	// An entry of the task counts, whatever the code is.
	if (response.status === 200 && entriesOf(subTasks).length > 0) return { state: readTask(taskId, subTasks) };
	if (code === undefined) return { reason: reasonOf(response) };
	if (response.status === 200 && isOk(code)) return { state: isObject(result) ? readTask(taskId, subTasks) : unknownTask(taskId) };
	const words = `${code} ${message ?? ''}`;
	const isTrouble = TROUBLE.test(words) && !NO_SUCH_TASK.test(words);
	const isAboutTask = [200, 400, 404].includes(response.status) && !isOk(code) && !meaningOf(code) && !isTrouble;
	return isAboutTask ? { state: unknownTask(taskId) } : { reason: reasonOf(response) };
}

/**
 * Queries up to `TASKS_PER_QUERY` tasks in one request. The result lacks the tasks that the response does not mention;
 * without a response all tasks get the reason.
 */
async function queryBatch(connection: Connection, settings: QuerySettings, taskIds: string[]): Promise<Map<string, TaskQueryResult>> {
	const response = await sendQuery(connection, batchQuery(connection.baseUrl, taskIds), settings);
	if (!hasResponse(response)) return new Map(taskIds.map((id) => [id, { reason: reasonOf(response) }]));
	const { code, result } = parseEnvelope(response.json);
	const found = new Map<string, TaskQueryResult>();
	if (response.status !== 200 || !isOk(code)) return found;
	const wanted = new Set(taskIds);
	for (const entry of (Array.isArray(result) ? result : [result]).filter(isObject)) {
		// LIKELY: each entry names its task. The order of the list is not relied on.
		const taskId = taskIdOf(entry);
		if (taskId === undefined || !wanted.has(taskId)) continue;
		const subTasks = subTasksIn(entry, taskId);
		if (subTasks === undefined || (settings.confirmEmpty && entriesOf(subTasks).length === 0)) continue;
		found.set(taskId, { state: readTask(taskId, subTasks) });
	}
	return found;
}

/**
 * Queries all tasks: in batches of at most `TASKS_PER_QUERY`, matched by `task_id`, and each task alone that a batch
 * response does not mention. Never throws; creates no task.
 * @returns an entry for every ID
 */
export async function queryTasks(connection: Connection, settings: QuerySettings, taskIds: string[]): Promise<Map<string, TaskQueryResult>> {
	const ids = [...new Set(taskIds)];
	const results = new Map<string, TaskQueryResult>();
	const chunks = Array.from({ length: Math.ceil(ids.length / TASKS_PER_QUERY) }, (_, n) => ids.slice(n * TASKS_PER_QUERY, (n + 1) * TASKS_PER_QUERY));
	const inTurn = limitConcurrency(MAX_CONCURRENT_QUERIES);
	const forEach = async <T>(values: T[], work: (value: T) => Promise<void>) => await Promise.all(values.map(async (value) => await inTurn(async () => await work(value))));
	await forEach(chunks, async (chunk) => {
		for (const [id, result] of await queryBatch(connection, settings, chunk)) results.set(id, result);
	});
	// The first ones show whether only the batch query or one task fails, or the whole service.
	const failed: TaskQueryResult[] = [];
	for (const id of ids.filter((each) => !results.has(each))) {
		const result = await queryOne(connection, settings, id);
		results.set(id, result);
		if (!('reason' in result) || failed.push(result) === MAX_FAILED_QUERIES) break;
	}
	const failure = failed[MAX_FAILED_QUERIES - 1];
	await forEach(ids.filter((id) => !results.has(id)), async (id) => void results.set(id, failure ?? (await queryOne(connection, settings, id))));
	return results;
}
