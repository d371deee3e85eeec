import type { IWebhookFunctions } from 'n8n-workflow';
import type { TaskStatus } from '../hidream/status';
import { asFieldName, asNumber, asOptions } from '../StylizeVideo/input';
import { OUTPUT_FIELD } from '../StylizeVideo/result';
import type { ResultSettings } from '../StylizeVideo/result';
import { MEGABYTE } from '../video/measured';

/** What a trigger is set to do with a task that ended. */
export interface Settings extends ResultSettings {
	events: ReadonlySet<TaskStatus>;
}

/** @throws InvalidInput naming the parameter that is wrong */
export function readSettings(context: IWebhookFunctions): Settings {
	const events: unknown = context.getNodeParameter('events', []);
	const options = asOptions(context.getNodeParameter('options', {}));
	const megabytes = asNumber(options.maxDownloadSize ?? 0, 'Max Download Size (MB)');
	return {
		events: new Set((Array.isArray(events) ? events : [events]) as TaskStatus[]),
		download: context.getNodeParameter('downloadVideo', false) === true,
		binaryField: asFieldName(context.getNodeParameter('outputBinaryPropertyName', 'data'), OUTPUT_FIELD),
		maxBytes: megabytes * MEGABYTE,
		failsAsError: false,
	};
}
