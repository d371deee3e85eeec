/** The "Idempotency Key" in n8n's own database. */
import { createHash } from 'crypto';
import type { IExecuteFunctions } from 'n8n-workflow';
import { InvalidInput } from '../../../nodes/shared/input';
import { idempotencyOf } from '../../../nodes/StylizeVideo/keyStore';
import type { IdempotencyKey } from '../../../nodes/submission/submission';
import { fakeExecuteFunctions } from '../support/executeFunctions';
import { isSettled, settle } from '../support/simulatedClock';
import { strictDouble } from '../support/strictDouble';

type Helpers = IExecuteFunctions['helpers'];
type Entries = Parameters<Helpers['checkProcessedAndRecord']>[0];

/** The entries of the node, not of its workflow. */
const OF_NODE = ['node', { mode: 'entries', maxEntries: 200_000 }];

/** n8n's table of processed entries of one node. A call can be made to fail, before or after it has written. */
class Store {
	readonly entries = new Set<string>();

	/** What happens to the next calls. */
	readonly faults: Array<'fails' | 'failsAfterWriting' | 'works'> = [];

	/** Called during each call. */
	during: () => void = () => undefined;

	private async call(write: () => void): Promise<void> {
		this.during();
		const fault = this.faults.shift() ?? 'works';
		if (fault !== 'fails') write();
		return await (fault === 'works' ? Promise.resolve() : Promise.reject(new Error('the database is gone')));
	}

	readonly helpers = {
		checkProcessedAndRecord: async (entries: Entries, scope: unknown, options: unknown) => {
			expect([scope, options]).toEqual(OF_NODE);
			const added = entries.filter((entry) => !this.entries.has(String(entry)));
			await this.call(() => added.forEach((entry) => this.entries.add(String(entry))));
			return { new: added, processed: entries.filter((entry) => !added.includes(entry)) };
		},
		removeProcessed: async (entries: Entries, scope: unknown, options: unknown) => {
			expect([scope, options]).toEqual(OF_NODE);
			await this.call(() => entries.forEach((entry) => this.entries.delete(String(entry))));
		},
	};

	/** An item with the key. */
	item(key = 'key-1'): IdempotencyKey {
		const { idempotencyKey } = idempotencyOf(fakeExecuteFunctions({ workflowId: 'workflow-1', helpers: this.helpers }), key, '');
		if (!idempotencyKey) throw new Error('The item has no key');
		return idempotencyKey;
	}

	/** What a later execution finds. */
	async later(key = 'key-1'): Promise<string> {
		const item = this.item(key);
		await item.begin(true);
		try {
			return await item.claim();
		} finally {
			item.end();
		}
	}
}

test('without a key nothing is stored', () => {
	expect(idempotencyOf(strictDouble<IExecuteFunctions>('context', {}), '', 'mine')).toEqual({ requestId: 'mine' });
});

test.each([undefined, ''])('a workflow that was never saved (%p) has no place for keys', (workflowId) => {
	const context = fakeExecuteFunctions({ workflowId });
	expect(() => idempotencyOf(context, 'key-1', '')).toThrow(InvalidInput);
	expect(() => idempotencyOf(context, 'key-1', '')).toThrow('"Idempotency Key"');
});

describe('what a later execution finds', () => {
	test('a key that was claimed, and nothing more: unresolved, however often it is claimed', async () => {
		const store = new Store();
		const item = store.item();
		expect(await item.claim()).toBe('claimed');
		item.end();
		expect([await store.later(), await store.later()]).toEqual(['unresolved', 'unresolved']);
	});

	test('a key with a task: submitted, however often it is claimed', async () => {
		const store = new Store();
		const item = store.item();
		await item.claim();
		await item.confirm();
		item.end();
		expect([await store.later(), await store.later()]).toEqual(['submitted', 'submitted']);
	});

	test('a released key: claimed, as if it were new', async () => {
		const store = new Store();
		const item = store.item();
		await item.claim();
		await item.release();
		item.end();
		expect(store.entries.size).toBe(0);
		expect(await store.later()).toBe('claimed');
	});

	test('an unresolved key that was sent again and accepted: submitted', async () => {
		const store = new Store();
		await store.later();
		const item = store.item();
		expect(await item.claim()).toBe('unresolved');
		await item.confirm();
		item.end();
		expect(await store.later()).toBe('submitted');
	});

	test('a key whose claim failed: never submitted, since nothing was sent', async () => {
		const store = new Store();
		store.faults.push('failsAfterWriting');
		await expect(store.later()).rejects.toThrow('the database is gone');
		expect([await store.later(), await store.later()]).toEqual(['unresolved', 'unresolved']);
	});

	test('an unresolved key after a claim that failed: unresolved', async () => {
		const store = new Store();
		await store.later();
		store.faults.push('fails', 'failsAfterWriting');
		await expect(store.later()).rejects.toThrow('the database is gone');
		expect(await store.later()).toBe('unresolved');
	});

	test.each(['works', 'fails', 'failsAfterWriting'] as const)('a key with a task after a claim that was cut off at any call: submitted (%s)', async (first) => {
		for (const second of ['works', 'fails', 'failsAfterWriting'] as const) {
			const store = new Store();
			const item = store.item();
			await item.claim();
			await item.confirm();
			item.end();
			store.faults.push(first, second, 'fails', 'fails');
			await store.later().catch(() => undefined);
			store.faults.length = 0;
			expect(await store.later()).toBe('submitted');
		}
	});

	test('an unresolved key whose second claim could not be undone: submitted, so that nothing is paid twice', async () => {
		const store = new Store();
		await store.later();
		store.faults.push('works', 'works', 'fails', 'fails');
		expect(await store.later()).toBe('unresolved');
		expect(await store.later()).toBe('submitted');
	});
});

