import type { IExecuteFunctions } from 'n8n-workflow';
import { PARALLEL_TASKS } from '../hidream/limits';
import { ACCOUNT_LEVEL, ACCOUNT_PARALLEL_TASKS, ACCOUNT_RETRY_CODES, ACCOUNT_TASKS_PER_MINUTE } from '../shared/sharedParameters';
import { baseUrlOf, fingerprintOf, secretOf, usesApiKey, type Credential } from '../shared/credential';
import { InvalidInput } from '../shared/input';
import { CHECK_INPUT, INPUT } from '../shared/messages/aboutInput';
import type { Parameter } from '../shared/parameter';

/** What HiDream accepts from an account. */
export interface AccountLimits {
	/** 0 = no limit. */
	parallelTasks: number;
	/** 0 = no limit; fractions count. */
	tasksPerMinute: number;
	/** Further codes that are temporary, as `codeKey` gives them. */
	retryCodes: ReadonlySet<string>;
}

/**
 * The limits of the account of a credential; each field may be an expression.
 * @throws InvalidInput naming the field that is wrong
 */
export function readAccountLimits(credential: Credential): AccountLimits {
	const field = <T>({ property, read }: Parameter<T>): T => read(credential[property.name], `${property.displayName} (HiDream API Credential)`);
	const level = field(ACCOUNT_LEVEL);
	return {
		parallelTasks: level === 'custom' ? (field(ACCOUNT_PARALLEL_TASKS) ?? PARALLEL_TASKS.free) : PARALLEL_TASKS[level],
		tasksPerMinute: field(ACCOUNT_TASKS_PER_MINUTE),
		retryCodes: field(ACCOUNT_RETRY_CODES),
	};
}

/** The account that an item is submitted to. */
export interface Account {
	/** Identifies the account: a hash of base URL and secret. */
	key: string;
	baseUrl: string;
	/** The service runs on this machine. */
	sameMachine: boolean;
	/** One object for all items of a run with this account: n8n writes a renewed token into it. */
	credential: Credential;
	/** Read on first use. @throws InvalidInput when a limit in the credential cannot be used */
	readonly limits: AccountLimits;
}

/** What is wrong with a credential is wrong for all items of the account. */
function ofAccount(error: unknown): InvalidInput {
	const invalid = error instanceof InvalidInput ? error : new InvalidInput((error as Error).message, CHECK_INPUT);
	return Object.assign(invalid, { scope: 'account' as const });
}

function accountOf(credential: Credential): Account {
	const baseUrl = baseUrlOf(credential);
	if (!baseUrl.ok) throw new InvalidInput(...INPUT.badBaseUrl(baseUrl.reason));
	const [secret, name] = [secretOf(credential), usesApiKey(credential) ? 'API Key' : 'Access Token'];
	if (secret === '') throw new InvalidInput(...INPUT.noSecret(name));
	if (!/^[\x21-\x7e]+$/.test(secret)) throw new InvalidInput(...INPUT.badSecret(name));
	let limits: AccountLimits | undefined;
	return {
		key: fingerprintOf(credential),
		baseUrl: baseUrl.url,
		sameMachine: baseUrl.sameMachine,
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
		const account = await this.context.getCredentials('hiDreamApi', itemIndex).then(accountOf).catch((error) => {
			throw ofAccount(error);
		});
		const known = this.known.get(account.key) ?? account;
		this.known.set(account.key, known);
		return known;
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
