import type { Recording } from './recorded';

/** The questions whose recorded response shows the shape of a successful one. */
export type ShapedResponse = 'accepted' | 'resultJson' | 'batchJson' | 'callback';

type Json = Record<string, unknown>;

/** Fields that the fake server fills in even if the recorded response lacks them, such as why a task failed. */
const KEPT = new Set(['code', 'result', 'sub_task_results', 'task_status', 'video', 'description']);

/** The live check writes this instead of a possible secret. */
const MASKED = '***';

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

const kindOf = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value);

/** Recorded values that only the recording has. A URL becomes one of the fake server, since it would lead out of this machine. */
function added(value: unknown, url: string): unknown {
	if (typeof value === 'string') return /^https?:\/\//.test(value) ? url : value;
	if (Array.isArray(value)) return value.map((entry: unknown) => added(entry, url));
	if (!isObject(value)) return value;
	return Object.fromEntries(Object.entries(value).flatMap(([name, entry]) => (entry === MASKED ? [] : [[name, added(entry, url)]])));
}

/**
 * The fake server's own values in the recorded shape: more or fewer fields, a text instead of a number, a list instead of
 * one value.
 */
function shapedLike(own: unknown, recorded: unknown): unknown {
	if (Array.isArray(recorded)) {
		const [first] = recorded as unknown[];
		const all: unknown[] = Array.isArray(own) ? own : own === '' ? [] : [own];
		return first === undefined ? all : all.map((entry) => shapedLike(entry, first));
	}
	if (isObject(recorded) && isObject(own)) {
		const url = typeof own['video'] === 'string' ? own['video'] : '';
		const fields = Object.entries(recorded).flatMap(([name, value]) => {
			if (name in own) return [[name, shapedLike(own[name], value)]];
			return value === MASKED ? [] : [[name, added(value, url)]];
		});
		const kept = Object.entries(own).filter(([name]) => !(name in recorded) && KEPT.has(name));
		return Object.fromEntries([...fields, ...kept]);
	}
	if (isObject(recorded)) return added(recorded, String(own));
	return typeof recorded === 'string' && typeof own === 'number' ? String(own) : own;
}

/** Whether the recorded body is a successful one: under these names a recording may also contain a refusal. */
function isSameKind(question: ShapedResponse, own: Json, recorded: unknown): recorded is Json {
	if (!isObject(recorded) || recorded['code'] !== own['code'] || kindOf(recorded['result']) !== kindOf(own['result'])) return false;
	return question !== 'accepted' || (recorded['result'] as Json)['task_id'] !== undefined;
}

/** The body of a response or a callback, in the recorded shape if there is one. IDs, statuses and URLs stay unchanged. */
export function inRecordedShape<T extends object>(recording: Recording | null, question: ShapedResponse, own: T): T {
	const recorded = recording?.answers[question];
	const body = recorded?.asked ? recorded.answer?.body : undefined;
	return isSameKind(question, own as Json, body) ? (shapedLike(own, body) as T) : own;
}

/** Headers that belong to one connection, or that the client must create for its own body. */
const OF_THE_CONNECTION = /^(host|connection|keep-alive|content-length|transfer-encoding|upgrade|te|trailer|expect|accept-encoding|proxy-.*)$/i;

/** The headers of the recorded callback, without harmful or masked ones. */
export function recordedCallbackHeaders(recording: Recording | null): Record<string, string> {
	const recorded = recording?.answers['callback'];
	const headers = recorded?.asked ? (recorded.answer?.headers ?? {}) : {};
	return Object.fromEntries(Object.entries(headers).filter(([name, value]) => value !== MASKED && !OF_THE_CONNECTION.test(name)));
}
