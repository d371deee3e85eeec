import { sleep } from 'n8n-workflow';
import type { IWebhookFunctions } from 'n8n-workflow';
import { taskIdOf } from './envelope';
import { CALLBACK_TIMEOUT_MS } from './limits';
import { vendorJson } from './vendorJson';

/**
 * The last parameter of a URL that HiDream calls. What is appended to the URL on its way lands in it, and the parameters
 * before it stay whole. UNKNOWN: whether HiDream, or a proxy, appends anything.
 */
export const LAST_PARAMETER = 'hidream';

/** An ID of HiDream has 36 characters; a longer text than this is not one, and is not passed on. */
const LONGEST_ID = 128;

/**
 * The task that called; undefined when the callback names none. CERTAIN: v2 names it `main_task_id`; v3 has the shape of
 * a result query. Nothing else is taken from a callback: it is not signed. The raw bytes come first, since n8n rounds
 * IDs beyond 2^53, and reads a body as JSON only when its headers say so (UNKNOWN for a callback).
 */
export function callbackTaskId(context: IWebhookFunctions): string | undefined {
	const raw = context.getRequestObject().rawBody?.toString('utf8') ?? '';
	const taskId = taskIdOf(vendorJson(raw)) ?? taskIdOf(context.getBodyData());
	return taskId !== undefined && /^[\x21-\x7e]+$/.test(taskId) && taskId.length <= LONGEST_ID ? taskId : undefined;
}

/**
 * What `asking` gives, or undefined when it takes longer than HiDream waits for our answer. An exchange of the
 * API key does not hear the signal that ends the questions, hence the race.
 */
export async function withinCallbackTimeout<T>(asking: (cancel: AbortSignal) => Promise<T>): Promise<T | undefined> {
	const answered = new AbortController();
	const tooLate = sleep(CALLBACK_TIMEOUT_MS, answered.signal).then(
		() => undefined,
		() => undefined,
	);
	try {
		return await Promise.race([asking(AbortSignal.timeout(CALLBACK_TIMEOUT_MS)), tooLate]);
	} finally {
		answered.abort();
	}
}
