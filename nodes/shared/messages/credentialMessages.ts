import { meaningOf } from '../../hidream/codes';
import type { BaseUrlProblem } from '../../hidream/endpoints';
import type { AccountReason, ExchangeReason } from '../../hidream/query';
import { failureText } from './connectionMessages';
import { errorInfoOf } from './errorMessages';
import { CODE_HINTS, foreignHint, foreignMessage, LATER } from './responseMessages';

const BASE_URL_PROBLEMS: Readonly<Record<BaseUrlProblem, string>> = {
	notAUrl: 'it is not a URL; it should look like https://www.hidreamai.com',
	notHttps:
		'it must begin with https://, since the token is sent there (plain http only works for this machine itself, such as http://localhost)',
	hasLogin: 'it must not contain a user name or password',
	hasQuery: 'it must end with the host or path, without "?" or "#"',
};

/** Why the base URL cannot be used. */
export const baseUrlText = (problem: BaseUrlProblem): string =>
	`"Base URL" in the HiDream API credential cannot be used: ${BASE_URL_PROBLEMS[problem]}`;

const NOT_EXCHANGED = 'The API key could not be exchanged for a token';

/** Why an API key gave no token, in whole sentences. */
export function exchangeText(reason: ExchangeReason): string {
	if (reason.code === 'keyUnanswered') {
		return `${NOT_EXCHANGED}: no connection to HiDream: ${failureText(reason.failure)}. Check the Base URL and the network`;
	}
	const { temporary, httpStatus, vendorCode, vendorMessage, body = 'empty' } = reason;
	if (vendorCode === undefined) return `${NOT_EXCHANGED}: ${foreignMessage(httpStatus, body)}. ${foreignHint(httpStatus, body)}`;
	const said = `HTTP ${httpStatus}, code ${vendorCode}${vendorMessage === undefined ? '' : `, "${vendorMessage}"`}`;
	if (temporary) return `${NOT_EXCHANGED}: HiDream failed (${said}). ${LATER}`;
	const meaning = meaningOf(vendorCode);
	const hint = meaning ? CODE_HINTS[meaning.says] : 'Check the API Key, or make a new one in your HiDream account.';
	return `HiDream refused the API key (${said}). ${hint}`;
}

/** Why HiDream does not take an access token, in whole sentences. */
export function tokenText(reason: AccountReason): string {
	if (reason.code === 'accountUnanswered') return `No connection to the Base URL: ${failureText(reason.failure)}. Check the Base URL and the network`;
	const { message, hint } = errorInfoOf(reason);
	return `${message}. ${hint}`;
}

/** What the test of the credential says when all that is known is a status or a code. */
export const CREDENTIAL_TEST = {
	badToken:
		'The token was rejected. Check it, or make a new one in your HiDream account. If it is right, check proxies and firewalls between n8n and HiDream.',
	forbidden:
		'HiDream, or something between n8n and HiDream, refused the request (HTTP 403). Check the account, proxies, firewalls and the Base URL.',
	notHiDream:
		'Something between n8n and HiDream answered instead of HiDream. Check proxies, firewalls and the Base URL; the default is https://www.hidreamai.com.',
};
