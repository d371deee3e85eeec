import { Refusal } from '../responses';
import { isHttpUrl } from '../httpUrl';
import { VENDOR_STYLES } from '../vendorStyles';
import type { FieldValue } from './submitReader';
import { TextField } from './textField';
import { VideoField, type VideoInput } from './videoField';

/** The maximum length of a `request_id` is UNKNOWN; the samples send a UUID. */
const MAX_REQUEST_ID_CHARS = 128;

/** The words that the live service refuses in a submit are UNKNOWN; this one is a marker for tests. */
const FORBIDDEN_MARKER = '[forbidden]';

const TEXT_FIELDS = ['prompt', 'style', 'request_id', 'notify_url'] as const;
type TextName = (typeof TEXT_FIELDS)[number];

/** A submit's parameters; null if the client sent none. */
export interface ReceivedSubmit {
	prompt: string | null;
	style: string | null;
	requestId: string | null;
	notifyUrl: string | null;
	video: VideoInput;
}

/** The `request_id` of a body, even if the rest is invalid, so that a refusal can return it. */
export function receivedRequestId(fields: ReadonlyArray<[string, FieldValue]>): string | undefined {
	const value = fields.find(([name]) => name === 'request_id')?.[1];
	return value instanceof TextField ? value.end() : undefined;
}

/** The fields of a body that was only counted. */
export const countedSubmit = (bytes: number): ReceivedSubmit => ({
	prompt: null,
	style: null,
	requestId: null,
	notifyUrl: null,
	video: { kind: 'counted', bytes },
});

/** Validates the fields of a body; throws a `Refusal` that names the first wrong one. */
export function checkSubmit(fields: ReadonlyArray<[string, FieldValue]>): ReceivedSubmit {
	const texts: Partial<Record<TextName, string>> = {};
	let video: VideoField | undefined;
	const seen = new Set<string>();
	for (const [name, value] of fields) {
		if (seen.has(name)) throw new Refusal('badJson', `${name} twice`);
		seen.add(name);
		if (name !== 'video_name' && !isTextName(name)) throw new Refusal('unknownField', name);
		if (value instanceof VideoField) video = value;
		else if (value instanceof TextField && isTextName(name)) texts[name] = wholeText(name, value);
		else throw new Refusal('badType', name);
	}
	if (video === undefined) throw new Refusal('missingVideo');
	const checkedVideo = video.end();
	const { prompt = null, style = null, request_id: requestId = null, notify_url: notifyUrl = null } = texts;
	if (style !== null && !VENDOR_STYLES.includes(style)) throw new Refusal('badStyle', style);
	if (style === null && (prompt === null || prompt === '')) throw new Refusal('noPromptNorStyle');
	if (requestId !== null && requestId.length > MAX_REQUEST_ID_CHARS) throw new Refusal('tooLong', 'request_id');
	if (notifyUrl !== null && !isHttpUrl(notifyUrl)) throw new Refusal('badNotifyUrl');
	if (prompt?.includes(FORBIDDEN_MARKER)) throw new Refusal('forbidden');
	return { prompt, style, requestId, notifyUrl, video: checkedVideo };
}

function isTextName(name: string): name is TextName {
	return (TEXT_FIELDS as readonly string[]).includes(name);
}

function wholeText(name: string, value: TextField): string {
	const text = value.end();
	if (text === undefined) throw new Refusal('tooLong', name);
	return text;
}
