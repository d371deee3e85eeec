import type { Said } from '../../hidream/response';

/** What happened, and what to do now. */
export type Message = readonly [what: string, hint: string];

/** Messages, and functions that fill in values. */
export type Messages = Readonly<Record<string, Message | ((...values: never[]) => Message)>>;

/** What went wrong, in the words of the user and of the vendor. */
export interface ErrorInfo extends Partial<Omit<Said, 'body'>> {
	/** One sentence without its full stop: what happened. */
	message: string;
	/** One or two sentences: what to do now. */
	hint: string;
	/** The next item would fail too. Undefined if only this item fails. */
	scope?: 'account';
}

export const FIX_WEBHOOK_URL =
	'n8n cannot build its own URLs. Set the environment variable WEBHOOK_URL of n8n to its public address, including https://.';

export const KEEP_OBJECT = 'Keep the whole binary object, e.g. {{ $binary.data }}, or create a new one with this.helpers.prepareBinaryData() in a Code node.';

/** n8n shows descriptions and hints as HTML, and they may contain the vendor's text. */
export const escapeHtml = (text: string): string =>
	text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
