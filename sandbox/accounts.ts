import { randomBytes } from 'node:crypto';
import { Refusal } from './responses';
import type { AccountLevel } from './settings';

export interface AccountOptions {
	level?: AccountLevel;
	/** Tasks that the account can pay for; unlimited by default. */
	credits?: number;
	accessToken?: string;
	apiKey?: string;
}

export interface SandboxAccount {
	readonly id: string;
	readonly level: AccountLevel;
	readonly accessToken: string;
	readonly apiKey: string;
	credits: number;
}

/** HiDream's API keys are JWTs; this one only looks like it and has no valid signature. */
function randomApiKey(id: string): string {
	const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
	return `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: id })}.${randomBytes(24).toString('base64url')}`;
}

/** Accounts and their credentials. */
export class SandboxAccounts {
	private readonly all: SandboxAccount[] = [];
	/** Tokens exchanged for API keys. An expired one is kept, so that its refusal can say so. */
	private readonly exchanged = new Map<string, { account: SandboxAccount; expiresAt: number }>();

	constructor(
		private readonly defaultLevel: AccountLevel,
		private readonly tokenLifetimeMs: number,
		private readonly now: () => number,
	) {}

	add({ level, credits = Infinity, accessToken, apiKey }: AccountOptions = {}): SandboxAccount {
		const id = `account-${this.all.length + 1}`;
		const account: SandboxAccount = {
			id,
			level: level ?? this.defaultLevel,
			credits,
			accessToken: accessToken || `sk-sandbox-${randomBytes(16).toString('hex')}`,
			apiKey: apiKey || randomApiKey(id),
		};
		this.all.push(account);
		return account;
	}

	/** The account of an `Authorization` header; throws a 401 `Refusal`. */
	byAuthorization(header: string | undefined): SandboxAccount {
		if (header === undefined || header === '') throw new Refusal('missingToken');
		const token = /^Bearer ([^\s]+)$/.exec(header)?.[1];
		if (token === undefined) throw new Refusal('unknownToken', 'expected "Bearer <token>"');
		const made = this.exchanged.get(token);
		if (made !== undefined) {
			if (made.expiresAt <= this.now()) throw new Refusal('expiredToken');
			return made.account;
		}
		const account = this.all.find(({ accessToken }) => accessToken === token);
		if (account === undefined) throw new Refusal('unknownToken');
		return account;
	}

	/** Exchanges an API key for a token; earlier ones stay valid. `expiresAt` is in milliseconds. Throws a 401 `Refusal`. */
	exchange(apiKey: string | undefined): { account: SandboxAccount; token: string; expiresAt: number } {
		const account = this.all.find((candidate) => candidate.apiKey === apiKey);
		if (account === undefined) throw new Refusal('badApiKey');
		const token = `sk-sandbox-session-${randomBytes(16).toString('hex')}`;
		const expiresAt = this.now() + this.tokenLifetimeMs;
		this.exchanged.set(token, { account, expiresAt });
		return { account, token, expiresAt };
	}

	/** Expires every exchanged token now; access tokens stay valid. */
	expireTokens(): void {
		for (const entry of this.exchanged.values()) entry.expiresAt = -Infinity;
	}
}
