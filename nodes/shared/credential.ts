import { createHash } from 'crypto';
import { jsonParse, type ICredentialDataDecryptedObject } from 'n8n-workflow';
import type { BaseUrl } from '../hidream/endpoints';
import { ACCOUNT_BASE_URL } from './sharedParameters';

/**
 * The account of a credential, and its token.
 * An exchanged token is stored together with the account that it was exchanged for: n8n keeps the old token when
 * the user edits the key, and HiDream would continue to bill the old account.
 */

/** An exchanged token, which is valid for about a day, see `readExchange`. */
export interface Session {
	token: string;
	/** When it was exchanged, in milliseconds since 1970. */
	issuedAt: number;
	/** When it expires, likewise; undefined if the service did not say. */
	expiresAt?: number;
	/** `fingerprintOf` the key and base URL it was exchanged for. */
	account: string;
}

/** The decrypted credential of one account. n8n writes a renewed session token into it. */
export type Credential = ICredentialDataDecryptedObject;

/** LIKELY, as the vendor's clients do it: a token is renewed this long before its expiry, in milliseconds, or a tenth of its lifetime if that is shorter. */
const EXPIRY_MARGIN_MS = 60_000;

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

/** Whether the credential holds an API key, which must be exchanged for a token, rather than a token. */
export const usesApiKey = (credential: Credential): boolean =>
	// The value of an expression may be the displayed name.
	/^api[\s_-]?key$/i.test(String(credential.authentication).trim());

/** The secret that the user typed in: the API key or the access token. */
export const secretOf = (credential: Credential): string =>
	textOf(usesApiKey(credential) ? credential.apiKey : credential.accessToken);

/** The base URL of the credential, or why it cannot be used. */
export const baseUrlOf = (credential: Credential): BaseUrl => ACCOUNT_BASE_URL.read(credential.baseUrl);

/** Identifies the account of a credential: a hash of the normalized base URL and the secret. */
export function fingerprintOf(credential: Credential): string {
	const parsed = baseUrlOf(credential);
	const baseUrl = parsed.ok ? parsed.url : textOf(credential.baseUrl);
	return createHash('sha256').update(`${baseUrl}\n${secretOf(credential)}`).digest('hex').slice(0, 24);
}

/** A session as text for the credential's hidden field. */
export const storeSession = (session: Session): string => JSON.stringify(session);

function readSession(credential: Credential): Session | undefined {
	const text = textOf(credential.sessionToken);
	// n8n's jsonParse creates an error for text that is not JSON, which takes longer than the rest of this function.
	const stored = text.startsWith('{') ? jsonParse<Partial<Session> | null>(text, { fallbackValue: null }) : null;
	if (typeof stored?.token !== 'string' || typeof stored.account !== 'string') return undefined;
	return { token: stored.token, account: stored.account, issuedAt: stored.issuedAt ?? 0, expiresAt: stored.expiresAt };
}

/** If a session expires before it was issued, a clock is wrong: the token is then used until HiDream refuses it. */
function hasExpired({ issuedAt, expiresAt }: Session, now: number): boolean {
	if (expiresAt === undefined || expiresAt <= issuedAt) return false;
	return expiresAt - Math.min(EXPIRY_MARGIN_MS, (expiresAt - issuedAt) / 10) <= now;
}

/**
 * The Bearer token to send now, or undefined if an API key must be exchanged first: there is no token yet,
 * it belongs to an earlier key or base URL, or it is about to expire.
 */
export function bearerToken(credential: Credential, now: number): string | undefined {
	if (!usesApiKey(credential)) return secretOf(credential);
	const session = readSession(credential);
	if (session?.account !== fingerprintOf(credential) || hasExpired(session, now)) return undefined;
	return session.token;
}

/** Returns a function that redacts all secrets of the credential in a text, in case a response repeats them. */
export function redactorOf(credential: Credential): (text: string) => string {
	const secrets = [textOf(credential.accessToken), textOf(credential.apiKey), readSession(credential)?.token ?? ''];
	// The longest first: one secret may be part of another.
	const longestFirst = secrets.filter((secret) => secret !== '').sort((a, b) => b.length - a.length);
	return (text) => longestFirst.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}

/**
 * Makes n8n exchange the API key before the next request when the token that is stored cannot be used;
 * `force` when the service has just refused it. An access token needs no exchange: the field is filled so
 * that n8n does not call the credential's `preAuthentication` for it.
 */
export function readySession(credential: Credential, force = false): void {
	if (!usesApiKey(credential)) credential.sessionToken = 'not used';
	else if (force || bearerToken(credential, Date.now()) === undefined) credential.sessionToken = '';
}
