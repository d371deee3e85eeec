import type { INodeProperties } from 'n8n-workflow';
import { DOWNLOAD_VIDEO, MAX_DOWNLOAD_SIZE, OUTPUT_FIELD } from '../shared/resultParameters';

const WITH_DOWNLOAD = { displayOptions: { show: { downloadVideo: [true] } } };

export const EVENT_OPTIONS = [
	{ name: 'Failed', value: 'failed', description: 'HiDream could not restyle the video', action: 'On video failed' },
	{ name: 'Rejected', value: 'rejected', description: "HiDream's content review rejected the video", action: 'On video rejected' },
	{ name: 'Succeeded', value: 'succeeded', description: 'The video is finished', action: 'On video finished' },
] as const;

export const EVENTS: INodeProperties = {
	displayName: 'Events',
	name: 'events',
	type: 'multiOptions',
	required: true,
	default: ['succeeded', 'failed', 'rejected'],
	description: 'Task results that trigger the workflow',
	options: [...EVENT_OPTIONS],
};

/** What the user sets; n8n shows the URL that HiDream calls above them. */
export const parameters: INodeProperties[] = [
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
