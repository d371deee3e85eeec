import type { IExecuteFunctions } from 'n8n-workflow';
import { codeKey, isOk } from '../hidream/codes';
import { PARALLEL_TASKS, TASKS_PER_MINUTE } from '../hidream/limits';
import { codeOf } from '../hidream/response';
import { baseUrlOf, fingerprintOf, secretOf, usesApiKey, type Credential } from '../shared/credential';
import { asChoice, asNumber, asText, asWholeNumber, InvalidInput, isUnset } from '../shared/input';
import { baseUrlText } from '../shared/messages';

/** What HiDream accepts from an account. */
export interface AccountLimits {
	/** 0 = no limit. */
	parallelTasks: number;
	/** 0 = no limit; fractions count. */
	tasksPerMinute: number;
	/** Further codes that are temporary, as `codeKey` gives them. */
	retryCodes: ReadonlySet<string>;
}

const LEVELS = (['free', 'level1', 'level2', 'level3', 'level4', 'custom'] as const).map((value) => ({ name: value, value }));

const inCredential = (displayName: string): string => `${displayName} (HiDream API Credential)`;

function parallelTasksOf({ accountLevel, parallelTasks }: Credential): number {
	const level = isUnset(accountLevel) ? 'free' : asChoice(accountLevel, inCredential('Account Level'), LEVELS);
	if (level !== 'custom') return PARALLEL_TASKS[level];
	return isUnset(parallelTasks) ? PARALLEL_TASKS.free : asWholeNumber(parallelTasks, inCredential('Parallel Tasks'));
}

/** As `codeKey` gives them. @throws InvalidInput for a text that is no code, and for the code of a success */
function readRetryCodes(value: unknown): ReadonlySet<string> {
	const name = inCredential('Retry Codes');
	const words = asText(value, name).split(/[\s,;，、；]+/).filter((word) => word !== '');
	const keys = words.map((word) => {
		const code = /^[\w.-]{1,64}$/.test(word) ? codeOf(word) : undefined;
		if (code !== undefined && !isOk(code)) return codeKey(code);
		throw new InvalidInput(
			`"${name}" contains "${word}", which is not an error code of HiDream`,
			'Enter codes separated by commas, e.g. 2010, insufficient_credits.',
		);
	});
	return new Set(keys);
}

/**
 * The limits of the account of a credential; each field may be an expression.
 * @throws InvalidInput naming the field that is wrong
 */
export const readAccountLimits = (credential: Credential): AccountLimits => ({
	parallelTasks: parallelTasksOf(credential),
	tasksPerMinute: isUnset(credential.tasksPerMinute)
		? TASKS_PER_MINUTE
		: asNumber(credential.tasksPerMinute, inCredential('Tasks per Minute')),
	retryCodes: readRetryCodes(credential.retryCodes),
});

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

/** What is wrong with a credential is wrong for all items of the account. */
function ofAccount(error: unknown): InvalidInput {
	const { message } = error as Error;
	const problem = error instanceof InvalidInput ? error : new InvalidInput(message, 'Check the parameters and the credential.');
	problem.scope = 'account';
	return problem;
}

function accountOf(credential: Credential): Account {
	const baseUrl = baseUrlOf(credential);
	if (!baseUrl.ok) throw new InvalidInput(baseUrlText(baseUrl.reason), 'Correct the "Base URL". The default is https://www.hidreamai.com.');
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

/** Reads the credential of each item, which may contain expressions, and returns one `Account` per account. */
export class Accounts {
	private readonly known = new Map<string, Account>();

	constructor(private readonly context: IExecuteFunctions) {}

	/** @throws InvalidInput when the credential cannot be used */
	async forItem(itemIndex: number): Promise<Account> {
		let account: Account;
		try {
			account = accountOf(await this.context.getCredentials('hiDreamApi', itemIndex));
		} catch (error) {
			throw ofAccount(error);
		}
		const known = this.known.get(account.key);
		if (known) return known;
		this.known.set(account.key, account);
		return account;
	}
}

/** How many requests are sent at the same time at most, whatever the limits; fewer if each uploads a file, which takes memory. */
const MAX_CONCURRENCY = 10;
const MAX_UPLOADS = 3;

/**
 * How many videos to send at the same time, so that slow requests do not keep the account below its limits.
 * @param isUpload the requests carry the videos themselves
 */
export function concurrencyFor({ parallelTasks, tasksPerMinute }: AccountLimits, isUpload: boolean): number {
	const max = isUpload ? MAX_UPLOADS : MAX_CONCURRENCY;
	const wanted = parallelTasks === 0 || tasksPerMinute === 0 ? max : Math.max(parallelTasks, Math.ceil(tasksPerMinute));
	return Math.min(Math.max(wanted, 1), max);
}
