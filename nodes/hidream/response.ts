import type { IDataObject } from 'n8n-workflow';
import type { BodyError } from './responseBody';
import { CODE_OK } from './codes';
import { idsOf, mentionsTask, parseEnvelope, taskIdOf } from './envelope';
import type { Code } from './envelope';
import { bodyKind } from './foreignResponse';
import type { BodyKind } from './foreignResponse';
import { MAX_RETRY_AFTER_MS } from './limits';
import { isObject } from './vendorJson';

/** A response, taken apart but not judged. */
export interface ParsedResponse {
	httpStatus: number;
	/** The vendor's `code`; undefined when the response need not come from HiDream. */
	code?: Code;
	vendorMessage?: string;
	requestId?: string;
	taskId?: string;
	subTaskIds: string[];
	/** The body mentions a task in another place than the API's, or is lost after its beginning. */
	mayNameTask?: true;
	/** The Retry-After header, in milliseconds. */
	retryAfterMs?: number;
	/** What the body is, where it has no `code`. */
	body?: BodyKind;
}

/** An HTTP response as it came. */
export interface HttpResponse {
	status: number;
	headers: IDataObject;
	/** The body as JSON; null or undefined when it is none. */
	json: unknown;
	/** The beginning of a body that is no JSON. */
	truncated?: string;
	/** Why the body could not be read to its end, where that left no JSON. */
	bodyError?: BodyError;
}

/** Retry-After as seconds or as a date, in milliseconds from `now`, at most a day; undefined when it is neither. */
export function parseRetryAfter(header: unknown, now: number): number | undefined {
	if (typeof header !== 'string' || header.trim() === '') return undefined;
	if (/^\s*\d+(\.\d+)?\s*$/.test(header)) return Math.min(MAX_RETRY_AFTER_MS, Number(header) * 1000);
	// Date.parse makes a date of many a text; an HTTP date begins with the name of a day.
	const date = /^\s*[A-Z][a-z]{2,8},? /.test(header) && /\d\d:\d\d:\d\d/.test(header) ? Date.parse(header) : NaN;
	return Number.isNaN(date) ? undefined : Math.min(MAX_RETRY_AFTER_MS, Math.max(0, date - now));
}

/**
 * The task that the beginning of a response names, where the rest of it was lost: it is paid for. Accepted is only one
 * with `"code": 0` before the task; any other mention of a task forbids to call the response a refusal.
 */
function readTruncated(truncated: string): Pick<ParsedResponse, 'code' | 'taskId' | 'mayNameTask'> {
	const start = /^\s*\{[^{]*"code"\s*:\s*(?:0|"\s*0\s*")\s*,[^{]*"result"\s*:\s*\{[^{}]*"task_id"\s*:\s*(?:"([^"\\]+)"|([1-9]\d*)(?=\s*[,}]))/;
	const [, text, number] = start.exec(truncated) ?? [];
	const taskId = text ?? number;
	if (taskId !== undefined) return { code: CODE_OK, taskId };
	return /"(?:main_)?task_id"\s*:\s*(?:"[^"]|[1-9])/.test(truncated) ? { mayNameTask: true } : {};
}

/**
 * Takes an HTTP response apart; of a submit, `result` is `{ task_id, sub_task_ids }` (CERTAIN). Survives any JSON: what
 * is not there, or of another type, is undefined.
 * @param now the clock, in milliseconds, that a Retry-After date is measured against
 */
export function parseResponse(http: HttpResponse, now: number): ParsedResponse {
	const { code, message, requestId, result } = parseEnvelope(http.json);
	const truncated = readTruncated(http.truncated ?? '');
	const readCode = code ?? truncated.code;
	const taskId = taskIdOf(http.json) ?? truncated.taskId;
	return {
		httpStatus: http.status,
		code: readCode,
		vendorMessage: message,
		requestId,
		taskId,
		subTaskIds: isObject(result) ? idsOf(result.sub_task_ids) : [],
		mayNameTask: truncated.mayNameTask ?? (taskId === undefined && mentionsTask(http.json) ? true : undefined),
		retryAfterMs: parseRetryAfter(http.headers['retry-after'], now),
		body: readCode === undefined ? bodyKind(http) : undefined,
	};
}
