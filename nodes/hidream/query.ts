import { sleep } from 'n8n-workflow';
import type { IHttpRequestOptions } from 'n8n-workflow';
import { redactSecrets, usesApiKey } from './account';
import { accountQuery } from './accountError';
import { meaningOf } from './codes';
import { parseEnvelope } from './envelope';
import { toTransportError } from './transportError';
import type { TransportError } from './transportError';
import { REQUEST_TIMEOUT_MS } from './limits';
import { onAbort } from '../async/onAbort';
import { OVER } from './idleTimeout';
import { readySession, signedRequest } from './signedRequest';
import type { Caller, Credential, HttpResult } from './signedRequest';

const UNAUTHORIZED = 401;

/** Whether the service says, by its HTTP status or by a code of its own, that the token is at fault. */
function refusesToken({ status, json }: HttpResult): boolean {
	return status === UNAUTHORIZED || meaningOf(parseEnvelope(json).code)?.badToken === true;
}

/**
 * Gives `ask` a signal that fires after so many milliseconds, or with `cancel`. (`AbortSignal.any` over
 * `AbortSignal.timeout` can be collected by Node.js 20 before it fires.)
 */
async function within<T>(timeoutMs: number, cancel: AbortSignal | undefined, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
	const [end, finished] = [new AbortController(), new AbortController()];
	const forget = onAbort(cancel, () => end.abort());
	void sleep(timeoutMs, finished.signal).then(() => end.abort(), () => undefined);
	try {
		return await ask(end.signal);
	} finally {
		finished.abort(OVER);
		forget();
	}
}

/** Nothing was learnt from an answer that broke off; one that is too long would be so again. */
const whole = (answer: HttpResult): HttpResult | TransportError =>
	answer.bodyError === 'broken' ? { kind: 'brokeAfter', reason: 'its answer broke off' } : answer;

/**
 * Asks the service something that makes no task and costs nothing, so that asking twice does no harm: a
 * token that is refused is renewed once. Never throws.
 * @param limits how long to wait, in milliseconds, and what ends the request at once
 */
export async function sendQuery(
	caller: Caller,
	credential: Credential,
	request: IHttpRequestOptions,
	{ timeoutMs = REQUEST_TIMEOUT_MS, cancel }: { timeoutMs?: number; cancel?: AbortSignal } = {},
): Promise<HttpResult | TransportError> {
	if (cancel?.aborted) return { kind: 'notSent', reason: 'the execution was cancelled' };
	return await within(timeoutMs, cancel, async (signal) => {
		try {
			readySession(credential);
			const answer = await signedRequest(caller, credential, { ...request, timeout: timeoutMs }, signal);
			if (!refusesToken(answer) || !usesApiKey(credential)) return whole(answer);
			readySession(credential, true);
			return whole(await signedRequest(caller, credential, { ...request, timeout: timeoutMs }, signal));
		} catch (error) {
			const silent = signal.aborted && cancel?.aborted !== true;
			const failure = toTransportError(error, { handedOver: true, silent });
			return { ...failure, reason: redactSecrets(failure.reason, credential) };
		}
	});
}

/**
 * Whether the service refuses the token, found out by asking for a task that nobody has. Needed when an
 * upload broke off: a service that refuses early may close the connection before its answer has been read.
 * An unclear answer counts as no.
 */
export async function isTokenRefused(caller: Caller, baseUrl: string, credential: Credential, cancel?: AbortSignal): Promise<boolean> {
	const request = { ...accountQuery(baseUrl), timeout: REQUEST_TIMEOUT_MS };
	const ask = async (signal: AbortSignal) => await signedRequest(caller, credential, request, signal).then(refusesToken, () => false);
	return await within(REQUEST_TIMEOUT_MS, cancel, ask);
}
