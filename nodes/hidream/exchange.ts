import type { IHttpRequestOptions } from 'n8n-workflow';
import { CODE_OK } from './codes';
import { exchangeUrl } from './endpoints';
import { SMALL_REQUEST_MS } from './limits';
import { isObject } from './vendorJson';

/** The start of every error that says the API key gave no token; the transport tells by it that nothing was sent. */
export const NO_TOKEN = 'No token for the HiDream API key';

/** … because there was no connection: worth another try. */
export const NO_TOKEN_UNREACHABLE = `${NO_TOKEN}: no connection to HiDream`;

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
	timeout: SMALL_REQUEST_MS,
});

/** Reads `{ code: 0, result: { token, expire_time (RFC 3339) } }`, or says in words why there is no token. */
export function readExchange(status: number, json: unknown): Exchanged {
	const answer = isObject(json) ? json : {};
	const result = isObject(answer.result) ? answer.result : {};
	if (status === 200 && answer.code === CODE_OK && typeof result.token === 'string' && result.token !== '') {
		const expiresAt = typeof result.expire_time === 'string' ? Date.parse(result.expire_time) : NaN;
		return { ok: true, token: result.token, expiresAt: Number.isNaN(expiresAt) ? undefined : expiresAt };
	}
	const { code } = answer;
	if (typeof code !== 'number' && typeof code !== 'string') {
		return {
			ok: false,
			reason: `${NO_TOKEN}: the Base URL did not answer like HiDream (HTTP ${status}). Check the Base URL`,
		};
	}
	const message = typeof answer.message === 'string' && answer.message !== '' ? `, "${answer.message.slice(0, 500)}"` : '';
	return {
		ok: false,
		reason: `${NO_TOKEN}: HiDream refused the key (code ${String(code).slice(0, 50)}${message}). Check the API Key, or make a new one in your HiDream account`,
	};
}