test('a claim that succeeds after its item has ended is undone', async () => {
	const store = new Store();
	const item = store.item();
	store.during = () => item.end();
	expect(await item.claim()).toBe('claimed');
	expect(store.entries.size).toBe(0);
	expect(await store.later()).toBe('claimed');
});

test.each(['submitted', 'unresolved'])('a key that is %s stays so if the item that claims it ends meanwhile', async (found) => {
	const store = new Store();
	const first = store.item();
	await first.claim();
	if (found === 'submitted') await first.confirm();
	first.end();
	const item = store.item();
	store.during = () => item.end();
	expect(await item.claim()).toBe(found);
	store.during = () => undefined;
	expect(await store.later()).toBe(found);
});

describe('a database that fails', () => {
	test.each([
		['keep', 'unresolved'],
		['confirm', 'submitted'],
	] as const)('a key that another process has written over is recorded again: %s', async (change, found) => {
		const store = new Store();
		const item = store.item();
		await item.claim();
		store.entries.clear();
		await item[change]();
		item.end();
		expect(await store.later()).toBe(found);
	});

	test('the error is passed on, and the key is not blocked', async () => {
		const store = new Store();
		store.faults.push('fails', 'fails');
		await expect(store.item().claim()).rejects.toThrow('the database is gone');
		expect(await store.later()).toBe('claimed');
		store.faults.push('fails', 'fails');
		await expect(store.item().release()).rejects.toThrow('the database is gone');
	});

	test('two processes that record the first key at the same time: the one that n8n fails records again', async () => {
		const store = new Store();
		store.faults.push('fails');
		expect(await store.later()).toBe('claimed');
	});
});

