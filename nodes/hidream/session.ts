import type { IHttpRequestHelper, IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';
import { blotterOf, fingerprintOf, secretOf, storeSession, usesApiKey } from './account';
import { dropBody, readBody } from './answerBody';
import { parseBaseUrl } from './baseUrl';
import { THROWN_STATUSES, thrownResponse } from './connection';
import { resultUrl } from './endpoints';
import { exchangeRequest, NO_TOKEN_UNREACHABLE, readExchange } from './exchange';
import { SMALL_REQUEST_MS } from './limits';
import { noConnectionReason } from './noConnection';
import type { Credential } from './signedRequest';
import { vendorJson } from './vendorJson';

/** A session to store in the credential, nothing to store, or what is wrong in words for the user. */
export type SessionResult = { ok: true; sessionToken?: string } | { ok: false; reason: string };

type Helpers = IHttpRequestHelper['helpers'];

/** When each base URL was last seen to answer, in milliseconds since 1970. */
const reached = new Map<string, number>();
const REACHED_FOR_MS = 60_000;

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

/** An access token needs no session; n8n asks here before it uses or tests one, and hears whether the host is there. */
async function checkReachable(helpers: Helpers, baseUrl: string): Promise<SessionResult> {
	if (Date.now() - (reached.get(baseUrl) ?? 0) < REACHED_FOR_MS) return { ok: true };
	const question: IHttpRequestOptions = {
		method: 'GET',
		url: resultUrl(baseUrl),
		encoding: 'stream',
		returnFullResponse: true,
		disableFollowRedirect: true,
		timeout: SMALL_REQUEST_MS,
	};
	const answer = await request(helpers, question, AbortSignal.timeout(SMALL_REQUEST_MS));
	if ('reason' in answer) return { ok: false, reason: `No connection to the Base URL: ${answer.reason}. Check the Base URL and the network` };
	dropBody(answer);
	reached.set(baseUrl, Date.now());
	return { ok: true };
}

async function exchange(helpers: Helpers, baseUrl: string, credential: Credential): Promise<SessionResult> {
	const unreachable = (reason: string): SessionResult => ({
		ok: false,
		reason: `${NO_TOKEN_UNREACHABLE}: ${reason}. Check the Base URL and the network`,
	});
	// n8n's time limit ends with the headers of the answer.
	const signal = AbortSignal.timeout(SMALL_REQUEST_MS);
	const answer = await request(helpers, exchangeRequest(baseUrl, secretOf(credential)), signal);
	if ('reason' in answer) return unreachable(answer.reason);
	const { text, flaw } = await readBody(answer, signal);
	const json = vendorJson(text, blotterOf({ apiKey: credential.apiKey ?? '' }));
	if (json === null && flaw === 'broken') return unreachable(BROKEN);
	const exchanged = readExchange(answer.statusCode, json);
	if (!exchanged.ok) return exchanged;
	const { token, expiresAt } = exchanged;
	const session = { token, expiresAt, issuedAt: Date.now(), account: fingerprintOf(credential) };
	return { ok: true, sessionToken: storeSession(session) };
}

/**
 * Gets what must stand before the first request with a credential: a token for an API key; for an access
 * token nothing but a host that answers. Makes no task and costs nothing.
 */
export async function openSession(helpers: Helpers, credential: Credential): Promise<SessionResult> {
	const baseUrl = parseBaseUrl(typeof credential.baseUrl === 'string' ? credential.baseUrl : '');
	if (!baseUrl.ok) return { ok: false, reason: `The Base URL cannot be used: ${baseUrl.reason}` };
	return usesApiKey(credential)
		? await exchange(helpers, baseUrl.url, credential)
		: await checkReachable(helpers, baseUrl.url);
}
