import type { INodeProperties } from 'n8n-workflow';

const withDownload = { displayOptions: { show: { downloadVideo: [true] } } };

/** What the user sets; the URL that HiDream is to call is shown by n8n above them. */
export const parameters: INodeProperties[] = [
	{
		displayName:
			'Copy the production URL into "Notify URL" of a HiDream Stylize Video node with the same account. You may add what tells your videos apart, such as ?order=17: it comes out as "query". HiDream calls only accounts that it has put on its whitelist: ask its support.',
		name: 'notifyUrlNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Events',
		name: 'events',
		type: 'multiOptions',
		required: true,
		default: ['succeeded', 'failed', 'rejected'],
		description: 'Which ends of a task start the workflow',
		options: [
			{ name: 'Failed', value: 'failed', description: 'HiDream could not restyle the video' },
			{ name: 'Rejected', value: 'rejected', description: 'The content review refused the video' },
			{ name: 'Succeeded', value: 'succeeded', description: 'The video is finished' },
		],
	},
	{
		displayName: 'Download Video',
		name: 'downloadVideo',
		type: 'boolean',
		default: false,
		description: 'Whether to download the finished video into a binary field of the item',
	},
	{
		displayName: 'Put Output File in Field',
		name: 'outputBinaryPropertyName',
		type: 'string',
		default: 'data',
		required: true,
		hint: 'The name of the output binary field to put the file in',
		...withDownload,
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		...withDownload,
		options: [
			{
				displayName: 'Max Download Size (MB)',
				name: 'maxDownloadSize',
				type: 'number',
				typeOptions: { minValue: 0 },
				default: 0,
				description: 'A larger video is not downloaded; the item comes out without it. 0 = no limit.',
			},
		],
	},
];
