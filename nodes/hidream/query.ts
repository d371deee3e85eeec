import { systemClock } from '../async/clock';
import { onAbort } from '../async/onAbort';
import { isOk, meaningOf } from './codes';
import { exchangeUrl, NO_TASK, resultUrl } from './endpoints';
import { COMMON_HEADERS, hasResponse, readResponse, toTransportError, type Connection, type HttpClient, type HttpRequest, type TransportError } from './http';
import { REQUEST_TIMEOUT_MS } from './limits';
import { parseEnvelope, saidIn, type ApiResponse, type Said } from './response';
import { OVER } from './upload';
import { isObject } from './vendorJson';

const UNAUTHORIZED = 401;

/** Whether a response says, by its HTTP status or by a code of its own, that the token is at fault. */
const refusesToken = ({ status, json }: ApiResponse): boolean =>
	status === UNAUTHORIZED || meaningOf(parseEnvelope(json).code)?.badToken === true;

/**
 * Gives `work` a signal that fires after so many milliseconds, or with `cancel`. (`AbortSignal.any` over
 * `AbortSignal.timeout` can be collected by Node.js 20 before it fires.)
 */
async function within<T>(timeoutMs: number, cancel: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
	const [end, finished] = [new AbortController(), new AbortController()];
	const forget = onAbort(cancel, () => end.abort());
	void systemClock.sleep(timeoutMs, finished.signal).then(() => finished.signal.aborted || end.abort());
	try {
		return await work(end.signal);
	} finally {
		finished.abort(OVER);
		forget();
	}
}

/** Nothing was learnt from a response that broke off; one that is too long would be so again. */
const whole = (response: ApiResponse): ApiResponse | TransportError =>
	response.bodyError === 'broken' ? { code: 'brokeAfter', cause: 'bodyBroke' } : response;

/** A request that makes no task and costs nothing, so that sending it twice does no harm. */
export type Query = Pick<HttpRequest, 'method' | 'url' | 'query' | 'headers'> & { body?: string };

/** Sends a query once and reads its response. @throws what the client throws */
async function ask({ http, redactor }: Connection, query: Query, timeoutMs: number, signal: AbortSignal): Promise<ApiResponse> {
	const response = await http({ ...query, headers: { ...COMMON_HEADERS, ...query.headers }, timeoutMs, signal });
	return await readResponse(response, signal, redactor());
}

/**
 * Sends a query; a token that is refused is renewed once. Never throws.
 * @param limits how long to wait, in milliseconds, and what ends the request at once
 */
export async function sendQuery(
	connection: Connection,
	query: Query,
	{ timeoutMs = REQUEST_TIMEOUT_MS, cancel }: { timeoutMs?: number; cancel?: AbortSignal } = {},
): Promise<ApiResponse | TransportError> {
	if (cancel?.aborted) return { code: 'cancelled' };
	return await within(timeoutMs, cancel, async (signal) => {
		try {
			const response = await ask(connection, query, timeoutMs, signal);
			if (!refusesToken(response) || !connection.renewToken) return whole(response);
			connection.renewToken();
			return whole(await ask(connection, query, timeoutMs, signal));
		} catch (error) {
			const idle = signal.aborted && cancel?.aborted !== true;
			return toTransportError(error, { handedOver: true, idle }, connection.redactor());
		}
	});
}

/** Asks for a task ID that does not exist: it creates no task, costs nothing, and shows whether the token is good. */
export const accountQuery = (baseUrl: string): Query => ({ method: 'GET', url: resultUrl(baseUrl), query: { task_id: NO_TASK } });

/**
 * Whether the service refuses the token. Needed when an upload broke off: a service that refuses early may close the
 * connection before its response has been read. An unclear response counts as no.
 */
export async function isTokenRefused(connection: Connection, cancel?: AbortSignal): Promise<boolean> {
	return await within(REQUEST_TIMEOUT_MS, cancel, async (signal) =>
		await ask(connection, accountQuery(connection.baseUrl), REQUEST_TIMEOUT_MS, signal).then(refusesToken, () => false),
	);
}

/** Why an account cannot submit: HiDream, or something in between, says so, or there was no response. */
export type AccountReason = ({ code: 'accountRefused' } & Said) | { code: 'accountUnanswered'; failure: TransportError };

/** What the response to `accountQuery` says against the account. Any `code` that is about the task alone shows that the token is good. */
export function accountReason(response: ApiResponse): AccountReason | undefined {
	const said = saidIn(response);
	const { httpStatus, vendorCode } = said;
	const isAboutTask = httpStatus === 200 || httpStatus === 400 || httpStatus === 404;
	return isAboutTask && vendorCode !== undefined && !meaningOf(vendorCode) ? undefined : { code: 'accountRefused', ...said };
}

/**
 * Checks the token, the account and the way to HiDream with one query. Never throws; makes no task and costs nothing.
 * @returns undefined when a submit could go out
 */
export async function checkAccount(connection: Connection, cancel?: AbortSignal): Promise<AccountReason | undefined> {
	const result = await sendQuery(connection, accountQuery(connection.baseUrl), { cancel });
	return hasResponse(result) ? accountReason(result) : { code: 'accountUnanswered', failure: result };
}

/** Why an API key gave no token. `temporary`: the response may be another one soon. */
export type ExchangeReason = ({ code: 'keyRefused'; temporary: boolean } & Said) | { code: 'keyUnanswered'; failure: TransportError };

/** `expiresAt`: milliseconds since 1970; undefined when the service did not say. */
export type Exchanged = { ok: true; token: string; expiresAt?: number } | { ok: false; reason: ExchangeReason };

/** The request that exchanges an API key for a token (CERTAIN, older manual). It makes no task and costs nothing. */
export const exchangeQuery = (baseUrl: string, apiKey: string): Query => ({ method: 'GET', url: exchangeUrl(baseUrl), headers: { 'Api-Key': apiKey } });

/** LIKELY: these statuses of the exchange are temporary. The exchange makes no task, so asking again is free. */
const isTemporary = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/** Reads `{ code: 0, result: { token, expire_time (RFC 3339) } }` (CERTAIN). */
export function readExchange(response: ApiResponse): Exchanged {
	const { status, json } = response;
	const { code, result } = parseEnvelope(json);
	const { token, expire_time: expiry } = isObject(result) ? result : {};
	if (status === 200 && isOk(code) && typeof token === 'string' && token !== '') {
		const expiresAt = typeof expiry === 'string' ? Date.parse(expiry) : NaN;
		return { ok: true, token, expiresAt: Number.isNaN(expiresAt) ? undefined : expiresAt };
	}
	return { ok: false, reason: { code: 'keyRefused', temporary: isTemporary(status), ...saidIn(response) } };
}

/**
 * Exchanges an API key for a token. Never throws.
 * @param http adds no token of its own
 * @param redact takes the key out of a text
 */
export async function exchangeApiKey(http: HttpClient, baseUrl: string, apiKey: string, redact: (text: string) => string): Promise<Exchanged> {
	const connection: Connection = { baseUrl, http, redactor: () => redact };
	const result = await sendQuery(connection, exchangeQuery(baseUrl, apiKey));
	return hasResponse(result) ? readExchange(result) : { ok: false, reason: { code: 'keyUnanswered', failure: result } };
}
