import { onAbort } from '../async/onAbort';
import { MAX_RESPONSE_BYTES } from './limits';
import type { ApiResponse, BodyError } from './response';
import { vendorJson } from './vendorJson';

/** A request as an `HttpClient` sends it. */
export interface HttpRequest {
	method: 'GET' | 'POST';
	/** Absolute and without a query. */
	url: string;
	query?: Readonly<Record<string, string>>;
	headers?: Readonly<Record<string, string | number>>;
	/** Text, or a stream, which must not be read before there is a connection that takes it. */
	body?: string | NodeJS.ReadableStream;
	/** How long to wait for the response, in milliseconds; 0 = no limit. */
	timeoutMs: number;
	/** Ends the request immediately. */
	signal: AbortSignal;
}

/** A response whose body has not been read. The names of its headers are in lower case. */
export interface HttpResponse {
	status: number;
	headers: Readonly<Record<string, unknown>>;
	body: AsyncIterable<Uint8Array>;
}

/**
 * Sends a request once and gives its response, whatever the status. It must not follow redirects, which would take the
 * token to another host, and must not read the body of the response.
 * @throws HttpError; any other error counts as a connection that broke
 */
export type HttpClient = (request: HttpRequest) => Promise<HttpResponse>;

/** LIKELY: X-accept-language selects the language of the vendor's messages on sibling endpoints; ignored elsewhere. */
export const COMMON_HEADERS = { Accept: 'application/json', 'X-accept-language': 'en' };

/** An account at HiDream, and how to reach it. */
export interface Connection {
	/** As `parseBaseUrl` gives it. */
	baseUrl: string;
	/** Adds the account's token to each request. */
	http: HttpClient;
	/** Makes the next request use a new token; undefined if there is no way to get one. */
	renewToken?: () => void;
	/** Returns a function that redacts the account's secrets in a text; called after each response, as the token may be new. */
	redactor: () => (text: string) => string;
}

/** Why no connection was made. */
export type ConnectCause =
	| 'refused'
	| 'noSuchHost'
	| 'lookupFailed'
	| 'untrustedCertificate'
	| 'timedOut'
	| 'invalidCharacters'
	| 'unreachable'
	| 'notTls'
	| 'closedImmediately'
	| 'ended'
	| 'tlsFailed'
	| 'proxyRefused'
	| 'proxyClosed'
	| 'unknown';

/** What broke a connection. `idle`: an idle timeout, or no response in time. `bodyBroke`: the response began, but did not end. */
export type BreakCause = 'reset' | 'closed' | 'timedOut' | 'aborted' | 'cancelled' | 'idle' | 'bodyBroke' | 'unknown';

/** Why nothing of a request was sent, for certain. */
export type NothingSent =
	/** `atProxy`: no proxy opened the tunnel. `proxyStatus`: the status that the proxy returned instead of HiDream. */
	| { code: 'noConnection'; cause: ConnectCause; atProxy?: true; proxyStatus?: number }
	/** The client did not send the request. `detail`: its own words. */
	| { code: 'notSent'; detail?: string }
	/** The API key was not exchanged for a token. `detail`: why, in whole sentences. `temporary`: worth another attempt. */
	| { code: 'noToken'; detail: string; temporary: boolean };

/** Why a client has no response. `broken`: a connection may have been made. */
export type HttpFailure = NothingSent | { code: 'broken'; cause: BreakCause };

/** What an `HttpClient` throws. */
export class HttpError extends Error {
	override readonly name = 'HttpError';

	constructor(
		readonly failure: HttpFailure,
		options?: ErrorOptions,
	) {
		super(failure.code, options);
	}
}

/** Why a request has no response, by what it means for the task. */
export type TransportError =
	| NothingSent
	/** It was cancelled before it was sent. */
	| { code: 'cancelled' }
	/** The video could not be read to its end, so it was not sent whole. `detail`: why, in a whole sentence. */
	| { code: 'unreadable'; detail: string }
	/** The connection broke, or had an idle timeout, before the last byte was handed over. */
	| { code: 'brokeBefore'; cause: BreakCause }
	/** The connection broke, or had an idle timeout, after the last byte was handed over. */
	| { code: 'brokeAfter'; cause: BreakCause };

/** Whether a request has a response. */
export const hasResponse = (result: ApiResponse | TransportError): result is ApiResponse => 'status' in result;

/**
 * Converts what an `HttpClient` threw into what it means for the task. Never throws.
 * @param upload how much of the body was sent, and why reading it failed, if it did
 * @param redact redacts secrets in a text
 */
export function toTransportError(
	error: unknown,
	upload: { handedOver: boolean; unreadable?: string; idle: boolean },
	redact: (text: string) => string = (text) => text,
): TransportError {
	const failure: HttpFailure = error instanceof HttpError ? error.failure : { code: 'broken', cause: 'unknown' };
	if (failure.code === 'noToken') return { ...failure, detail: redact(failure.detail) };
	if (upload.unreadable !== undefined) return { code: 'unreadable', detail: redact(upload.unreadable) };
	if (failure.code === 'notSent') return failure.detail === undefined ? failure : { ...failure, detail: redact(failure.detail) };
	if (failure.code === 'noConnection') return failure;
	return { code: upload.handedOver ? 'brokeAfter' : 'brokeBefore', cause: upload.idle ? 'idle' : failure.cause };
}

/** How many bytes are kept of a response that is too long: it names its task at the beginning. */
export const BEGINNING_BYTES = 4 * 1024;

const UTF8 = new TextDecoder();

/** Discards the body of a response. Never throws, whatever the body is. */
export function discardBody({ body }: Pick<HttpResponse, 'body'>): void {
	const stream = body as unknown as { on?: (event: 'error', listener: () => void) => unknown; destroy?: () => unknown } | undefined;
	// A stream that breaks while nothing reads it must not end the process.
	stream?.on?.('error', () => undefined);
	stream?.destroy?.();
}

/**
 * Reads the body of a response, up to `MAX_RESPONSE_BYTES`. Never throws: the status of the response counts even if its
 * body breaks off.
 * @param signal ends it immediately
 * @returns the text: all of it, or what had come when it broke off; of one that is too long, its beginning
 */
export async function readBody(response: Pick<HttpResponse, 'body'>, signal: AbortSignal): Promise<{ text: string; bodyError?: BodyError }> {
	// Copied into one buffer: a chunk of one byte may hold a whole network read in memory.
	let read: Buffer = Buffer.alloc(0);
	let length = 0;
	const text = (bytes = length) => UTF8.decode(read.subarray(0, Math.min(bytes, length)));
	const forget = onAbort(signal, () => discardBody(response));
	try {
		for await (const chunk of response.body) {
			if (length + chunk.length > MAX_RESPONSE_BYTES) return { text: text(BEGINNING_BYTES), bodyError: 'tooLong' };
			if (length + chunk.length > read.length) read = Buffer.concat([read], Math.max(read.length * 2, length + chunk.length));
			read.set(chunk, length);
			length += chunk.length;
		}
		return { text: text() };
	} catch {
		return { text: text(), bodyError: 'broken' };
	} finally {
		forget();
		discardBody(response);
	}
}

/**
 * Reads a response to its end. Never throws.
 * @param redact redacts secrets in a text
 */
export async function readResponse(response: HttpResponse, signal: AbortSignal, redact: (text: string) => string): Promise<ApiResponse> {
	const { status, headers } = response;
	const { text, bodyError } = await readBody(response, signal);
	const json = vendorJson(text, redact);
	if (json !== null) return { status, headers, json };
	return { status, headers, json, truncated: redact(text.slice(0, BEGINNING_BYTES)), bodyError };
}
