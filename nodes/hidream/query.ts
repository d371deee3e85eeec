import { systemClock } from '../async/clock';
import { onAbort } from '../async/onAbort';
import { isOk, meaningOf } from './codes';
import { exchangeUrl, NO_TASK, resultUrl } from './endpoints';
import { COMMON_HEADERS, hasResponse, readResponse, toTransportError, type Connection, type HttpClient, type HttpRequest, type TransportError } from './http';
import { REQUEST_TIMEOUT_MS } from './limits';
import { parseEnvelope, saidIn, type ApiResponse, type Said } from './response';
import { FINISHED } from './upload';
import { refusesToken } from './verdict';
import { isObject } from './vendorJson';

const UNAUTHORIZED = 401;

/**
 * Gives `work` a signal that fires after this many milliseconds, or with `cancel`. (`AbortSignal.any` over
 * `AbortSignal.timeout` can be collected by Node.js 20 before it fires.)
 */
async function within<T>(timeoutMs: number, cancel: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
	const [end, finished] = [new AbortController(), new AbortController()];
	const forget = onAbort(cancel, () => end.abort());
	void systemClock.sleep(timeoutMs, finished.signal).then(() => finished.signal.aborted || end.abort());
	try {
		return await work(end.signal);
	} finally {
		finished.abort(FINISHED);
		forget();
	}
}

/** A response that broke off counts as none, unless its status refuses the token. One that is too long would be too long again. */
const whole = (response: ApiResponse): ApiResponse | TransportError =>
	response.bodyError === 'broken' && response.status !== UNAUTHORIZED ? { code: 'brokeAfter', cause: 'bodyBroke' } : response;

/** A request that creates no task and costs nothing, so it can be sent twice. */
export type Query = Pick<HttpRequest, 'method' | 'url' | 'query' | 'headers'> & { body?: string };

/** Sends a query once and reads its response. @throws what the client throws */
async function send({ http, redactor }: Connection, query: Query, timeoutMs: number, signal: AbortSignal): Promise<ApiResponse> {
	const response = await http({ ...query, headers: { ...COMMON_HEADERS, ...query.headers }, timeoutMs, signal });
	return await readResponse(response, signal, redactor());
}

/**
 * Sends a query; a token that is refused is renewed once. Never throws.
 * @param limits how long to wait, in milliseconds, and what ends the request immediately
 */
export async function sendQuery(connection: Connection, query: Query, { timeoutMs = REQUEST_TIMEOUT_MS, cancel }: { timeoutMs?: number; cancel?: AbortSignal } = {}): Promise<ApiResponse | TransportError> {
	if (cancel?.aborted) return { code: 'cancelled' };
	return await within(timeoutMs, cancel, async (signal) => {
		try {
			const response = await send(connection, query, timeoutMs, signal);
			if (!refusesToken(saidIn(response)) || !connection.renewToken) return whole(response);
			connection.renewToken();
			return whole(await send(connection, query, timeoutMs, signal));
		} catch (error) {
			const idle = signal.aborted && cancel?.aborted !== true;
			return toTransportError(error, { handedOver: true, idle }, connection.redactor());
		}
	});
}

/** Queries a task ID that does not exist: creates no task, costs nothing, and shows whether the token is accepted. */
const accountQuery = (baseUrl: string): Query => ({ method: 'GET', url: resultUrl(baseUrl), query: { task_id: NO_TASK } });

/**
 * Whether the service refuses the token. Needed when an upload broke off: a service that refuses early may close the
 * connection before its response has been read. An unclear response counts as no.
 */
export async function isTokenRefused(connection: Connection, cancel?: AbortSignal): Promise<boolean> {
	const result = await sendQuery({ ...connection, renewToken: undefined }, accountQuery(connection.baseUrl), { cancel });
	return hasResponse(result) && refusesToken(saidIn(result));
}

/** Why an account cannot submit: HiDream, or something in between, says so, or there was no response. */
export type AccountReason = ({ code: 'accountRefused' } & Said) | { code: 'accountNoResponse'; failure: TransportError };

/** Why the response to `accountQuery` refuses the account. A `code` that is only about the task shows that the token is accepted (UNKNOWN which codes are). */
export function accountReason(response: ApiResponse): AccountReason | undefined {
	const said = saidIn(response);
	const { httpStatus, vendorCode } = said;
	const isAboutTask = httpStatus === 200 || httpStatus === 400 || httpStatus === 404;
	return isAboutTask && vendorCode !== undefined && !meaningOf(vendorCode) ? undefined : { code: 'accountRefused', ...said };
}

/**
 * Checks the token, the account and the connection to HiDream with one query. Never throws; creates no task and costs nothing.
 * @returns undefined if a submit is possible
 */
export async function checkAccount(connection: Connection, cancel?: AbortSignal): Promise<AccountReason | undefined> {
	const result = await sendQuery(connection, accountQuery(connection.baseUrl), { cancel });
	return hasResponse(result) ? accountReason(result) : { code: 'accountNoResponse', failure: result };
}

/** Why an API key was not exchanged for a token. `temporary`: a retry may succeed. */
export type ExchangeReason = ({ code: 'keyRefused'; temporary: boolean } & Said) | { code: 'keyNoResponse'; failure: TransportError };

/** `expiresAt`: milliseconds since 1970; undefined when the service did not say. */
export type Exchanged = { ok: true; token: string; expiresAt?: number } | { ok: false; reason: ExchangeReason };

/** The request that exchanges an API key for a token (CERTAIN, older manual). It creates no task and costs nothing. */
export const exchangeQuery = (baseUrl: string, apiKey: string): Query => ({ method: 'GET', url: exchangeUrl(baseUrl), headers: { 'Api-Key': apiKey } });

/** LIKELY: these statuses of the exchange are temporary. The exchange creates no task, so a retry is free. */
const isTemporary = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/** Reads `{ code: 0, result: { token, expire_time (RFC 3339) } }`. CERTAIN (older manual), also that a token is valid for about a day. */
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
 * @param redact redacts the key in a text
 */
export async function exchangeApiKey(http: HttpClient, baseUrl: string, apiKey: string, redact: (text: string) => string): Promise<Exchanged> {
	const connection: Connection = { baseUrl, http, redactor: () => redact };
	const result = await sendQuery(connection, exchangeQuery(baseUrl, apiKey));
	return hasResponse(result) ? readExchange(result) : { ok: false, reason: { code: 'keyNoResponse', failure: result } };
}
