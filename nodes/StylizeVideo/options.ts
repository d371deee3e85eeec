import type { INodeProperties } from 'n8n-workflow';

/** The default of "Keep Trying For", in minutes: twice the window in which HiDream counts tasks. */
export const KEEP_TRYING_MINUTES = 2;

/** How long a link to a binary file is good, by default, in hours. */
export const LINK_HOURS = 24;

/** The options of a submit, sorted by name. */
export const submitOptions = (operations: string[]): INodeProperties => ({
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	displayOptions: { show: { operation: operations } },
	options: [
		{
			displayName: 'API User ID',
			name: 'apiUserId',
			type: 'string',
			default: '',
			description: 'An identifier of the end user for whom the task is made. Beats the one in the credential.',
		},
		{
			displayName: 'Concurrency',
			name: 'concurrency',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 100, numberPrecision: 0 },
			default: 1,
			description: 'How many videos are sent at the same time',
		},
		{
			displayName: 'Keep Trying For (Minutes)',
			name: 'keepTryingFor',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: KEEP_TRYING_MINUTES,
			description:
				'How long a video is offered again while HiDream refuses it for a reason that passes, such as too many tasks at once. 0 gives up at the first refusal.',
		},
		{
			displayName: 'Link Expires In (Hours)',
			name: 'linkExpiresIn',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: LINK_HOURS,
			description: 'How long HiDream can fetch the video when Input Type is Link to Binary File',
		},
		{
			displayName: 'Notify URL',
			name: 'notifyUrl',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://n8n.example.com/webhook/hidream',
			description: 'HiDream calls this URL when the task has ended. It must be reachable from the public internet.',
		},
		{
			displayName: 'Request ID',
			name: 'requestId',
			type: 'string',
			default: '',
			description: 'Your own ID for the request. Without one, the node makes a UUID.',
		},
		{
			displayName: 'Retry Codes',
			name: 'retryCodes',
			type: 'string',
			default: '',
			placeholder: 'e.g. 2010, 2011',
			description: 'Codes of HiDream, separated by commas, that pass: a video refused with one of them is offered again',
		},
		{
			displayName: 'Submit Once Key',
			name: 'submitOnceKey',
			type: 'string',
			default: '',
			placeholder: 'e.g. {{ $json.fileName }}',
			description:
				'A video whose key this node has submitted before is not submitted again, in no later execution either, not even after a crash of n8n. It comes out as "already_submitted".',
		},
		{
			displayName: 'Tasks per Minute',
			name: 'tasksPerMinute',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 2,
			description:
				'How many tasks are submitted within a minute, counted over all executions of this n8n process that use the same account. 0 = no limit. Beats the credential.',
		},
		{
			displayName: 'When Uncertain',
			name: 'whenUncertain',
			type: 'options',
			default: 'report',
			description: 'What to do when no clear answer came, so that nobody knows whether there is a task',
			options: [
				{ name: 'Report', value: 'report', description: 'Fail the item and never send it again: it may have been paid for' },
				{ name: 'Submit Again', value: 'resubmit', description: 'Send it again: it may be paid for twice' },
			],
		},
	],
});
