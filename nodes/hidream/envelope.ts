import { isObject } from './vendorJson';

/** HiDream's `code`. CERTAIN: a number. LIKELY: text on the newer gateway, such as `insufficient_credits`. */
export type Code = number | string;

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

/** Reads a list of IDs, or a single ID in its place. */
export const idsOf = (value: unknown): string[] =>
	(Array.isArray(value) ? value : [value]).flatMap((entry) => idOf(entry) ?? []);

/** The task that a response or a callback names: in its `result`, or at its top as `main_task_id` or `task_id`. */
export function taskIdOf(json: unknown): string | undefined {
	const body = isObject(json) ? json : {};
	const result = isObject(body.result) ? body.result : {};
	const named = [result.task_id, result.main_task_id, body.main_task_id, body.task_id];
	return named.map(idOf).find((id) => id !== undefined);
}

const TASK_FIELD = /^(main_?|sub_?)?task_?ids?$/i;

/** Whether JSON has the ID of a task in it, at any depth: such a response is never a refusal. */
export function mentionsTask(json: unknown): boolean {
	if (typeof json !== 'object' || json === null) return false;
	return Object.entries(json).some(([key, value]) => (TASK_FIELD.test(key) && idsOf(value).length > 0) || mentionsTask(value));
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
