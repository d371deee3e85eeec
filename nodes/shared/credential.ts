import { createHash } from 'crypto';
import { jsonParse, type ICredentialDataDecryptedObject } from 'n8n-workflow';
import type { BaseUrl } from '../hidream/endpoints';
import { ACCOUNT_BASE_URL } from './accountParameters';

/**
 * Which HiDream account a credential stands for, and the token that speaks for it.
 * An exchanged token is stored together with the account it was exchanged for: n8n keeps the old token when
 * the user edits the key, and the old account would go on being billed.
 */

/** CERTAIN (older manual): an exchanged token lives about a day and says when it ends. */
export interface Session {
	token: string;
	/** When it was exchanged, in milliseconds since 1970. */
	issuedAt: number;
	/** When it ends, likewise; undefined when the service did not say. */
	expiresAt?: number;
	/** `fingerprintOf` the key and base URL it was exchanged for. */
	account: string;
}

/** The credential of one account, as one run holds it: n8n writes a renewed session token into it. */
export type Credential = ICredentialDataDecryptedObject;

/** A token is renewed this long before its end, in milliseconds, or at a tenth of its life if that is shorter. */
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

/** Names the account of a credential without giving anything away: a hash of normalised base URL and secret. */
export function fingerprintOf(credential: Credential): string {
	const parsed = baseUrlOf(credential);
	const baseUrl = parsed.ok ? parsed.url : textOf(credential.baseUrl);
	return createHash('sha256').update(`${baseUrl}\n${secretOf(credential)}`).digest('hex').slice(0, 24);
}

/** A session as the text that lies in the credential's hidden field. */
export const storeSession = (session: Session): string => JSON.stringify(session);

function readSession(credential: Credential): Session | undefined {
	const text = textOf(credential.sessionToken);
	// n8n's jsonParse makes an error of what is no JSON, which costs more than all else here.
	const stored = text.startsWith('{') ? jsonParse<Partial<Session> | null>(text, { fallbackValue: null }) : null;
	if (typeof stored?.token !== 'string' || typeof stored.account !== 'string') return undefined;
	return { token: stored.token, account: stored.account, issuedAt: stored.issuedAt ?? 0, expiresAt: stored.expiresAt };
}

/** A session that ends before it began comes from a clock that is wrong: then only a refusal ends it. */
function hasRunOut({ issuedAt, expiresAt }: Session, now: number): boolean {
	if (expiresAt === undefined || expiresAt <= issuedAt) return false;
	return expiresAt - Math.min(EXPIRY_MARGIN_MS, (expiresAt - issuedAt) / 10) <= now;
}

/**
 * The Bearer token to send now, or undefined when an API key must first be exchanged: there is no token yet,
 * it belongs to an earlier key or base URL, or it is about to run out.
 */
export function bearerToken(credential: Credential, now: number): string | undefined {
	if (!usesApiKey(credential)) return secretOf(credential);
	const session = readSession(credential);
	if (session?.account !== fingerprintOf(credential) || hasRunOut(session, now)) return undefined;
	return session.token;
}

/** Makes what takes every secret of the credential out of a text, for whatever echoes what we sent. */
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
