import { CODE_OK, type Code } from './codes';
import { MAX_RETRY_AFTER_MS } from './limits';
import { isObject } from './vendorJson';

/**
 * What all responses of HiDream have in common: `{ code, message, request_id, result }` (CERTAIN). A response without
 * a usable `code` need not come from HiDream.
 */
export interface Envelope {
	code?: Code;
	message?: string;
	requestId?: string;
	result: unknown;
}

/** Texts longer than this would flood an error message. */
const MAX_TEXT = 500;

/** Reads a `code`: a number, text that is a number, or any other text. Undefined for every other type. */
export function codeOf(value: unknown): Code | undefined {
	if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
	const text = typeof value === 'string' ? value.trim() : '';
	if (text === '') return undefined;
	const number = /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
	return Number.isFinite(number) && Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : text.slice(0, MAX_TEXT);
}

/**
 * Reads an ID: text, or a positive integer. `vendorJson` keeps integers beyond 2^53 as text; a number that has lost
 * digits is not an ID.
 */
export function idOf(value: unknown): string | undefined {
	if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? String(value) : undefined;
	const text = typeof value === 'string' ? value.trim() : '';
	return /^(null|undefined)?$/i.test(text) ? undefined : text;
}

/** Reads a list of IDs, or a single ID. */
export const idsOf = (value: unknown): string[] =>
	(Array.isArray(value) ? value : [value]).flatMap((entry) => idOf(entry) ?? []);

/** The task that a response (CERTAIN: `result.task_id`) or a callback names: in its `result`, or at its top as `main_task_id` or `task_id`. */
export function taskIdOf(json: unknown): string | undefined {
	const body = isObject(json) ? json : {};
	const result = isObject(body.result) ? body.result : {};
	const named = [result.task_id, result.main_task_id, body.main_task_id, body.task_id];
	return named.map(idOf).find((id) => id !== undefined);
}

const TASK_FIELD = /^(main_?)?task_?ids?$/i;
const SUB_TASK_FIELD = /^sub_?task_?ids?$/i;

/** The first ID in a field of this name, at any depth. */
function firstId(json: unknown, field: RegExp): string | undefined {
	if (typeof json !== 'object' || json === null) return undefined;
	const ids = Object.entries(json).map(([key, value]) => (field.test(key) ? idsOf(value)[0] : undefined) ?? firstId(value, field));
	return ids.find((id) => id !== undefined);
}

/** Reads the envelope of any response. Never throws: what is missing or of another type is undefined. */
export function parseEnvelope(json: unknown): Envelope {
	const body = isObject(json) ? json : {};
	const text = typeof body.message === 'number' ? String(body.message) : (body.message ?? body.msg);
	return {
		code: codeOf(body.code),
		message: typeof text === 'string' && text.trim() !== '' ? text.slice(0, MAX_TEXT) : undefined,
		requestId: idOf(body.request_id)?.slice(0, MAX_TEXT),
		result: body.result,
	};
}

/** Why a response is not whole: it broke off, or it is longer than `MAX_RESPONSE_BYTES`. */
export type BodyError = 'broken' | 'tooLong';

/** An HTTP response with its body read. */
export interface ApiResponse {
	status: number;
	headers: Readonly<Record<string, unknown>>;
	/** The body as `vendorJson` reads it; null or undefined when it is not JSON. */
	json: unknown;
	/** The beginning of a body that is not JSON. */
	truncated?: string;
	/** Why the body could not be read to its end, where that left no JSON. */
	bodyError?: BodyError;
}

/** What a body without a usable `code` is. It need not come from HiDream: a firewall, a proxy, a login page or a gateway may have sent it. */
export type BodyKind = BodyError | 'empty' | 'webPage' | 'foreignJson' | 'text';

/** What kind of body a response has that has no `code`. */
function bodyKind({ json, truncated = '', bodyError }: Pick<ApiResponse, 'json' | 'truncated' | 'bodyError'>): BodyKind {
	if (bodyError !== undefined) return bodyError;
	if (json !== null && json !== undefined) return 'foreignJson';
	if (truncated.trim() === '') return 'empty';
	return /^\s*</.test(truncated) ? 'webPage' : 'text';
}

