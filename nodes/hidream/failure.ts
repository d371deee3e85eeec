import { NO_TOKEN, NO_TOKEN_UNREACHABLE } from './exchange';

/** Why a request got no answer, by what it means for the task. */
export type Failure =
	/** No connection came about: nothing was sent. */
	| { kind: 'noConnection'; reason: string }
	/** n8n itself did not send the request. */
	| { kind: 'notSent'; reason: string }
	/** The API key was not exchanged for a token: nothing was sent. */
	| { kind: 'noToken'; reason: string; unreachable: boolean }
	/** The video could not be read to its end here: it was not sent whole. */
	| { kind: 'unreadable'; reason: string }
	/** The connection broke, or fell silent, before the last byte was handed over. */
	| { kind: 'brokeBefore'; reason: string }
	/** … after the last byte was handed over. */
	| { kind: 'brokeAfter'; reason: string };

/** The parts of an error that tell what happened on the wire; n8n wraps the HTTP client's error in its own. */
interface WireError {
	message: string;
	code?: string;
	syscall?: string;
	isAxiosError?: boolean;
	cause?: unknown;
	errors?: unknown[];
}

const isWireError = (value: unknown): value is WireError => value instanceof Error;

function chainOf(error: unknown): WireError[] {
	const chain: WireError[] = [];
	for (let next = error; isWireError(next) && chain.length < 8; next = next.cause) chain.push(next);
	return chain;
}

/** Codes of errors that come up before a connection stands, by the words for them. */
const NO_CONNECTION: ReadonlyArray<readonly [RegExp, string]> = [
	[/^ECONNREFUSED$/, 'the host refuses connections'],
	[/^ENOTFOUND$/, 'there is no host of that name'],
	[/^EAI_/, 'the name of the host could not be looked up'],
	[/^(CERT_|ERR_TLS_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)|_CERT_|CERTIFICATE/, "the host's certificate is not trusted"],
	[/^ERR_SSL_.*(WRONG_VERSION|HANDSHAKE|UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION|UNRECOGNIZED_NAME)/, 'the host does not speak https'],
	[/^ERR_INVALID_(URL|CHAR)$/, 'the address or the token has characters that cannot be sent'],
];

/** Codes of errors that come up while connecting, and later too: only the system call tells. */
const UNREACHABLE = /^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ENETDOWN|EHOSTDOWN)$/;

/** Words for what breaks a connection that stood. n8n replaces messages with code names in them, so none is named. */
const BROKEN: Readonly<Record<string, string>> = {
	ECONNRESET: 'the connection was reset',
	EPIPE: 'the connection was closed',
	ETIMEDOUT: 'the connection timed out',
	ECONNABORTED: 'the connection was aborted',
	ERR_CANCELED: 'the execution was cancelled',
};

/** Words for an error that came before a connection stood; undefined when one may have stood. */
export function noConnectionReason(error: unknown): string | undefined {
	for (const { code = '', syscall, message, errors = [] } of chainOf(error)) {
		// A host with several addresses was tried at each: one error for each, none for all.
		const each = errors.map(noConnectionReason);
		if (each.length > 0 && !each.includes(undefined)) return each[0];
		const words = NO_CONNECTION.find(([pattern]) => pattern.test(code))?.[1];
		if (words !== undefined) return words;
		if (UNREACHABLE.test(code) && syscall === 'connect') return 'the host cannot be reached from here';
		if (code === 'EPROTO' && message.includes('wrong version number')) return 'the host does not speak https';
		if (code === 'ETIMEDOUT' && syscall === 'connect') return 'the host did not answer in time';
		if (message.includes('before secure TLS connection')) return 'the host closed the connection at once';
	}
	return undefined;
}

/**
 * Sorts the error of a request by what it means for the task.
 * @param upload how far the body had come, and why reading it failed, if it did
 */
export function failureOf(error: unknown, upload: { handedOver: boolean; unreadable?: string; silent: boolean }): Failure {
	const chain = chainOf(error);
	const noToken = chain.find(({ message }) => message.startsWith(NO_TOKEN))?.message;
	if (noToken !== undefined) {
		return { kind: 'noToken', reason: noToken, unreachable: noToken.startsWith(NO_TOKEN_UNREACHABLE) };
	}
	if (upload.unreadable !== undefined) return { kind: 'unreadable', reason: upload.unreadable };
	const noConnection = noConnectionReason(error);
	if (noConnection !== undefined) return { kind: 'noConnection', reason: noConnection };
	if (!chain.some(({ isAxiosError }) => isAxiosError === true)) {
		// Not from the HTTP client: n8n itself refused the request (its SSRF protection, a missing credential).
		return { kind: 'notSent', reason: `n8n did not send the request: ${chain.at(-1)?.message ?? 'no reason given'}` };
	}
	const code = chain.find((link) => link.code !== undefined && Object.hasOwn(BROKEN, link.code))?.code;
	const reason = upload.silent
		? upload.handedOver
			? 'no answer came in time'
			: 'nothing moved for a minute'
		: ((code !== undefined && BROKEN[code]) || 'the connection broke');
	return { kind: upload.handedOver ? 'brokeAfter' : 'brokeBefore', reason };
}
