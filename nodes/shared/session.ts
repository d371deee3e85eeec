import type { IHttpRequestHelper } from 'n8n-workflow';
import { parseBaseUrl } from '../hidream/endpoints';
import type { Connection, HttpClient } from '../hidream/http';
import { checkAccount, exchangeApiKey } from '../hidream/query';
import { fingerprintOf, redactorOf, secretOf, storeSession, usesApiKey } from './credential';
import type { Credential } from './credential';
import { baseUrlText, exchangeText, tokenText } from './messages';
import { plainClient } from './n8nHttpClient';

/** A session to store in the credential, nothing to store, or what is wrong in words for the user. */
export type SessionResult = { ok: true; sessionToken?: string } | { ok: false; reason: string };

/** Checks an access token, which needs no session: n8n asks here on every test of the credential. */
async function checkToken(http: HttpClient, baseUrl: string, credential: Credential): Promise<SessionResult> {
	const authorization = { Authorization: `Bearer ${secretOf(credential)}` };
	const connection: Connection = {
		baseUrl,
		http: async (request) => await http({ ...request, headers: { ...request.headers, ...authorization } }),
		redactor: () => redactorOf(credential),
	};
	const reason = await checkAccount(connection);
	return reason ? { ok: false, reason: tokenText(reason) } : { ok: true };
}

async function exchange(http: HttpClient, baseUrl: string, credential: Credential): Promise<SessionResult> {
	const redact = redactorOf({ apiKey: credential.apiKey ?? '' });
	const exchanged = await exchangeApiKey(http, baseUrl, secretOf(credential), redact);
	if (!exchanged.ok) return { ok: false, reason: exchangeText(exchanged.reason) };
	const { token, expiresAt } = exchanged;
	const session = { token, expiresAt, issuedAt: Date.now(), account: fingerprintOf(credential) };
	return { ok: true, sessionToken: storeSession(session) };
}

/**
 * Gets what is needed before the first request with a credential: a token for an API key; for an access token nothing
 * but a HiDream that accepts it. Makes no task and costs nothing. Never throws.
 */
export async function openSession(helpers: IHttpRequestHelper['helpers'], credential: Credential): Promise<SessionResult> {
	const baseUrl = parseBaseUrl(typeof credential.baseUrl === 'string' ? credential.baseUrl : '');
	if (!baseUrl.ok) return { ok: false, reason: `The Base URL cannot be used: ${baseUrlText(baseUrl.reason)}` };
	const http = plainClient(helpers);
	return usesApiKey(credential) ? await exchange(http, baseUrl.url, credential) : await checkToken(http, baseUrl.url, credential);
}
