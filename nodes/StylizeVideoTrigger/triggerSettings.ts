import type { IWebhookFunctions } from 'n8n-workflow';
import type { TaskStatus } from '../hidream/status';
import { asChoice, asOptions, asText, InvalidInput, isUnset } from '../shared/input';
import type { Parameter } from '../shared/parameter';
import type { ResultSettings } from '../shared/result';
import { DOWNLOAD_VIDEO, MAX_DOWNLOAD_SIZE, OUTPUT_FIELD } from '../shared/resultParameters';
import { MEGABYTE } from '../video/measureDownload';
import { EVENT_OPTIONS, EVENTS } from './parameters';

/** What a trigger does with a task that has ended. */
export interface TriggerSettings extends ResultSettings {
	events: ReadonlySet<TaskStatus>;
}

/** A list of events, or text that names them, separated by commas. */
function readEvents(value: unknown): ReadonlySet<TaskStatus> {
	const { displayName } = EVENTS;
	const given: unknown[] = Array.isArray(value) ? value : asText(value, displayName).split(',');
	const events = given.filter((event) => !isUnset(event)).map((event) => asChoice(event, displayName, EVENT_OPTIONS));
	if (events.length > 0) return new Set(events);
	throw new InvalidInput('"Events" is empty', 'Choose at least one event.');
}

/** @throws InvalidInput naming the parameter that is wrong */
export function readTriggerSettings(context: IWebhookFunctions): TriggerSettings {
	const read = <T>({ property, read: parse }: Parameter<T>): T => parse(context.getNodeParameter(property.name, property.default));
	const options = asOptions(context.getNodeParameter('options', {}));
	return {
		events: readEvents(context.getNodeParameter(EVENTS.name, [])),
		download: read(DOWNLOAD_VIDEO),
		binaryField: read(OUTPUT_FIELD),
		maxBytes: MAX_DOWNLOAD_SIZE.read(options[MAX_DOWNLOAD_SIZE.property.name]) * MEGABYTE,
		failsAsError: false,
	};
}