describe('one call at a time', () => {
	const keyOf = (entry: unknown): string =>
		['a', 'b', 'c', 'd'].find((key) => String(entry).endsWith(createHash('sha256').update(key).digest('hex'))) ?? 'another key';

	const holding = (events: string[], ends: Array<() => void>): Partial<Helpers> => ({
		checkProcessedAndRecord: async (entries) => {
			const key = keyOf(entries[0]);
			events.push(`begin ${key}`);
			await new Promise<void>((resolve) => ends.push(resolve));
			events.push(`end ${key}`);
			if (key === 'b') throw new Error('the database is gone');
			return { new: entries, processed: [] };
		},
		removeProcessed: async (entries) => void events.push(`remove ${keyOf(entries[0])}`),
	});

	const claimOf = async (workflowId: string, nodeId: string, key: string, helpers: Partial<Helpers>) =>
		await idempotencyOf(fakeExecuteFunctions({ workflowId, nodeId, helpers }), key, '').idempotencyKey?.claim();

	test('in order, since n8n reads the keys and writes them back; an error does not block the next call', async () => {
		const [events, ends]: [string[], Array<() => void>] = [[], []];
		const results = Promise.allSettled(['a', 'b', 'c'].map(async (key) => await claimOf('workflow-7', 'node-1', key, holding(events, ends))));
		for (let n = 0; n < 4; n++) {
			await settle();
			expect(events).toHaveLength(2 * n + 1);
			ends[n]?.();
		}
		expect((await results).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
		expect(events).toEqual(['begin a', 'end a', 'begin b', 'end b', 'begin b', 'end b', 'begin c', 'end c']);
	});

	describe('a call that does not end', () => {
		beforeEach(() => void jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] }));

		afterEach(() => void jest.useRealTimers());

		/** A node whose first call to the database hangs. */
		const hanging = (workflowId: string) => {
			const [events, ends]: [string[], Array<() => void>] = [[], []];
			const itemWith = (key: string, helpers: Partial<Helpers> = holding(events, ends)) => {
				const { idempotencyKey } = idempotencyOf(fakeExecuteFunctions({ workflowId, helpers }), key, '');
				if (!idempotencyKey) throw new Error('The item has no key');
				return idempotencyKey;
			};
			return { events, ends, itemWith };
		};

		test('lets the next call pass after 30 s, counted from its own start', async () => {
			const { ends, itemWith } = hanging('workflow-10');
			const calls = ['a', 'c', 'd'].map(async (key) => await itemWith(key).claim());
			await jest.advanceTimersByTimeAsync(29_000);
			expect(ends).toHaveLength(1);
			await jest.advanceTimersByTimeAsync(2_000);
			expect(ends).toHaveLength(2);
			await jest.advanceTimersByTimeAsync(28_000);
			expect(ends).toHaveLength(2);
			ends[1]?.();
			expect(await calls[1]).toBe('claimed');
			await settle();
			expect(ends).toHaveLength(3);
		});

		test.each(['confirm', 'keep', 'release'] as const)('delays also what is recorded of other keys of its node: %s', async (change) => {
			const { events, itemWith } = hanging(`workflow-${change}`);
			const store = new Store();
			const item = itemWith('c', store.helpers);
			await item.claim();
			void itemWith('a').claim();
			await settle();
			const changed = item[change]();
			await jest.advanceTimersByTimeAsync(29_000);
			expect([await isSettled(changed), events]).toEqual([false, ['begin a']]);
			await jest.advanceTimersByTimeAsync(2_000);
			expect(await isSettled(changed)).toBe(true);
		});

		test('records nothing for an item that has ended while its claim waited', async () => {
			const { events, itemWith } = hanging('workflow-11');
			const store = new Store();
			void itemWith('a').claim();
			const item = itemWith('c', store.helpers);
			const waiting = item.claim().catch(() => 'ended');
			item.end();
			await jest.advanceTimersByTimeAsync(31_000);
			expect([await waiting, store.entries.size]).toEqual(['ended', 0]);
			expect(events).toEqual(['begin a']);
		});

		test('a claim that succeeds later is not undone, since other calls may be in flight by then', async () => {
			const { events, ends, itemWith } = hanging('workflow-12');
			const item = itemWith('a');
			const late = item.claim();
			await jest.advanceTimersByTimeAsync(31_000);
			item.end();
			ends[0]?.();
			await late;
			expect(events).toEqual(['begin a', 'end a']);
		});

		test('blocks no other node, and no node of another workflow', async () => {
			const [never, answers] = [holding([], []), new Store().helpers];
			const hanging = claimOf('workflow-9', 'node-1', 'key', never);
			expect(await claimOf('workflow-9', 'node-2', 'key', answers)).toBe('claimed');
			expect(await claimOf('workflow-8', 'node-1', 'other key', answers)).toBe('claimed');
			expect(await isSettled(claimOf('workflow-9', 'node-1', 'third key', answers))).toBe(false);
			expect(await isSettled(hanging)).toBe(false);
		});
	});
});

describe('the request ID', () => {
	const idOf = (workflowId: string, nodeId: string, key: string) => idempotencyOf(fakeExecuteFunctions({ workflowId, nodeId }), key, '').requestId;

	test('is the same UUID for every request with the key', () => {
		expect(idOf('workflow-1', 'node-1', 'key-1')).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
		expect(idOf('workflow-1', 'node-1', 'key-1')).toBe(idOf('workflow-1', 'node-1', 'key-1'));
	});

	test('cannot be the user\'s own, which could differ between two requests with the key', () => {
		const context = fakeExecuteFunctions({ workflowId: 'workflow-1' });
		expect(() => idempotencyOf(context, 'key-1', 'mine')).toThrow(InvalidInput);
		expect(() => idempotencyOf(context, 'key-1', 'mine')).toThrow(/"Request ID".*"Idempotency Key"/);
	});

	test('differs by key, node and workflow', () => {
		const ids = [idOf('w', 'n', 'a'), idOf('w', 'n', 'b'), idOf('w', 'm', 'a'), idOf('v', 'n', 'a')];
		expect(new Set(ids).size).toBe(4);
	});
});
