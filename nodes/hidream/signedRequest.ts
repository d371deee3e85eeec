import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
	IWebhookFunctions,
} from 'n8n-workflow';
import { bearerToken, redactorOf, usesApiKey } from './account';
import type { HttpResponse } from './response';
import { BEGINNING_BYTES, readBody } from './responseBody';
import { NotSent, THROWN_STATUSES, thrownResponse } from './connection';
import { vendorJson } from './vendorJson';

/** The credential of one account, as one run holds it: n8n writes a renewed session token into it. */
export type Credential = ICredentialDataDecryptedObject;

/** Where a request may come from: a node at work, or its webhook. */
export type Caller = IExecuteFunctions | IWebhookFunctions;

/** A response with its body read, secrets redacted. */
export type HttpResult = HttpResponse & { kind: 'answer' };

/**
 * Makes n8n exchange the API key before the next request when the token that is stored cannot be used;
 * `force` when the service has just refused it. An access token needs no exchange: the field is filled so
 * that n8n does not call the credential's `preAuthentication` for it.
 */
export function readySession(credential: Credential, force = false): void {
	if (!usesApiKey(credential)) credential.sessionToken = 'not used';
	else if (force || bearerToken(credential, Date.now()) === undefined) credential.sessionToken = '';
}

/**
 * Reads a response that n8n was asked to give as a stream. Never throws.
 * @param clean redacts secrets in a text
 */
export async function readResponse(
	response: IN8nHttpFullResponse,
	signal: AbortSignal,
	clean: (text: string) => string,
): Promise<HttpResult> {
	const { text, bodyError } = await readBody(response, signal);
	const { statusCode: status, headers } = response;
	const json = vendorJson(text, clean);
	if (json !== null) return { kind: 'answer', status, headers, json };
	return { kind: 'answer', status, headers, json, truncated: clean(text.slice(0, BEGINNING_BYTES)), bodyError };
}

/** Seen by `httpRequestWithAuthentication` as the caller itself, but for the signal that ends the request. */
const withSignal = (caller: Caller, signal: AbortSignal): IExecuteFunctions =>
	Object.create(caller, { getExecutionCancelSignal: { value: () => signal } }) as IExecuteFunctions;

/**
 * Lets n8n sign a request with this credential, which it renews in place, and gives the answer whatever its
 * status. Redirects are not followed: they would take the token to another host, and make n8n's HTTP client
 * keep a copy of the whole body.
 * @param signal ends the request, and the reading of its answer, at once
 * @param answer what ends the reading of the answer, if something else does, and what is told when it has begun
 * @throws what n8n throws when there is no answer; an answer that has begun is one
 */
export async function signedRequest(
	caller: Caller,
	credential: Credential,
	request: IHttpRequestOptions,
	signal: AbortSignal,
	answer: { signal: AbortSignal; onBegin: () => void } = { signal, onBegin: () => undefined },
): Promise<HttpResult> {
	let taken = request.body === undefined;
	const options: IHttpRequestOptions = {
		...request,
		// LIKELY: X-accept-language picks the language of the vendor's messages on sibling endpoints; harmless elsewhere.
		headers: { Accept: 'application/json', 'X-accept-language': 'en', ...request.headers },
		// n8n itself would read an answer of any length into memory.
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: THROWN_STATUSES,
		disableFollowRedirect: true,
	};
	// A body that nobody has read cannot have been sent, whatever went wrong: n8n's database, say, or the credential.
	const take = () => {
		taken = true;
		return request.body;
	};
	if (!taken) Object.defineProperty(options, 'body', { enumerable: true, configurable: true, get: take });
	const decrypted = { credentialsDecrypted: { id: '', name: '', type: 'hiDreamApi', data: credential } };
	const response: IN8nHttpFullResponse = await caller.helpers.httpRequestWithAuthentication
		.call(withSignal(caller, signal), 'hiDreamApi', options, decrypted)
		.catch((error: Error) => {
			if (!taken) throw new NotSent(error.message, { cause: error });
			return thrownResponse(error);
		});
	answer.onBegin();
	return await readResponse(response, answer.signal, redactorOf(credential));
}
