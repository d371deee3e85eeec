import type { BaseUrlProblem } from '../../hidream/endpoints';
import { KEEP_OBJECT, type Messages } from './message';

const BASE_URL_PROBLEMS: Readonly<Record<BaseUrlProblem, string>> = {
	notAUrl: 'it is not a URL; it should look like https://www.hidreamai.com',
	notHttps:
		'it must begin with https://, since the token is sent there (plain http only works for this machine itself, such as http://localhost)',
	hasLogin: 'it must not contain a user name or password',
	hasQuery: 'it must end with the host or path, without "?" or "#"',
};

/** Why the base URL cannot be used. */
export const baseUrlText = (problem: BaseUrlProblem): string =>
	`"Base URL" in the HiDream API credential cannot be used: ${BASE_URL_PROBLEMS[problem]}`;

/** What is wrong with the value of a parameter, and what to do about it. */
export const INPUT = {
	// Any parameter.
	lostDigits: (name: string, value: number) => [`"${name}" is a number that has lost digits: ${value}`, 'Keep long numbers as text in the nodes before this one.'],
	notText: (name: string, value: unknown) => [`"${name}" must be text, but it is ${Array.isArray(value) ? 'a list' : 'an object'}`, `Enter text in "${name}".`],
	badFieldName: (name: string, field: string) => [`"${name}" is "${field}", which cannot be the name of a field`, `Enter another name in "${name}".`],
	notBoolean: (name: string, value: string) => [`"${name}" is ${value}, which is neither yes nor no`, 'Use true or false.'],
	tooSmall: (name: string, value: string, min: number) => [`"${name}" must be a number of at least ${min}, but it is ${value}`, `Correct "${name}".`],
	tooLarge: (name: string, value: string, max: number) => [`"${name}" must be a number of at most ${max}, but it is ${value}`, `Correct "${name}".`],
	notWhole: (name: string, value: string) => [`"${name}" must be a whole number, but it is ${value}`, `Correct "${name}".`],
	noChoice: (name: string, values: string) => [`"${name}" is empty`, `Use one of: ${values}.`],
	unknownChoice: (name: string, value: string, values: string) => [`"${name}" has an unknown value: "${value}"`, `Use one of: ${values}.`],
	badExpression: (name: string, reason: string) => [`"${name}" cannot be evaluated: ${reason}`, `Correct the expression in "${name}".`],
	brokenExpression: (name: string, text: string) => [`"${name}" is "${text}": an expression found no value`, `Correct the expression in "${name}".`],
	expressionGaveNothing: (name: string) => [`The expression in "${name}" gives no value`, 'Correct the expression, or remove the option.'],
	optionsNotObject: ['"Options" must be an object', 'Use an expression that returns an object for "Options".'],
	optionsExpression: ['"Options" cannot be an expression as a whole', 'Add each option and use an expression in its field.'],

	// Single parameters.
	noPrompt: ['"Prompt" is empty, and "Style" is None', 'Write a prompt, or choose a style.'],
	noTaskId: ['"Task ID" is empty', 'Enter the task_id that Submit returned.'],
	noEvents: ['"Events" is empty', 'Choose at least one event.'],
	keyInUnsavedWorkflow: ['"Idempotency Key" needs a saved workflow, because n8n stores the keys per workflow', 'Save the workflow, then run it again.'],
	keyAndRequestId: [
		'"Request ID" cannot be combined with "Idempotency Key", which has a request ID of its own',
		'Remove one of the two options. All requests with the same key have the same request ID.',
	],
	badApiUserId: ['"API User ID" has characters that cannot be sent', 'Use ASCII letters, digits and punctuation only.'],
	noBinaryField: ['"Input Binary Field" is empty', 'Enter the name of the field that contains the video, e.g. data.'],
	objectAsText: (value: string) => [`"Input Binary Field" is "${value}", which is an object turned into text`, 'Remove everything before and after the {{ }} of the expression.'],
	noBinaryFiles: (field: string) => [
		`"Input Binary Field" names the field "${field}", but the item has no binary file there`,
		'The item has no binary files at all. Add a node before this one that reads or downloads the video, or set "Input Type" to URL.',
	],
	otherBinaryFiles: (field: string, fields: string) => [
		`"Input Binary Field" names the field "${field}", but the item has no binary file there`,
		`The item has: ${fields}. Enter one of these in "Input Binary Field".`,
	],
	notBinary: (field: string, value: unknown) => [
		`"Input Binary Field" names the field "${field}", which is ${Array.isArray(value) ? 'a list' : `of the type ${typeof value}`}, not a binary object`,
		KEEP_OBJECT,
	],
	objectWithoutFile: [
		'"Input Binary Field" is an object without a file: it has neither "id" nor "data"',
		'Enter the name of the binary field in "Input Binary Field", or the binary object itself, e.g. {{ $binary.data }}.',
	],
	unusableFile: (reason: string, hint: string) => [`The file in "Input Binary Field" ${reason}`, hint],
	fileNotFound: (reason: string) => [
		`The file in "Input Binary Field" cannot be found in n8n's binary store: ${reason}`,
		'Run the node before this one again. In queue mode all processes of n8n must share one binary store.',
	],

	// "Input Type" is Link to Binary File.
	noLinkInMemory: [
		'"Input Type" is Link to Binary File, but this n8n keeps binary files in memory and cannot create links to them',
		'Set "Input Type" to Binary File, or run n8n with N8N_DEFAULT_BINARY_DATA_MODE=filesystem.',
	],
	fileDeletedAtEnd: [
		'"Input Type" is Link to Binary File, but this workflow does not save its successful executions: the file would be gone before HiDream fetches it',
		'Save successful executions in the workflow\'s settings, or set "Input Type" to Binary File.',
	],
	fileMovedAtEnd: [
		'"Input Type" is Link to Binary File, but n8n moves files received by a webhook, form or chat when the execution ends: the link would stop working before HiDream fetches the file',
		'Set "Input Type" to Binary File.',
	],
	linkExpiresImmediately: ['"Link Expires In (Hours)" must be more than 0', 'Enter the number of hours that HiDream may need to fetch the video.'],
	unusableLink: (reason: string) => [`The link to the binary file ${reason}`, 'Set WEBHOOK_URL of this n8n to its public address, or set "Input Type" to Binary File.'],

	// The credential.
	badBaseUrl: (problem: BaseUrlProblem) => [baseUrlText(problem), 'Correct the "Base URL". The default is https://www.hidreamai.com.'],
	noSecret: (name: string) => [`"${name}" in the HiDream API credential is empty`, `Copy the ${name} from your HiDream account into the credential.`],
	badSecret: (name: string) => [
		`"${name}" in the HiDream API credential contains characters that are not allowed in a token`,
		`Copy the ${name} from your HiDream account into the credential.`,
	],
	notACode: (name: string, word: string) => [
		`"${name}" contains "${word}", which is not an error code of HiDream`,
		'Enter codes separated by commas, e.g. 2010, too_many_tasks.',
	],
} as const satisfies Messages;

/** What to do about an error that has no hint of its own. */
export const CHECK_INPUT = 'Check the parameters and the credential.';
