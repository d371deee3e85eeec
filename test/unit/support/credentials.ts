import { fingerprintOf, storeSession } from '../../../nodes/shared/credential';
import type { Credential, Session } from '../../../nodes/shared/credential';

export const BASE_URL = 'https://api.hidream.test';

export const tokenCredential = (more: Credential = {}): Credential => ({
	authentication: 'accessToken',
	accessToken: 'sk-access-token',
	apiKey: '',
	baseUrl: BASE_URL,
	sessionToken: '',
	tasksPerMinute: 0,
	apiUserId: '',
	...more,
});

export const keyCredential = (more: Credential = {}): Credential => ({
	...tokenCredential(),
	authentication: 'apiKey',
	accessToken: '',
	apiKey: 'jwt-api-key',
	...more,
});

/** A credential with an API key and a valid session of its account. */
export function exchangedCredential(session: Partial<Session> = {}, more: Credential = {}): Credential {
	const credential = keyCredential(more);
	const whole = { token: 'session-token', issuedAt: 0, account: fingerprintOf(credential), ...session };
	return { ...credential, sessionToken: storeSession(whole) };
}

/** The credential, if it was requested by the name of its type; any other name throws. */
export function ofHiDream<T>(type: string, credential: T): T {
	if (type !== 'hiDreamApi') throw new Error(`Unknown credential type "${type}"`);
	return credential;
}
