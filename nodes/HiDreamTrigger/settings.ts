import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';
import type { TaskStatus } from '../hidream/status';
import { asNumber, asText } from '../StylizeVideo/input';
import type { ResultSettings } from '../StylizeVideo/result';
import { MEGABYTE } from '../video/measured';

/** What a trigger is set to do with a task that ended. */
export interface Settings extends ResultSettings {
	events: ReadonlySet<TaskStatus>;
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
