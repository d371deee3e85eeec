import type { INodeProperties } from 'n8n-workflow';
import { MIN_POLL_MS } from '../hidream/limits';

/**
 * The default of "Keep Trying For", in minutes. An account may be full for as long as a task runs (LIKELY 2 to 3),
 * and for many times that where several n8n processes share it.
 */
export const KEEP_TRYING_MINUTES = 60;

/** How long a link to a binary file is good, by default, in hours. */
export const LINK_HOURS = 24;

/** How long a task is waited for, by default, in minutes. */
export const MAX_WAIT_MINUTES = 60;

/** The first pause between two questions, by default, in seconds. */
export const POLL_SECONDS = 10;

/** The largest video that is downloaded, by default, in MB (1,000,000 bytes); 0 = no limit. */
export const MAX_DOWNLOAD_MB = 0;

export type Operation = 'submit' | 'submitAndWait' | 'getResult';

/** What every operation that submits can be told beside its parameters. */
const SUBMIT_OPTIONS: INodeProperties[] = [
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
		displayName: 'Dry Run',
		name: 'dryRun',
		type: 'boolean',
		default: false,
		description:
			'Whether to only check all items and report what submitting them would take. No video is sent and nothing is paid.',
	},
	{
		displayName: 'Keep Trying For (Minutes)',
		name: 'keepTryingFor',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: KEEP_TRYING_MINUTES,
		description:
			'How long HiDream\'s refusals are waited out when their reason passes, such as too many tasks at once, counted from the first of an unbroken row. 0 gives up at the first refusal.',
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
		placeholder: 'e.g. 2010, too_many_tasks',
		description: 'Comma-separated HiDream error codes to treat as temporary. Videos rejected with one of them are retried.',
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
			'How many tasks are submitted within a minute, counted over all executions of this n8n process that use the same account. 0 = no limit, 0.5 = one in two minutes. Beats the credential.',
	},
	{
		displayName: 'When Limit Reached',
		name: 'whenLimitReached',
		type: 'options',
		default: 'wait',
		description: 'What to do with a video that HiDream may not be sent yet, because a limit is reached',
		options: [
			{
				name: 'Return',
				value: 'return',
				description: 'Give the item out at once, as "not_submitted" with the seconds to wait in "retry_after"',
			},
			{ name: 'Wait', value: 'wait', description: 'Keep the execution running until there is room' },
		],
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
];

const NOTIFY_OPTIONS: INodeProperties[] = [
	{
		displayName: 'Notify URL',
		name: 'notifyUrl',
		type: 'string',
		default: '',
		placeholder: 'e.g. https://n8n.example.com/webhook/hidream',
		description: 'HiDream calls this URL when the task has ended. It must be reachable from the public internet.',
	},
];

/** What every operation that waits can be told. */
const WAIT_OPTIONS: INodeProperties[] = [
	{
		displayName: 'Max Wait (Minutes)',
		name: 'maxWait',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: MAX_WAIT_MINUTES,
		description: 'How long to wait for each task once HiDream has accepted it. A task that takes longer comes out as "timed_out" with its task ID.',
	},
	{
		displayName: 'Parallel Tasks',
		name: 'parallelTasks',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 1,
		description:
			'How many tasks run at the same time, counted over all executions of this n8n process that wait with the same account. 0 = no limit. Beats the credential.',
	},
];

const POLL_OPTIONS: INodeProperties[] = [
	{
		displayName: 'Poll Interval (Seconds)',
		name: 'pollInterval',
		type: 'number',
		typeOptions: { minValue: MIN_POLL_MS / 1_000 },
		default: POLL_SECONDS,
		description: 'How long to wait between the first two status requests. At least 2; grows to 60 while no task ends.',
	},
];

/** What every operation that gives out results can be told. */
const RESULT_OPTIONS: INodeProperties[] = [
	{
		displayName: 'Max Download Size (MB)',
		name: 'maxDownloadSize',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: MAX_DOWNLOAD_MB,
		description: 'A larger video is not downloaded; the item comes out without it. 0 = no limit.',
	},
	{
		displayName: 'On Task Failure',
		name: 'onTaskFailure',
		type: 'options',
		default: 'item',
		description: 'What to do when HiDream could not restyle a video, or refused its content',
		options: [
			{ name: 'Error', value: 'error', description: 'Fail the item' },
			{ name: 'Item', value: 'item', description: 'Give the item out with the status "failed" or "rejected"' },
		],
	},
];

/** Options that mean nothing while the execution sleeps. */
const notWithCallback = (options: INodeProperties[]): INodeProperties[] =>
	options.map((option) => ({ ...option, displayOptions: { hide: { '/waitFor': ['callback'] } } }));

const OPTIONS: Readonly<Record<Operation, INodeProperties[]>> = {
	submit: [...SUBMIT_OPTIONS, ...NOTIFY_OPTIONS],
	submitAndWait: [...SUBMIT_OPTIONS, ...notWithCallback(NOTIFY_OPTIONS), ...WAIT_OPTIONS, ...notWithCallback(POLL_OPTIONS), ...RESULT_OPTIONS],
	getResult: RESULT_OPTIONS,
};

/** The "Options" of an operation, sorted by name. */
export const optionsOf = (operation: Operation): INodeProperties => ({
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	displayOptions: { show: { operation: [operation] } },
	options: [...OPTIONS[operation]].sort((a, b) => (a.displayName < b.displayName ? -1 : 1)),
});
