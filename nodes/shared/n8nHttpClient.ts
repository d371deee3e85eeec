import type { IExecuteFunctions, IHttpRequestHelper, IHttpRequestOptions, IN8nHttpFullResponse, IWebhookFunctions } from 'n8n-workflow';
import { HttpError, type Connection, type HttpClient, type HttpRequest, type HttpResponse } from '../hidream/http';
import { readySession, redactorOf, usesApiKey, type Credential } from './credential';
import { fieldsOf, httpError, wireOf } from './requestErrors';

/** The n8n context that sends a request: of an execution, or of a webhook. */
export type Caller = IExecuteFunctions | IWebhookFunctions;

const OK = 200;
const UNAUTHORIZED = 401;

/**
 * Which statuses n8n throws: the error contains the request, which shows who responded. Not 401, after which n8n would
 * send the request again by itself. n8n 1.x throws none.
 */
const THROWN_STATUSES: IHttpRequestOptions['ignoreHttpStatusErrors'] = {
	ignore: true,
	except: Array.from({ length: 400 }, (_, n) => OK + n).filter((status) => status !== OK && status !== UNAUTHORIZED),
};

/**
 * The response that n8n threw because of its status.
 * @throws HttpError if it has no response, or if a proxy gave it: nothing was sent then
 */
function thrownResponse(error: unknown): IN8nHttpFullResponse {
	const { request, response } = [error, fieldsOf(error).cause].map(fieldsOf).find((link) => link.response) ?? {};
	const { status, headers, data } = fieldsOf(response);
	if (typeof status !== 'number' || data === undefined) throw httpError(error);
	if (wireOf(request) === 'proxy') throw new HttpError({ code: 'noConnection', cause: 'proxyRefused', proxyStatus: status });
	return { statusCode: status, headers: fieldsOf(headers), body: data } as IN8nHttpFullResponse;
}

/** The options of n8n's HTTP helper. `taken`: whether its HTTP client has taken the body. */
function optionsOf({ method, url, query, headers, body, timeoutMs }: HttpRequest): { options: IHttpRequestOptions; taken: () => boolean } {
	let taken = body === undefined;
	const options: IHttpRequestOptions = {
		method,
		url,
		...(query && { qs: { ...query } }),
		headers: { ...headers },
		timeout: timeoutMs,
		// n8n itself would read a response of any length into memory.
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: THROWN_STATUSES,
		// A redirect would take the token to another host, and make n8n's HTTP client keep a copy of the whole body.
		disableFollowRedirect: true,
	};
	const take = () => {
		taken = true;
		return body;
	};
	if (!taken) Object.defineProperty(options, 'body', { enumerable: true, configurable: true, get: take });
	return { options, taken: () => taken };
}

const responseOf = ({ statusCode, headers, body }: IN8nHttpFullResponse): HttpResponse => ({
	status: statusCode,
	headers,
	body: body as unknown as AsyncIterable<Uint8Array>,
});

/** The caller, with another signal that ends the request: n8n replaces the signal of the options by the caller's own. */
const withSignal = (caller: Caller, signal: AbortSignal): IExecuteFunctions =>
	Object.create(caller, { getExecutionCancelSignal: { value: () => signal } }) as IExecuteFunctions;

/** Lets n8n sign each request with this credential, which it renews in place. */
const signingClient = (caller: Caller, credential: Credential): HttpClient => async (request) => {
	readySession(credential);
	const { options, taken } = optionsOf(request);
	const decrypted = { credentialsDecrypted: { id: '', name: '', type: 'hiDreamApi', data: credential } };
	const response: IN8nHttpFullResponse = await caller.helpers.httpRequestWithAuthentication
		.call(withSignal(caller, request.signal), 'hiDreamApi', options, decrypted)
		.catch((error: Error) => {
			// A body that was not read was not sent, whatever failed, for example n8n's database or the credential.
			if (!taken()) throw httpError(error, true);
			return thrownResponse(error);
		});
	return responseOf(response);
};

/** Sends requests as they are, with n8n's helper and without a credential. */
export const plainClient = (helpers: IHttpRequestHelper['helpers']): HttpClient => async (request) => {
	const options = { ...optionsOf(request).options, abortSignal: request.signal };
	return responseOf((await helpers.httpRequest(options).catch(thrownResponse)) as IN8nHttpFullResponse);
};

/** The connection to HiDream that a node, or its webhook, has with a credential. */
export const connectionOf = (caller: Caller, { baseUrl, credential }: { baseUrl: string; credential: Credential }): Connection => ({
	baseUrl,
	http: signingClient(caller, credential),
	renewToken: usesApiKey(credential) ? () => readySession(credential, true) : undefined,
	redactor: () => redactorOf(credential),
});
