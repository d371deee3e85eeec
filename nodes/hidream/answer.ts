import type { IDataObject } from 'n8n-workflow';
import type { Flaw } from './answerBody';
import { CODE_OK } from './codes';
import { LONGEST_RETRY_AFTER_MS } from './limits';
import { isObject } from './vendorJson';

/** An answer to a submit, taken apart but not judged. */
export interface Answer {
	httpStatus: number;
	/** The vendor's `code`; undefined when the body is not the API's JSON. */
	code?: number;
	vendorMessage?: string;
	requestId?: string;
	taskId?: string;
	subTaskIds: string[];
	/** The Retry-After header, in milliseconds. */
	retryAfterMs?: number;
	/** Why the body could not be read to its end, where that left no JSON. */
	flaw?: Flaw;
}

/** Text that is there, or undefined; vendor text is cut where it could flood an error. */
const text = (value: unknown): string | undefined =>
	typeof value === 'string' && value !== '' ? value.slice(0, 500) : undefined;

/** An ID as it came, a number too: one that is lost is a task that is lost. */
const idOf = (value: unknown): string | undefined =>
	(typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : undefined;

function codeOf(value: unknown): number | undefined {
	if (typeof value === 'number') return value;
	return typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : undefined;
}

/** Retry-After as seconds or as a date, in milliseconds from `now`, at most a day; undefined when it is neither. */
export function parseRetryAfter(header: unknown, now: number): number | undefined {
	if (typeof header !== 'string' || header.trim() === '') return undefined;
	if (/^\s*\d+(\.\d+)?\s*$/.test(header)) return Math.min(LONGEST_RETRY_AFTER_MS, Number(header) * 1000);
	// Date.parse makes a date of many a text; an HTTP date begins with the name of a day.
	const date = /^\s*[A-Z][a-z]{2,8},? /.test(header) && /\d\d:\d\d:\d\d/.test(header) ? Date.parse(header) : NaN;
	return Number.isNaN(date) ? undefined : Math.min(LONGEST_RETRY_AFTER_MS, Math.max(0, date - now));
}

/**
 * The task that the beginning of an answer names, where the rest of it was lost: it is paid for. Only one that
 * says so itself counts, with `"code": 0` before the task.
 */
function readTorn(torn: string): { code?: number; taskId?: string } {
	const [, taskId] = /^\s*\{[^{]*"code"\s*:\s*0\s*,[^{]*"result"\s*:\s*\{[^{}]*"task_id"\s*:\s*"([^"\\]+)"/.exec(torn) ?? [];
	return taskId === undefined ? {} : { code: CODE_OK, taskId };
}

/**
 * Takes an HTTP answer of the submit endpoint apart: `{ code, message, request_id, result: { task_id,
 * sub_task_ids } }` (CERTAIN). Survives any JSON: what is not there, or of another type, is undefined.
 * @param now the clock, in milliseconds, that a Retry-After date is measured against
 */
export function parseAnswer(
	http: { status: number; headers: IDataObject; json: unknown; torn?: string; flaw?: Flaw },
	now: number,
): Answer {
	const body = isObject(http.json) ? http.json : {};
	const result = isObject(body.result) ? body.result : {};
	const ids: unknown = result.sub_task_ids;
	const torn = readTorn(http.torn ?? '');
	return {
		httpStatus: http.status,
		code: codeOf(body.code) ?? torn.code,
		vendorMessage: text(body.message),
		requestId: text(body.request_id),
		taskId: idOf(result.task_id) ?? torn.taskId,
		subTaskIds: Array.isArray(ids) ? ids.filter((id): id is string => typeof id === 'string') : [],
		retryAfterMs: parseRetryAfter(http.headers['retry-after'], now),
		flaw: http.flaw,
	};
}
