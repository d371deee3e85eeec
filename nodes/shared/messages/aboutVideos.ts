import { isReachableHost } from '../../hidream/hosts';
import { KEEP_OBJECT, type Message, type Messages } from './message';

export const NOT_A_URL = 'is not a URL';

export const NOT_HTTP = 'does not begin with https:// or http://';

/**
 * Why HiDream could not use `text` as a URL, as the end of a sentence about it; undefined if it may be able to.
 * @param sameMachine the service runs on this machine, and reaches its loopback hosts
 */
export function unusableUrl(text: string, sameMachine: boolean): string | undefined {
	if (!URL.canParse(text)) return NOT_A_URL;
	const { protocol, hostname } = new URL(text);
	if (protocol !== 'https:' && protocol !== 'http:') return NOT_HTTP;
	return isReachableHost(hostname, sameMachine) ? undefined : `points to ${hostname}, which HiDream cannot reach from the internet`;
}

export const USE_PUBLIC_URL = 'Enter one URL that can be reached from the public internet.';

const FIX_EXPRESSION = 'Correct the expression, and check that each item has the value.';

/** A URL that cannot be used. `error` completes a sentence that begins with the name of the parameter. */
export type UrlError = { ok: false; error: Message };

/** What is wrong with a URL. Each completes a sentence that begins with the name of the parameter. */
export const URL_MESSAGES = {
	empty: ['is empty', 'Enter one URL. If it comes from an expression, check that the item has the field.'],
	several: [
		'contains several URLs, but an item takes one',
		'Use one item for each video. If the URLs come as a list, add a Split Out node before this node.',
	],
	isObject: ['must be text, but it is an object', 'Use the field of the object that contains the URL.'],
	tooLong: ['is too long for a URL', 'Enter one URL. If it contains the file itself, set "Input Type" to Binary File.'],
	invisible: ['contains a line break or another invisible character', 'Remove it. If it is part of the file name, percent-encode it.'],
	backslash: ['contains a backslash', 'Write / between folders, or %5C if the backslash is part of the file name.'],
	textAfterUrl: ['contains a space or text after the URL', 'Enter the URL alone. If the text is part of the file name, percent-encode it.'],
	noName: ['has no file name before the extension: an expression probably found no value', FIX_EXPRESSION],
	cutName: ['contains # or ? in the file name', 'Write %23 for # and %3F for ?.'],
	needsLogin: (host: string) => [`needs a login at ${host}, which HiDream does not have`, 'Download the video in n8n, and set "Input Type" to Binary File.'],
	notEvaluated: ['contains an expression that was not evaluated', FIX_EXPRESSION],
	objectAsText: ['contains [object Object]: an expression returned an object instead of text', FIX_EXPRESSION],
	noValue: (word: string) => [`contains ${word}: an expression found no value`, FIX_EXPRESSION],
	placeholder: (text: string) => [`contains the placeholder ${text}`, FIX_EXPRESSION],
	expired: (date: string) => [
		`is a signed URL that expired at ${date}`,
		'Create the URL with a longer expiry, shortly before this node, or download the video and set "Input Type" to Binary File.',
	],
	expires: (date: string, minutes: number) => [
		`is a signed URL that expires at ${date}, before the item can be sent (in about ${minutes} minutes)`,
		'Create the URL with a longer expiry, submit fewer items at a time, or download the video and set "Input Type" to Binary File.',
	],
	page: (host: string) => [
		`is a page of ${host}, not the video itself`,
		'Use the direct link to the file, or download the video and set "Input Type" to Binary File.',
	],
	pageWithDirectLink: (host: string, direct: string) => [`is a page of ${host}, not the video itself`, `Use the direct link: ${direct}. The file must be public.`],
	otherFile: (kind: string) => [`is the URL of ${kind}, not of a video`, 'Enter the URL of the video file.'],
} as const satisfies Messages;

