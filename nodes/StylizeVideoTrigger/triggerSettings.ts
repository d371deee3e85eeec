import type { IWebhookFunctions } from 'n8n-workflow';
import type { TaskStatus } from '../hidream/status';
import { asChoice, asFieldName, asFlag, asNumber, asOptions, asText, InvalidInput, isUnset } from '../shared/input';
import { OUTPUT_FIELD } from '../shared/result';
import type { ResultSettings } from '../shared/result';
import { MEGABYTE } from '../video/measureDownload';

/** What a trigger is set to do with a task that ended. */
export interface TriggerSettings extends ResultSettings {
	events: ReadonlySet<TaskStatus>;
}

const EVENTS = ['succeeded', 'failed', 'rejected'] as const;

/** A list of events, or text that names them, separated by commas. */
function readEvents(value: unknown): ReadonlySet<TaskStatus> {
	const given: unknown[] = Array.isArray(value) ? value : asText(value, 'Events').split(',');
	const events = given.filter((event) => !isUnset(event)).map((event) => asChoice(event, 'Events', EVENTS));
	if (events.length > 0) return new Set(events);
	throw new InvalidInput('"Events" is empty', 'Choose at least one event.');
}

/** @throws InvalidInput naming the parameter that is wrong */
export function readTriggerSettings(context: IWebhookFunctions): TriggerSettings {
	const options = asOptions(context.getNodeParameter('options', {}));
	const { maxDownloadSize } = options;
	const megabytes = isUnset(maxDownloadSize) ? 0 : asNumber(maxDownloadSize, 'Max Download Size (MB)');
	return {
		events: readEvents(context.getNodeParameter('events', [])),
		download: asFlag(context.getNodeParameter('downloadVideo', false), 'Download Video'),
		binaryField: asFieldName(context.getNodeParameter('outputBinaryPropertyName', 'data'), OUTPUT_FIELD),
		maxBytes: megabytes * MEGABYTE,
		failsAsError: false,
	};
}
