import type { IExecuteFunctions } from 'n8n-workflow';
import { parseBaseUrl } from '../hidream/endpoints';
import { fingerprintOf, secretOf, usesApiKey } from '../shared/credential';
import type { Credential } from '../shared/credential';
import { readAccountLimits } from './accountLimits';
import type { AccountLimits } from './accountLimits';
import { InvalidInput } from '../shared/input';
import { baseUrlText } from '../shared/messages';

/** The account that an item is submitted to. */
export interface Account {
	/** Names the account without giving anything away. */
	key: string;
	baseUrl: string;
	/** The service runs on this machine. */
	loopback: boolean;
	/** One object for all items of a run with this account: n8n writes a renewed token into it. */
	credential: Credential;
	/** Read on first use. @throws InvalidInput when a limit in the credential cannot be used */
	readonly limits: AccountLimits;
}

/** Marks what is wrong with a credential: it is wrong for all items of the account. */
function ofAccount(error: unknown): unknown {
	if (error instanceof InvalidInput) error.scope = 'account';
	return error;
}

function accountOf(credential: Credential): Account {
	const baseUrl = parseBaseUrl(typeof credential.baseUrl === 'string' ? credential.baseUrl : '');
	if (!baseUrl.ok) {
		throw new InvalidInput(
			`"Base URL" in the HiDream API credential cannot be used: ${baseUrlText(baseUrl.reason)}`,
			'Correct the "Base URL" in the credential. The default is https://www.hidreamai.com.',
		);
	}
	const [secret, name] = [secretOf(credential), usesApiKey(credential) ? 'API Key' : 'Access Token'];
	if (!/^[\x21-\x7e]+$/.test(secret)) {
		throw new InvalidInput(
			`"${name}" in the HiDream API credential is ${secret === '' ? 'empty' : 'not one: it contains characters that no token has'}`,
			`Copy the ${name} from your HiDream account into the credential.`,
		);
	}
	let limits: AccountLimits | undefined;
	return {
		key: fingerprintOf(credential),
		baseUrl: baseUrl.url,
		loopback: baseUrl.loopback,
		credential,
		get limits() {
			try {
				return (limits ??= readAccountLimits(credential));
			} catch (error) {
				throw ofAccount(error);
			}
		},
	};
}

/** Reads the credential of each item (it may hold expressions), and hands out one `Account` per account. */
export class Accounts {
	private readonly known = new Map<string, Account>();

	constructor(private readonly context: IExecuteFunctions) {}

	/** @throws InvalidInput when the credential cannot be used */
	async forItem(itemIndex: number): Promise<Account> {
		const credential = await this.context.getCredentials('hiDreamApi', itemIndex);
		let account: Account;
		try {
			account = accountOf(credential);
		} catch (error) {
			throw ofAccount(error);
		}
		const known = this.known.get(account.key);
		if (known) return known;
		this.known.set(account.key, account);
		return account;
	}
}
