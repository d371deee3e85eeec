import { FIX_WEBHOOK_URL, type Message, type Messages } from './inputMessages';
import type { ErrorInfo } from './responseMessages';

/** Why an execution cannot be suspended, as the end of a sentence, and what to do about it. */
export const OBSTACLES = {
	engineV2: ['the workflow runs on engine v2, which cannot suspend executions', "Set the engine to v1 in the workflow's settings."],
	noUrl: ['n8n provided no URL to resume this execution', FIX_WEBHOOK_URL],
	notSaved: [
		'n8n does not save this execution, so no callback can resume it, for example under an MCP Server Trigger',
		'Use Submit and Get Result as two tools.',
	],
	unusableUrl: (reason: string) => [`the URL to resume this execution ${reason}`, 'Set WEBHOOK_URL of this n8n to its public address.'],
	caller: (trigger: string) => [
		`"${trigger}" answers its caller when the workflow pauses, before any video is finished`,
		`Set "Respond" (in a Chat Trigger: "Response Mode") of "${trigger}" to answer immediately or with a response node.`,
	],
	severalAccounts: ['the items use different HiDream accounts', 'Use one credential for all items.'],
	credentialNeedsData: [
		'the HiDream API credential has an expression that needs the data of this execution, which a callback does not have',
		'Put the token and the Base URL into the credential itself, or use $vars or $secrets.',
	],
	tooManyItems: (items: number, limit: number) => [
		`there are ${items} items, and the account runs only ${limit} at the same time`,
		`Put a Loop Over Items node with a batch size of ${limit} before this node.`,
	],
	timeout: (minutes: number, maxWait: number) => [
		`n8n cancels this execution in ${minutes} min (its timeout), before "Max Wait (Minutes)" of ${maxWait} ends`,
		'Lower "Max Wait (Minutes)", or raise the timeout in the workflow\'s settings (its maximum is EXECUTIONS_TIMEOUT_MAX).',
	],
	failsAsError: [
		'"On Task Failure" is Throw Error, and a suspended execution cannot be failed by a callback',
		'Set "On Error" in the node\'s settings to continue, or "On Task Failure" to Return Item.',
	],
} as const satisfies Messages;

export const obstacleInfo = ([what, hint]: Message): ErrorInfo => ({
	message: `"Wait By" is Callback, but ${what}`,
	hint: `${hint} Or set "Wait By" to Polling.`,
});