/** What to do about URLs with other schemes than https and http. */
export const SCHEME_HINTS = {
	storage: 'Create a signed https URL for the object, or download it and set "Input Type" to Binary File.',
	file: 'HiDream cannot read it. Read or download the file, then set "Input Type" to Binary File.',
	other: `${USE_PUBLIC_URL} It must begin with https:// or http://.`,
};

/** What is wrong with a binary file. Each completes a sentence that begins with the file. */
export const FILE_MESSAGES = {
	empty: ['is empty', 'Check the node before this one: it returned a file without content.'],
	badId: ['has an "id" that is not text', KEEP_OBJECT],
	tooLarge: ['is too large to be sent from memory', 'Let n8n keep binary files in a folder (N8N_DEFAULT_BINARY_DATA_MODE=filesystem).'],
	noContent: ['has neither "id" nor "data", so it has no content', KEEP_OBJECT],
	notText: (value: unknown) => [
		`must have base64 text in "data", but it is ${Array.isArray(value) ? 'a list' : `of the type ${typeof value}`}`,
		KEEP_OBJECT,
	],
	reference: ['is only a reference to a file in n8n\'s binary store ("data" without its "id"), not the file', KEEP_OBJECT],
	noValue: (text: string) => [`has the text "${text}" in "data", not base64`, KEEP_OBJECT],
	nameOrPath: (text: string) => [`has the text "${text}" in "data", which is a name or a path, not base64`, KEEP_OBJECT],
	hexadecimal: ['has hexadecimal text in "data", not base64', KEEP_OBJECT],
	lostPlus: ['has spaces in its base64, so its "+" characters were probably lost', KEEP_OBJECT],
	otherCharacters: ['is not base64: it has characters that base64 does not have', KEEP_OBJECT],
	incomplete: ['is not base64: it is incomplete', KEEP_OBJECT],
	emptyDataUrl: ['is a data URL without content', KEEP_OBJECT],
	otherKind: (kind: string, isMessage: boolean, mimeType: string | undefined) => [
		`is ${kind}, not a video${mimeType === undefined ? '' : ` (MIME type "${mimeType}")`}`,
		(isMessage
			? 'The node before this one probably received a login page, a share page or an error message instead of the video. Check its output, and download the video from its direct link.'
			: 'Check the node before this one, or choose the binary field that holds the video.') + (mimeType === undefined ? '' : ' If the file is a video, correct its MIME type.'),
	],
} as const satisfies Messages;

/** Why a video cannot be sent. Each completes `unreadableText` or `noLinkText`. */
export const READING = {
	unknownSize: 'n8n does not know its size',
	otherSize: (read: number, expected: number) => `it has ${read} bytes, but n8n reported ${expected}`,
	notAVideo: (reason: string) => `it ${reason}`,
	submittedEarlier: 'the item was submitted earlier',
};

export const unreadableText = (reason: string): string => `The video could not be read from n8n's binary store: ${reason}`;

export const noLinkText = (reason: string): string => `The link to the binary file cannot be made: ${reason}`;

/** Why a result could not be downloaded. Each completes `downloadText`. */
export const DOWNLOAD = {
	notAUrl: 'its address is not a URL',
	notHttp: 'its URL does not begin with https:// or http://',
	privateHost: (host: string) => `its URL points to ${host}, which is not on the internet`,
	badStatus: (status: number) => `its host returned HTTP ${status}${[403, 404, 410].includes(status) ? '; the video may have expired' : ''}`,
	redirects: (max: number) => `its host redirects more than ${max} times`,
	notAVideo: (type: string) => `its host sent "${type}", which is not a video`,
	overLimit: (size: string, limit: string) => `it has ${size}, and the limit is ${limit}`,
	readOverLimit: (limit: string) => `it has more than ${limit}, which is the limit`,
	broken: (read: string, length: string | undefined) => `the connection broke after ${read}${length === undefined ? '' : ` of ${length}`}`,
	empty: 'it is empty',
	notStored: (reason: string) => `n8n could not store it: ${reason}`,
	noUrl: 'HiDream returned no URL. See sub_task_results.',
};

export const downloadText = (reason: string): string => `The video could not be downloaded: ${reason}`;
