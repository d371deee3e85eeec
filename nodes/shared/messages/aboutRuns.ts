import type { UnclearRequest } from '../../submission/ledger';
import { type ErrorInfo, FIX_WEBHOOK_URL, type Message, type Messages } from './message';

/** What happened to the items of a run, beside the request itself. */

const itemsWere = (count: number): string => `${count} ${count === 1 ? 'item was' : 'items were'}`;

export const submittedEarlier = ({ message, hint }: ErrorInfo, taskId: string): ErrorInfo => ({
	message: `An earlier attempt submitted this item, but the item cannot be checked now: ${message}`,
	hint: `${hint} To get the result, use Get Result with the task ID ${taskId}.`,
	taskId,
});

export const unresolvedEarlier = (unresolved: ErrorInfo, { message }: ErrorInfo): ErrorInfo => ({
	...unresolved,
	message: `${unresolved.message}. The item is not sent again: ${message}`,
});

export const notTriedInfo = (endedBy: ErrorInfo | undefined): ErrorInfo => ({
	message: `Not tried, because an earlier item ended the run: ${endedBy?.message ?? 'no reason given'}`,
	hint: endedBy?.hint ?? '',
	scope: 'account',
});

/** The execution times out before the item could be sent and its task awaited. */
export const TIMES_OUT: ErrorInfo = {
	message: 'The video was not sent, because the execution times out soon',
	hint: 'Raise the timeout in the workflow\'s settings, or submit fewer items at a time.',
	scope: 'account',
};

export const taskFailedInfo = (taskId: string, reason: string | undefined): ErrorInfo => ({
	message: `HiDream could not restyle the video of task ${taskId}${reason === undefined ? '' : `: "${reason}"`}`,
	hint: 'Try another video or style. Submitting this one again creates a new task, which costs credits again.',
	taskId,
});

export const taskRejectedInfo = (taskId: string, reason: string | undefined): ErrorInfo => ({
	message: `HiDream's content review rejected task ${taskId}${reason === undefined ? '' : `: "${reason}"`}`,
	hint: 'Use another video or prompt. That is a new task, which costs credits again.',
	taskId,
});

export const queryFailedInfo = (errorInfo: ErrorInfo, taskId: string): ErrorInfo => ({
	...errorInfo,
	hint: `${errorInfo.hint} Run Get Result again with this task ID. Do not submit the video again.`,
	taskId,
});

const named = ({ requestId, taskId }: UnclearRequest): string => `request_id ${requestId}${taskId === undefined ? '' : `, task ${taskId}`}`;

/** Parts of the error that ends a run. */
export const RUN = {
	acceptedTasks: (taskIds: string[]) => `Accepted tasks of this run: ${taskIds.join(', ')}.`,
	unclearRequests: (requests: UnclearRequest[]) =>
		`Requests of this run that may have created a task: ${requests.map(named).join('; ')}.`,
	notTried: (items: number) => `${itemsWere(items)} not tried.`,
	cancelled: 'The execution was cancelled.',
	requestId: (requestId: string) => `The request ID is ${requestId}.`,
};

/** Hints above the node's output. */
export const HINTS = {
	largeDatabaseFile: (size: string) =>
		`n8n keeps binary files in its database, so it loads each whole video into memory several times. The largest video is ${size}. Set "Input Type" to URL, or keep binary files in a folder that all processes of n8n share (N8N_DEFAULT_BINARY_DATA_MODE=filesystem) or in S3.`,
	tasksFailed: (failed: number, items: number) => `${failed} of ${items} tasks failed`,
	notDownloaded: (missing: number, items: number) => `${missing} of ${items} videos were not downloaded`,
};

/** One line of the log, whatever the vendor put into an ID. */
const oneLine = (text: string): string => text.replace(/\p{Cc}/gu, ' ');

/** Lines of n8n's log. docs/recover-after-a-crash.md reads tasks out of `sending` and `accepted`. */
export const LOG = {
	sending: (item: number, requestId: string) => oneLine(`Submitting item ${item} to HiDream (request_id ${requestId})`),
	backingOff: (item: number, seconds: number, reason: string) => oneLine(`Item ${item} is retried in ${seconds} s. ${reason}`),
	accepted: (item: number, taskId: string, requestId: string) =>
		oneLine(`HiDream accepted task ${taskId} (item ${item}, request_id ${requestId})`),
	uncertain: (item: number, requestId: string, taskId?: string) =>
		oneLine(`HiDream may have accepted item ${item} (${named({ requestId, taskId })})`),
	callback: (taskId: string, status: string) => `HiDream called: task ${taskId} ${status}`,
	callbackUnconfirmed: (taskId: string, reason: string) => `HiDream called about task ${taskId}. ${reason}`,
	callbackUnusable: (reason: string) => `HiDream called, but ${reason}`,
	callbackFailed: (reason: string, hint: string | undefined) => `A callback of HiDream could not be handled: ${reason}${hint === undefined ? '' : `. ${hint}`}`,
};

/** Why an execution cannot be suspended, as the end of a sentence, and what to do about it. */
export const OBSTACLES = {
	engineV2: ['the workflow runs on engine v2, which cannot suspend executions', "Set the engine to v1 in the workflow's settings."],
	noUrl: ['n8n provided no URL to resume this execution', FIX_WEBHOOK_URL],
	notSaved: [
		'n8n does not save this execution, so no callback can resume it, for example under an MCP Server Trigger',
		'Use Submit and Get Result as two tools.',
	],
	unusableUrl: (reason: string) => [`the URL to resume this execution ${reason}`, 'Set WEBHOOK_URL of this n8n to its public address.'],
	respondingTrigger: (trigger: string) => [
		`"${trigger}" responds to its caller when the execution is suspended, before any video is finished`,
		`Set "Respond" (in a Chat Trigger: "Response Mode") of "${trigger}" to respond immediately or with a response node.`,
	],
	severalAccounts: ['the items use different HiDream accounts', 'Use one credential for all items.'],
	credentialNeedsData: [
		'the HiDream API credential has an expression that needs the data of this execution, which a callback does not have',
		'Enter the token and the Base URL in the credential itself, or use $vars or $secrets.',
	],
	tooManyItems: (items: number, limit: number) => [
		`there are ${items} items, and the account runs only ${limit} at the same time`,
		`Add a Loop Over Items node with a batch size of ${limit} before this node.`,
	],
	timeout: (minutes: number, maxWait: number) => [
		`the execution times out in ${minutes} min, before "Max Wait (Minutes)" (${maxWait}) ends`,
		'Lower "Max Wait (Minutes)", or raise the timeout in the workflow\'s settings (its maximum is EXECUTIONS_TIMEOUT_MAX).',
	],
	failsAsError: [
		'"On Task Failure" is Throw Error, and a callback cannot fail a suspended execution',
		'Set "On Error" in the node\'s settings to continue, or "On Task Failure" to Return Item.',
	],
} as const satisfies Messages;

export const obstacleInfo = ([what, hint]: Message): ErrorInfo => ({
	message: `"Wait By" is Callback, but ${what}`,
	hint: `${hint} Or set "Wait By" to Polling.`,
});
