import { UserError, type IHttpRequestHelper } from 'n8n-workflow';
import type { Connection, HttpClient } from '../hidream/http';
import { checkAccount, exchangeApiKey } from '../hidream/query';
import { baseUrlOf, fingerprintOf, redactorOf, secretOf, storeSession, usesApiKey, type Credential } from './credential';
import { tokenText } from './messages/aboutErrors';
import { baseUrlText } from './messages/aboutInput';
import { exchangeText } from './messages/aboutResponses';
import { plainClient } from './n8nHttpClient';
import { NoToken } from './requestErrors';

/** Checks an access token, which needs no session. n8n calls this on every test of the credential. */
async function checkToken(http: HttpClient, baseUrl: string, credential: Credential): Promise<undefined> {
	const authorization = { Authorization: `Bearer ${secretOf(credential)}` };
	const connection: Connection = {
		baseUrl,
		http: async (request) => await http({ ...request, headers: { ...request.headers, ...authorization } }),
		redactor: () => redactorOf(credential),
	};
	const reason = await checkAccount(connection);
	if (reason) throw new UserError(tokenText(reason));
}

async function exchange(http: HttpClient, baseUrl: string, credential: Credential): Promise<string> {
	const exchanged = await exchangeApiKey(http, baseUrl, secretOf(credential), redactorOf({ apiKey: credential.apiKey ?? '' }));
	if (!exchanged.ok) {
		const { reason } = exchanged;
		throw new NoToken(exchangeText(reason), reason.code === 'keyNoResponse' || reason.temporary);
	}
	const { token, expiresAt } = exchanged;
	return storeSession({ token, expiresAt, issuedAt: Date.now(), account: fingerprintOf(credential) });
}

/**
 * Prepares a credential for its first request: exchanges an API key for a token, or checks that HiDream accepts the access
 * token. Creates no task and costs nothing.
 * @returns the session to store in the credential; undefined for an access token
 * @throws UserError saying what is wrong with the credential or the connection
 */
export async function openSession(helpers: IHttpRequestHelper['helpers'], credential: Credential): Promise<string | undefined> {
	const baseUrl = baseUrlOf(credential);
	if (!baseUrl.ok) throw new UserError(baseUrlText(baseUrl.reason));
	const http = plainClient(helpers);
	return usesApiKey(credential) ? await exchange(http, baseUrl.url, credential) : await checkToken(http, baseUrl.url, credential);
}
