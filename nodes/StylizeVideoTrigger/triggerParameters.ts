import type { INodeProperties, IWebhookFunctions } from 'n8n-workflow';
import type { TaskStatus } from '../hidream/status';
import { asChoice, asOptions, asText, InvalidInput, isUnset } from '../shared/input';
import { INPUT } from '../shared/messages/aboutInput';
import type { Parameter } from '../shared/parameter';
import type { ResultSettings } from '../video/result';
import { DOWNLOAD_VIDEO, MAX_DOWNLOAD_SIZE, OUTPUT_FIELD } from '../shared/sharedParameters';

const WITH_DOWNLOAD = { displayOptions: { show: { downloadVideo: [true] } } };

const EVENT_OPTIONS = [
	{ name: 'Failed', value: 'failed', description: 'HiDream could not restyle the video', action: 'On video failed' },
	{ name: 'Rejected', value: 'rejected', description: "HiDream's content review rejected the video", action: 'On video rejected' },
	{ name: 'Succeeded', value: 'succeeded', description: 'The video is finished', action: 'On video finished' },
] as const;

const EVENTS: INodeProperties = {
	displayName: 'Events',
	name: 'events',
	type: 'multiOptions',
	required: true,
	default: ['succeeded', 'failed', 'rejected'],
	description: 'Task results that trigger the workflow',
	options: [...EVENT_OPTIONS],
};

/** What the user sets; n8n shows the URL that HiDream calls above them. */
export const triggerParameters: INodeProperties[] = [
	{
		displayName:
			'Copy the production URL into "Notify URL" of a HiDream Stylize Video node with the same credential. HiDream only calls accounts that it has whitelisted: ask its support. To tell your videos apart, add a query such as ?order=17. The workflow gets it as "query".',
		name: 'notifyUrlNotice',
		type: 'notice',
		default: '',
	},
	EVENTS,
	DOWNLOAD_VIDEO.property,
	{ ...OUTPUT_FIELD.property, ...WITH_DOWNLOAD },
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		...WITH_DOWNLOAD,
		options: [MAX_DOWNLOAD_SIZE.property],
	},
];

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
	throw new InvalidInput(...INPUT.noEvents);
}

/** @throws InvalidInput naming the parameter that is wrong */
export function readTriggerSettings(context: IWebhookFunctions): TriggerSettings {
	const read = <T>({ property, read: parse }: Parameter<T>): T => parse(context.getNodeParameter(property.name, property.default));
	const options = asOptions(context.getNodeParameter('options', {}));
	return {
		events: readEvents(context.getNodeParameter(EVENTS.name, [])),
		download: read(DOWNLOAD_VIDEO),
		binaryField: read(OUTPUT_FIELD),
		maxBytes: MAX_DOWNLOAD_SIZE.read(options[MAX_DOWNLOAD_SIZE.property.name]),
		failsAsError: false,
	};
}
