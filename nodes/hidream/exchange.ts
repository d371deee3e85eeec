import type { IHttpRequestOptions } from 'n8n-workflow';
import type { HttpResponse } from './response';
import { isOk, meaningOf } from './codes';
import { exchangeUrl } from './endpoints';
import { parseEnvelope } from './envelope';
import { bodyKind, foreignHint, foreignMessage } from './foreignResponse';
import { REQUEST_TIMEOUT_MS } from './limits';
import { isObject } from './vendorJson';

/** The start of every error that says the API key gave no token; the transport tells by it that nothing was sent. */
export const NO_TOKEN = 'No token for the HiDream API key';

/** … for a reason that may be gone soon, such as no connection: worth another try. */
export const NO_TOKEN_UNREACHABLE = `${NO_TOKEN} at the moment`;

export type Exchanged = { ok: true; token: string; expiresAt?: number } | { ok: false; reason: string };

/**
 * The request that exchanges an API key (CERTAIN, older manual). It makes no task and costs nothing.
 * Redirects are not followed: the key would go to a host nobody chose.
 */
export const exchangeRequest = (baseUrl: string, apiKey: string): IHttpRequestOptions => ({
	method: 'GET',
	url: exchangeUrl(baseUrl),
	headers: { 'Api-Key': apiKey, 'X-accept-language': 'en' },
	// n8n itself would read an answer of any length into memory.
	encoding: 'stream',
	returnFullResponse: true,
	disableFollowRedirect: true,
	timeout: REQUEST_TIMEOUT_MS,
});

/** LIKELY: these statuses of the exchange pass. The exchange makes no task, so asking again is free. */
const isTemporary = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/** Reads `{ code: 0, result: { token, expire_time (RFC 3339) } }`, or says in words why there is no token. */
export function readExchange(response: Omit<HttpResponse, 'headers'>): Exchanged {
	const { status, json } = response;
	const { code, message, result } = parseEnvelope(json);
	const { token, expire_time: expiry } = isObject(result) ? result : {};
	if (status === 200 && isOk(code) && typeof token === 'string' && token !== '') {
		const expiresAt = typeof expiry === 'string' ? Date.parse(expiry) : NaN;
		return { ok: true, token, expiresAt: Number.isNaN(expiresAt) ? undefined : expiresAt };
	}
	const start = isTemporary(status) ? NO_TOKEN_UNREACHABLE : NO_TOKEN;
	if (code === undefined) {
		const body = bodyKind(response);
		return { ok: false, reason: `${start}: ${foreignMessage(status, body)}. ${foreignHint(status, body)}` };
	}
	const said = `HTTP ${status}, code ${code}${message === undefined ? '' : `, "${message}"`}`;
	const advice = isTemporary(status)
		? 'Try again later.'
		: (meaningOf(code)?.hint ?? 'Check the API Key, or make a new one in your HiDream account.');
	return { ok: false, reason: `${start}: HiDream ${isTemporary(status) ? 'failed' : 'rejected the key'} (${said}). ${advice}` };
}