/** The fields of a response, parsed but not classified. */
export interface Said {
	httpStatus: number;
	/** The vendor's `code`; undefined when the response need not come from HiDream. */
	vendorCode?: Code;
	/** The vendor's `message`, as it came, secrets redacted. */
	vendorMessage?: string;
	/** The vendor's `request_id`. */
	requestId?: string;
	taskId?: string;
	/** What the body is, where it has no `code`. */
	body?: BodyKind;
}

/** The response to a submit, parsed but not classified. */
export interface ParsedResponse extends Said {
	subTaskIds: string[];
	/** The body mentions a task, or a sub-task, in an unexpected field or before it broke off: it is never a refusal. */
	mentionsTask?: true;
	/** The task that it mentions. */
	mentionedTaskId?: string;
	/** The Retry-After header, in milliseconds. */
	retryAfterMs?: number;
}

/** Retry-After as seconds or as a date, in milliseconds from `now`, at most a day; undefined when it is neither. */
export function parseRetryAfter(header: unknown, now: number): number | undefined {
	if (typeof header !== 'string' || header.trim() === '') return undefined;
	if (/^\s*\d+(\.\d+)?\s*$/.test(header)) return Math.min(MAX_RETRY_AFTER_MS, Number(header) * 1000);
	// Date.parse accepts many texts that are no date; an HTTP date begins with the name of a day.
	const date = /^\s*[A-Z][a-z]{2,8},? /.test(header) && /\d\d:\d\d:\d\d/.test(header) ? Date.parse(header) : NaN;
	return Number.isNaN(date) ? undefined : Math.min(MAX_RETRY_AFTER_MS, Math.max(0, date - now));
}

/**
 * The task that the beginning of a response names, if the rest is lost: it is paid for. The task is accepted only with
 * `"code": 0` before it; with any other mention of a task the response does not count as a refusal.
 */
function readTruncated(truncated: string): Pick<ParsedResponse, 'vendorCode' | 'taskId' | 'mentionsTask' | 'mentionedTaskId'> {
	const start = /^\s*\{[^{]*"code"\s*:\s*(?:0|"\s*0\s*")\s*,[^{]*"result"\s*:\s*\{[^{}]*"task_id"\s*:\s*(?:"([^"\\]+)"|([1-9]\d*)(?=\s*[,}]))/;
	const [, text, number] = start.exec(truncated) ?? [];
	const taskId = text ?? number;
	if (taskId !== undefined) return { vendorCode: CODE_OK, taskId };
	const mention = /"(?:main_)?task_id"\s*:\s*(?:"([^"\\]+)"|([1-9]\d*)(?=\s*[,}])|"[^"]|[1-9])/.exec(truncated);
	return mention ? { mentionsTask: true, mentionedTaskId: idOf(mention[1] ?? mention[2]) } : {};
}

/** Parses a response that need not be the one to a submit. */
export function saidIn(response: ApiResponse): Said {
	const { code: vendorCode, message: vendorMessage, requestId } = parseEnvelope(response.json);
	return { httpStatus: response.status, vendorCode, vendorMessage, requestId, body: vendorCode === undefined ? bodyKind(response) : undefined };
}

/**
 * Parses the response to a submit, whose `result` is `{ task_id, sub_task_ids }` (CERTAIN). Accepts any JSON: a field that
 * is missing or of another type is undefined.
 * @param now the clock, in milliseconds, that a Retry-After date is measured against
 */
export function parseResponse(http: ApiResponse, now: number): ParsedResponse {
	const said = saidIn(http);
	const { result } = parseEnvelope(http.json);
	const truncated = readTruncated(http.truncated ?? '');
	const vendorCode = said.vendorCode ?? truncated.vendorCode;
	const taskId = taskIdOf(http.json) ?? truncated.taskId;
	const mentionedTaskId = truncated.mentionedTaskId ?? firstId(http.json, TASK_FIELD);
	return {
		...said,
		vendorCode,
		taskId,
		subTaskIds: isObject(result) ? idsOf(result.sub_task_ids) : [],
		mentionsTask: truncated.mentionsTask ?? (taskId === undefined && (mentionedTaskId ?? firstId(http.json, SUB_TASK_FIELD)) !== undefined ? true : undefined),
		mentionedTaskId: taskId === undefined ? mentionedTaskId : undefined,
		retryAfterMs: parseRetryAfter(http.headers['retry-after'], now),
		body: vendorCode === undefined ? said.body : undefined,
	};
}
