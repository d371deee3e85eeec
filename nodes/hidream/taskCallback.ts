import { withTimeout } from '../async/withTimeout';
import { CALLBACK_TIMEOUT_MS } from './limits';
import { taskIdOf } from './response';
import { vendorJson } from './vendorJson';

/**
 * The last parameter of a URL that HiDream calls. Whatever is appended to the URL becomes part of it, and the parameters
 * before it stay unchanged. UNKNOWN: whether HiDream, or a proxy, appends anything.
 */
export const LAST_PARAMETER = 'hidream';

/** LIKELY: an ID of HiDream has 36 characters. A text longer than this is not an ID. */
const MAX_ID_LENGTH = 128;

/**
 * The task that called; undefined when the callback names none. CERTAIN: v2 names it `main_task_id`; v3 has the shape of
 * a result query. Nothing else is taken from a callback: it is not signed.
 * @param raw the body as it came. It comes first, since IDs beyond 2^53 are rounded in a body that was parsed
 * @param parsed the body as the web server has parsed it, for where `raw` is missing (UNKNOWN: the headers of a callback)
 */
export function callbackTaskId(raw: string | undefined, parsed: unknown): string | undefined {
	const taskId = taskIdOf(vendorJson(raw ?? '')) ?? taskIdOf(parsed);
	return taskId !== undefined && /^[\x21-\x7e]+$/.test(taskId) && taskId.length <= MAX_ID_LENGTH ? taskId : undefined;
}

/**
 * The result of `work`, or undefined if it takes longer than HiDream waits for a response (CERTAIN: 5 s). It is a race,
 * because the signal does not end an exchange of the API key.
 */
export const withinCallbackTimeout = async <T>(work: (cancel: AbortSignal) => Promise<T>): Promise<T | undefined> =>
	await withTimeout(work(AbortSignal.timeout(CALLBACK_TIMEOUT_MS)), CALLBACK_TIMEOUT_MS);
