import type { IHttpRequestHelper, IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';
import { redactorOf, fingerprintOf, secretOf, storeSession, usesApiKey } from './account';
import { accountError, accountQuery } from './accountError';
import { parseBaseUrl } from './baseUrl';
import { THROWN_STATUSES, thrownResponse } from './connection';
import { exchangeRequest, NO_TOKEN_UNREACHABLE, readExchange } from './exchange';
import { REQUEST_TIMEOUT_MS } from './limits';
import { noConnectionReason } from './noConnection';
import { readResponse } from './signedRequest';
import type { Credential } from './signedRequest';

/** A session to store in the credential, nothing to store, or what is wrong in words for the user. */
export type SessionResult = { ok: true; sessionToken?: string } | { ok: false; reason: string };

type Helpers = IHttpRequestHelper['helpers'];

const BROKEN = 'the connection broke';

async function request(
	helpers: Helpers,
	options: IHttpRequestOptions,
	abortSignal: AbortSignal,
): Promise<IN8nHttpFullResponse | { reason: string }> {
	try {
		const thrown = { ignoreHttpStatusErrors: THROWN_STATUSES, abortSignal };
		return (await helpers.httpRequest({ ...options, ...thrown }).catch(thrownResponse)) as IN8nHttpFullResponse;
	} catch (error) {
		return { reason: noConnectionReason(error) ?? BROKEN };
	}
}

/** Checks an access token, which needs no session: n8n asks here on every test of the credential. */
async function checkToken(helpers: Helpers, baseUrl: string, credential: Credential): Promise<SessionResult> {
	const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
	const question: IHttpRequestOptions = {
		...accountQuery(baseUrl),
		headers: { Authorization: `Bearer ${secretOf(credential)}`, Accept: 'application/json', 'X-accept-language': 'en' },
		encoding: 'stream',
		returnFullResponse: true,
		disableFollowRedirect: true,
		timeout: REQUEST_TIMEOUT_MS,
	};
	const response = await request(helpers, question, signal);
	if ('reason' in response) return { ok: false, reason: `No connection to the Base URL: ${response.reason}. Check the Base URL and the network` };
	const errorInfo = accountError(await readResponse(response, signal, redactorOf(credential)));
	return errorInfo ? { ok: false, reason: `${errorInfo.message}. ${errorInfo.hint}` } : { ok: true };
}

async function exchange(helpers: Helpers, baseUrl: string, credential: Credential): Promise<SessionResult> {
	const unreachable = (reason: string): SessionResult => ({
		ok: false,
		reason: `${NO_TOKEN_UNREACHABLE}: no connection to HiDream: ${reason}. Check the Base URL and the network`,
	});
	// n8n's time limit ends with the headers of the answer.
	const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
	const response = await request(helpers, exchangeRequest(baseUrl, secretOf(credential)), signal);
	if ('reason' in response) return unreachable(response.reason);
	const answer = await readResponse(response, signal, redactorOf({ apiKey: credential.apiKey ?? '' }));
	if (answer.bodyError === 'broken') return unreachable(BROKEN);
	const exchanged = readExchange(answer);
	if (!exchanged.ok) return exchanged;
	const { token, expiresAt } = exchanged;
	const session = { token, expiresAt, issuedAt: Date.now(), account: fingerprintOf(credential) };
	return { ok: true, sessionToken: storeSession(session) };
}

/**
 * Gets what is needed before the first request with a credential: a token for an API key; for an access token nothing
 * but a HiDream that takes it. Makes no task and costs nothing.
 */
export async function openSession(helpers: Helpers, credential: Credential): Promise<SessionResult> {
	const baseUrl = parseBaseUrl(typeof credential.baseUrl === 'string' ? credential.baseUrl : '');
	if (!baseUrl.ok) return { ok: false, reason: `The Base URL cannot be used: ${baseUrl.reason}` };
	return usesApiKey(credential)
		? await exchange(helpers, baseUrl.url, credential)
		: await checkToken(helpers, baseUrl.url, credential);
}
