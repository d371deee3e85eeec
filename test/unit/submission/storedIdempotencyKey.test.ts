/** Items of one process that have the same idempotency key, in a store whose calls can fail or hang. */
import { StoredIdempotencyKey, type KeyStore } from '../../../nodes/submission/storedIdempotencyKey';
import type { KeyChange, KeyClaim } from '../../../nodes/submission/submission';
import { isSettled, settle } from '../support/simulatedClock';

let keys = 0;

/** A key in a store. */
class Store {
	found: KeyClaim = 'claimed';

	/** The calls that began. */
	readonly calls: string[] = [];

	/** What happens to the next calls. A call that hangs takes effect when `resume` is called. */
	readonly faults: Array<'fails' | 'hangs'> = [];

	resume = (): void => undefined;

	private readonly name = `key ${(keys += 1)}`;

	item(name = this.name): StoredIdempotencyKey {
		const change = (kind: KeyChange, found: KeyClaim) => async () => await this.call(kind, () => (this.found = found));
		const store: KeyStore = {
			claim: async (hasEnded) => {
				if (hasEnded()) throw new Error('too late');
				let claim: KeyClaim = 'claimed';
				await this.call('claim', () => {
					claim = this.found;
					if (this.found === 'claimed') this.found = 'unresolved';
				});
				return claim;
			},
			confirm: change('confirm', 'submitted'),
			keep: change('keep', 'unresolved'),
			release: change('release', 'claimed'),
		};
		return new StoredIdempotencyKey(name, store);
	}

	private async call(name: string, write: () => void): Promise<void> {
		this.calls.push(name);
		const fault = this.faults.shift();
		if (fault === 'fails') throw new Error('the store is gone');
		if (fault === 'hangs') await new Promise<void>((resolve) => (this.resume = resolve));
		write();
	}
}

test.each([
	['refused', 'release', 'claimed'],
	['accepted', 'confirm', 'submitted'],
	['uncertain', 'keep', 'unresolved'],
] as const)('an item waits until the one before it with the same key has ended: %s', async (_, change, found) => {
	const store = new Store();
	const [first, second] = [store.item(), store.item()];
	await first.begin(true);
	await first.claim();
	const waiting = second.begin(true);
	await first[change]();
	expect(await isSettled(waiting)).toBe(false);
	first.end();
	await waiting;
	expect(await second.claim()).toBe(found);
	second.end();
});

test('an item that stops waiting does not let the next one pass', async () => {
	const store = new Store();
	const [first, second, third] = [store.item(), store.item(), store.item()];
	const cancel = new AbortController();
	await first.begin(true);
	const waits = [second.begin(true, cancel.signal), third.begin(true)] as const;
	expect(await isSettled(waits[0])).toBe(false);
	cancel.abort();
	await waits[0];
	second.end();
	expect(await isSettled(waits[1])).toBe(false);
	first.end();
	await waits[1];
	third.end();
});

test('an item that is not to wait gets no key that another item holds', async () => {
	const store = new Store();
	const [first, second, third] = [store.item(), store.item(), store.item()];
	expect(await first.begin(false)).toBe(true);
	expect(await second.begin(false)).toBe(false);
	second.end();
	first.end();
	await settle();
	expect(await third.begin(false)).toBe(true);
	third.end();
});

test('items with other keys do not wait', async () => {
	const store = new Store();
	const [first, second] = [store.item('one key'), store.item('another key')];
	await first.begin(true);
	await second.begin(true);
	first.end();
	second.end();
});

test('an item whose release failed still owns its key, one whose release succeeded claims it again', async () => {
	const store = new Store();
	const item = store.item();
	await item.claim();
	store.faults.push('fails');
	await expect(item.release()).rejects.toThrow('the store is gone');
	expect([await item.claim(), store.calls]).toEqual(['claimed', ['claim', 'release']]);
	await item.release();
	expect([await item.claim(), store.calls]).toEqual(['claimed', ['claim', 'release', 'release', 'claim']]);
});

test('asks the store again for a key that the item does not own', async () => {
	const store = new Store();
	await store.item().claim();
	const item = store.item();
	expect([await item.claim(), await item.claim(), store.calls]).toEqual(['unresolved', 'unresolved', ['claim', 'claim', 'claim']]);
});

test('a key whose task could not be recorded: submitted for the other items of the process, until one of them has recorded it', async () => {
	const store = new Store();
	const item = store.item();
	await item.claim();
	store.faults.push('fails', 'fails');
	await expect(item.confirm()).rejects.toThrow('the store is gone');
	item.end();
	store.calls.length = 0;
	const later = async () => await store.item().claim();
	expect([await later(), store.found, store.calls]).toEqual(['submitted', 'unresolved', ['confirm']]);
	expect([await later(), store.found, store.calls]).toEqual(['submitted', 'submitted', ['confirm', 'confirm']]);
	expect([await later(), store.calls]).toEqual(['submitted', ['confirm', 'confirm', 'claim']]);
});

test('a task that is being recorded is known to the other items already', async () => {
	const store = new Store();
	const item = store.item();
	await item.claim();
	store.faults.push('hangs');
	const confirmed = item.confirm();
	item.end();
	expect(await store.item().claim()).toBe('submitted');
	store.resume();
	await confirmed;
});

test('a call that fails does not delay the next one', async () => {
	const store = new Store();
	store.faults.push('fails');
	await expect(store.item().claim()).rejects.toThrow('the store is gone');
	expect(await store.item().claim()).toBe('claimed');
});

describe('a call that hangs', () => {
	test.each(['keep', 'release'] as const)('delays the claim of the next item until it ends, since it could still change what that item records: %s', async (change) => {
		const store = new Store();
		const [first, second] = [store.item(), store.item()];
		await first.claim();
		store.faults.push('hangs');
		const changed = first[change]();
		first.end();
		const claim = second.claim();
		expect([await isSettled(claim), store.calls]).toEqual([false, ['claim', change]]);
		store.resume();
		await changed;
		expect(await claim).toBe(change === 'keep' ? 'unresolved' : 'claimed');
	});

	test('delays the next claim of its own item', async () => {
		const store = new Store();
		const item = store.item();
		await item.claim();
		store.faults.push('hangs');
		void item.release();
		const claim = item.claim();
		expect(await isSettled(claim)).toBe(false);
		store.resume();
		expect([await claim, store.found]).toEqual(['claimed', 'unresolved']);
	});

	test('delays no other key', async () => {
		const store = new Store();
		store.faults.push('hangs');
		void store.item('a key that hangs').claim();
		expect(await store.item('a key that does not').claim()).toBe('claimed');
		store.resume();
	});

	test('does not keep a task of its item from being recorded', async () => {
		const store = new Store();
		const item = store.item();
		await item.claim();
		store.faults.push('hangs');
		void item.keep();
		await settle();
		await item.confirm();
		expect(store.found).toBe('submitted');
		store.resume();
	});

	test('an item that ended while it waited for the calls of the one before claims nothing', async () => {
		const store = new Store();
		const [first, second, third] = [store.item(), store.item(), store.item()];
		store.faults.push('hangs');
		void first.claim();
		const late = second.claim().catch(() => 'too late');
		second.end();
		const claim = third.claim();
		await settle();
		store.resume();
		expect([await late, await claim, store.calls]).toEqual(['too late', 'unresolved', ['claim', 'claim']]);
	});
});
