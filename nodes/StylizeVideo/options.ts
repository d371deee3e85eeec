import type { INodeProperties } from 'n8n-workflow';
import { MIN_POLL_MS } from '../hidream/limits';
import { asNumber, isUnset } from '../shared/input';
import { choiceParameter, countParameter, keyParameter, numberParameter, rawParameter, requireValue, textParameter, type Parameter } from '../shared/parameter';
import { MAX_DOWNLOAD_SIZE } from '../shared/sharedParameters';
import { shownIf, type Operation } from './parameters';

export const API_USER_ID = textParameter({
	displayName: 'API User ID',
	name: 'apiUserId',
	description: 'Your own identifier of the end user for whom the task is created',
});

/** Unset: derived from the account's limits. */
export const CONCURRENCY = countParameter({
	displayName: 'Concurrency',
	name: 'concurrency',
	min: 1,
	max: 100,
	default: 1,
	description: 'How many videos to send at the same time. Derived from the limits of the account unless you add this option.',
});

export const IDEMPOTENCY_KEY = requireValue(
	keyParameter({
		displayName: 'Idempotency Key',
		name: 'idempotencyKey',
		placeholder: 'e.g. {{ $json.fileName }}',
		description:
			'If this node has submitted a video with this key before, in any execution, it does not submit it again. The item is returned with the status "already_submitted". If an earlier request with this key had no clear response, the item fails as "uncertain". Cannot be combined with Request ID.',
	}),
);

export const LINK_EXPIRES_IN = numberParameter({
	displayName: 'Link Expires In (Hours)',
	name: 'linkExpiresIn',
	min: 0,
	default: 24,
	description: 'How long HiDream can fetch the video from this n8n',
});

/** An account may be full for as long as a task runs (`TYPICAL_TASK_MS`), and longer if several n8n processes share it. */
export const MAX_RETRY_TIME = numberParameter({
	displayName: 'Max Retry Time (Minutes)',
	name: 'maxRetryTime',
	min: 0,
	default: 60,
	description: 'How long to keep retrying a video that HiDream temporarily refuses. Set to 0 to fail on the first refusal.',
});

export const NOTIFY_URL = requireValue(
	rawParameter({
		displayName: 'Notify URL',
		name: 'notifyUrl',
		placeholder: 'e.g. https://n8n.example.com/webhook/hidream',
		description: 'URL that HiDream calls when the task has ended. It must be reachable from the public internet.',
	}),
);

export const REQUEST_ID = textParameter({
	displayName: 'Request ID',
	name: 'requestId',
	description: 'Your own ID of the request. A UUID is used unless you add this option. Cannot be combined with Idempotency Key.',
});

export const WHEN_LIMIT_REACHED = choiceParameter({
	displayName: 'When Limit Reached',
	name: 'whenLimitReached',
	default: 'wait',
	description: 'What to do with a video that cannot be sent yet because the account has reached a limit',
	options: [
		{
			name: 'Return Item Unsent',
			value: 'return',
			description: 'Return the item immediately with the status "not_submitted" and "retry_after" in seconds',
		},
		{ name: 'Wait for Room', value: 'wait', description: 'Keep the execution running until the video can be sent' },
	],
});

export const ON_UNCLEAR_RESPONSE = choiceParameter({
	displayName: 'On Unclear Response',
	name: 'onUnclearResponse',
	default: 'fail',
	description: 'What to do when HiDream sends no clear response, so that a task may or may not exist',
	options: [
		{ name: 'Fail Item', value: 'fail', description: 'Fail the item and never send the video again: it may have been paid for' },
		{ name: 'Submit Again', value: 'resubmit', description: 'Send the video again, up to two more times, unless the response mentions a task. You may pay for each request.' },
	],
});

export const MAX_WAIT = numberParameter({
	displayName: 'Max Wait (Minutes)',
	name: 'maxWait',
	min: 0,
	default: 60,
	description:
		'How long to wait for a task after HiDream has accepted it. After that the item is returned with the status "timed_out" and its task ID.',
});

/** The minimum is read with each value, since tests lower it. */
export const POLL_INTERVAL: Parameter<number> = {
	property: {
		displayName: 'Poll Interval (Seconds)',
		name: 'pollInterval',
		type: 'number',
		typeOptions: { minValue: MIN_POLL_MS / 1_000 },
		default: 10,
		description: 'Time between the first two status requests. It grows to 60 seconds while no task ends.',
	},
	read: (value) => asNumber(isUnset(value) ? 10 : value, 'Poll Interval (Seconds)', MIN_POLL_MS / 1_000),
};

export const ON_TASK_FAILURE = choiceParameter({
	displayName: 'On Task Failure',
	name: 'onTaskFailure',
	default: 'item',
	description: 'What to do when HiDream fails to restyle a video or rejects its content',
	options: [
		{ name: 'Return Item', value: 'item', description: 'Return the item with the status "failed" or "rejected"' },
		{ name: 'Throw Error', value: 'error', description: 'Fail the item' },
	],
});

const LINK = shownIf(LINK_EXPIRES_IN.property, { '/inputType': ['binaryLink'] });

const SUBMIT = [API_USER_ID, CONCURRENCY, IDEMPOTENCY_KEY, MAX_RETRY_TIME, ON_UNCLEAR_RESPONSE, REQUEST_ID, WHEN_LIMIT_REACHED].map(
	({ property }) => property,
);

const RESULT = [shownIf(MAX_DOWNLOAD_SIZE.property, { '/downloadVideo': [true] }), ON_TASK_FAILURE.property];

const OPTIONS: Readonly<Record<Operation, INodeProperties[]>> = {
	check: [IDEMPOTENCY_KEY.property, LINK],
	getResult: RESULT,
	submit: [...SUBMIT, LINK, NOTIFY_URL.property],
	submitAndWait: [...SUBMIT, LINK, ...RESULT, MAX_WAIT.property, shownIf(POLL_INTERVAL.property, { '/waitFor': ['polling'] })],
};

/** The "Options" of an operation, sorted by name. */
export const optionsOf = (operation: Operation): INodeProperties => ({
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [...OPTIONS[operation]].sort((a, b) => (a.displayName < b.displayName ? -1 : 1)),
});
