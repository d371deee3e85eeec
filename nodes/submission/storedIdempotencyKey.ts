import { acquireLock, isLocked } from '../async/keyedLock';
import { onAbort } from '../async/onAbort';
import type { IdempotencyKey, KeyChange, KeyClaim } from './submission';

/** Where one idempotency key is recorded; it survives a crash. Every call may throw, or never return. */
export interface KeyStore extends Record<KeyChange, () => Promise<void>> {
	/** @param hasEnded whether the item has ended: a claim that has not started then throws, and one that succeeds later is undone as `IdempotencyKey.claim` says */
	claim: (hasEnded: () => boolean) => Promise<KeyClaim>;
}

/** Keys with a task that is not recorded yet, or could not be recorded. */
const unrecorded = new Set<string>();

/** The idempotency key of one item, in a store. The items of this process that have the same key use it one after the other. */
export class StoredIdempotencyKey implements IdempotencyKey {
	private ended = false;

	/** The item has claimed the key and not released it. */
	private owned = false;

	private unlock = (): void => undefined;

	/** @param name identifies the key in this process */
	constructor(
		private readonly name: string,
		private readonly store: KeyStore,
	) {}

	async begin(wait: boolean, signal?: AbortSignal): Promise<boolean> {
		if (!wait && isLocked(this.name)) return false;
		const { acquired, release } = acquireLock(this.name);
		this.unlock = release;
		await new Promise<void>((resolve) => {
			const forget = onAbort(signal, resolve);
			void acquired.then(forget).then(resolve);
		});
		return true;
	}

	async claim(): Promise<KeyClaim> {
		return await this.inTurn(async () => {
			if (unrecorded.has(this.name)) return await this.confirm().then(() => 'submitted', () => 'submitted');
			// A release that failed left the key to this item.
			const claim = this.owned ? 'claimed' : await this.store.claim(() => this.ended);
			this.owned = claim === 'claimed';
			return claim;
		});
	}

	/** It records all that is known, so it does not wait for an earlier call that may never end. */
	async confirm(): Promise<void> {
		unrecorded.add(this.name);
		await this.store.confirm();
		unrecorded.delete(this.name);
	}

	async keep(): Promise<void> {
		await this.inTurn(async () => await this.store.keep());
	}

	async release(): Promise<void> {
		await this.inTurn(async () => {
			await this.store.release();
			this.owned = false;
		});
	}

	end(): void {
		this.ended = true;
		this.unlock();
	}

	/** Waits for the calls that are in flight, also those of an earlier item: they could undo what this one records. */
	private async inTurn<T>(call: () => Promise<T>): Promise<T> {
		const { acquired, release } = acquireLock(`calls for ${this.name}`);
		await acquired;
		return await call().finally(release);
	}
}
