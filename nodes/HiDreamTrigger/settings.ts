import { jsonParse } from 'n8n-workflow';
import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';
import { readCallback } from '../hidream/callback';
import type { TaskStatus } from '../hidream/status';
import { asNumber, asText } from '../StylizeVideo/input';
import type { ResultSettings } from '../StylizeVideo/result';
import { MEGABYTE } from '../video/measured';

/** What a trigger is set to do with a task that ended. */
export interface Settings extends ResultSettings {
	events: ReadonlySet<TaskStatus>;
}

/** An ID of HiDream has 36 characters; a longer text than this is not one, and is not passed on. */
const LONGEST_ID = 128;

/**
 * The task that the callback is about; undefined when it names none. UNKNOWN: the headers of a callback. n8n
 * reads a body as JSON only when they say so, hence the look at the bytes.
 */
export function calledTask(context: IWebhookFunctions): string | undefined {
	const raw = context.getRequestObject().rawBody?.toString('utf8') ?? '';
	const taskId = readCallback(context.getBodyData()) ?? readCallback(jsonParse<unknown>(raw, { fallbackValue: null }));
	return taskId !== undefined && /^[\x21-\x7e]+$/.test(taskId) && taskId.length <= LONGEST_ID ? taskId : undefined;
}

/** @throws InvalidInput naming the parameter that is wrong */
export function readSettings(context: IWebhookFunctions): Settings {
	const events: unknown = context.getNodeParameter('events', []);
	const options = context.getNodeParameter('options', {}) as IDataObject;
	const megabytes = asNumber(options.maxDownloadSize ?? 0, 'Max Download Size (MB)');
	return {
		events: new Set((Array.isArray(events) ? events : [events]) as TaskStatus[]),
		download: context.getNodeParameter('downloadVideo', false) === true,
		binaryField: asText(context.getNodeParameter('outputBinaryPropertyName', 'data'), 'Put Output File in Field') || 'data',
		maxBytes: megabytes * MEGABYTE,
		failsAsError: false,
	};
}
