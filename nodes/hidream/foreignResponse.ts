import { bodyErrorText } from './responseBody';
import type { BodyError } from './responseBody';

/**
 * Words for a response without a usable `code`: it need not come from HiDream. A firewall, a proxy, a login page or a
 * gateway may have sent it, so neither the account nor the item is blamed.
 */

/** What such a body is, in words. */
export type BodyKind = 'an empty response' | 'a web page' | 'JSON that is not from HiDream' | 'text that is not JSON' | `a response that ${string}`;

/** What a body is, in words. */
export function bodyKind({ json, truncated = '', bodyError }: { json: unknown; truncated?: string; bodyError?: BodyError }): BodyKind {
	if (bodyError !== undefined) return `a response that ${bodyErrorText(bodyError)}`;
	if (json !== null && json !== undefined) return 'JSON that is not from HiDream';
	if (truncated.trim() === '') return 'an empty response';
	return /^\s*</.test(truncated) ? 'a web page' : 'text that is not JSON';
}

const isRedirect = (status: number): boolean => status >= 300 && status < 400;

/** What happened, as one sentence without its full stop. Statuses that HiDream itself answers without a body are left open. */
export function foreignMessage(status: number, body: BodyKind = 'an empty response'): string {
	if (status === 407) return 'A proxy between n8n and HiDream requires a login (HTTP 407)';
	if (isRedirect(status)) return `The Base URL redirects to another address (HTTP ${status})`;
	const isOpen = status >= 500 || (status === 401 && body !== 'a web page') || status === 413 || status === 429 || body === 'an empty response' || body.startsWith('a response that');
	return isOpen
		? `HiDream, or something between n8n and HiDream, answered with HTTP ${status} and ${body}`
		: `Something between n8n and HiDream answered instead of HiDream (HTTP ${status}, ${body})`;
}

const CHECK_THE_WAY = 'Check proxies, firewalls and the Base URL in the HiDream API credential.';

/** What to do about it. */
export function foreignHint(status: number, body: BodyKind = 'an empty response'): string {
	if (status === 407) return 'Put the user name and password of the proxy into HTTPS_PROXY of n8n.';
	if (isRedirect(status)) {
		return 'Check whether a login page or a proxy is between n8n and HiDream. If HiDream has moved, put the new address into the Base URL of the HiDream API credential.';
	}
	if (status === 413) return 'The video is too large for HiDream or for a proxy on the way. Make it smaller, or use a URL.';
	if (status === 429) return 'HiDream, or a proxy on the way, is getting too many requests. Try again later, or lower "Tasks per Minute".';
	if (status >= 500) return 'Try again later. If it happens again, check proxies, firewalls and the Base URL in the HiDream API credential.';
	if (status === 401 && body !== 'a web page') return `Check the token or key in the HiDream API credential. ${CHECK_THE_WAY}`;
	return CHECK_THE_WAY;
}
