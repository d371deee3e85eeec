import { createHash } from 'crypto';
import type { ICheckProcessedOptions, IExecuteFunctions } from 'n8n-workflow';
import { InvalidInput } from '../shared/input';
import type { IdempotencyKey, KeyClaim } from '../submission/submission';

/** How many keys n8n remembers for one node before it forgets the oldest: more than the largest batch has. */
const MAX_KEYS = 100_000;

/** Each key has two entries, see `storeOf`. */
const OPTIONS: ICheckProcessedOptions = { mode: 'entries', maxEntries: 2 * MAX_KEYS };

/**
 * The last database call of each node: n8n reads the stored keys of a node and writes them back, so two calls at once would
 * lose one of the keys. A node with no call under way has no entry.
 */
const lastCalls = new Map<string, Promise<unknown>>();

async function inTurn<T>(node: string, call: () => Promise<T>): Promise<T> {
	const mine = (lastCalls.get(node) ?? Promise.resolve()).then(call);
	const ended = mine.catch(() => undefined);
	lastCalls.set(node, ended);
	try {
		return await mine;
	} finally {
		if (lastCalls.get(node) === ended) lastCalls.delete(node);
	}
}

/** Keys that this process submits now, with the item that claimed each: another item with the key must not send it too. */
const inProgress = new Map<string, object>();

/** The node of a workflow: keys of different nodes are different keys. */
function keyScope(context: IExecuteFunctions): string {
	const { id: workflowId } = context.getWorkflow();
	if (workflowId) return `${workflowId}/${context.getNode().id}`;
	throw new InvalidInput(
		'"Idempotency Key" needs a saved workflow, since n8n remembers the keys with it',
		'Save the workflow, then run it again.',
	);
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The `request_id` of every request with a key, as a UUID: what to look for at HiDream if n8n dies while it sends the video. */
function requestIdOfKey(scope: string, key: string): string {
	const hex = sha256(JSON.stringify([scope, key]));
	return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

/**
 * The key in n8n's database, as two entries. An unresolved request has `claimed` alone; a key with a task has `key`. n8n can
 * only record entries and tell which of them were new. So a claim records both and takes `key` back: if n8n dies in between,
 * the key counts as submitted, and nothing is paid twice.
 */
function storeOf({ helpers }: IExecuteFunctions, key: string): Omit<IdempotencyKey, 'end'> {
	const claimed = `claim of ${sha256(key)}`;
	const record = async () => (await helpers.checkProcessedAndRecord([claimed, key], 'node', OPTIONS)).new.map(String);
	const remove = async (entries: string[]) => await helpers.removeProcessed(entries, 'node', OPTIONS);
	return {
		claim: async () => {
			const added = await record().catch(async (error: Error) => {
				// Two processes may record the first key of a node at once, and n8n then fails one. A key that is there
				// now may be our own from the call that failed: calling the video submitted would hide the error.
				const again = await record();
				if (again.includes(key)) return again;
				throw error;
			});
			if (!added.includes(key)) return 'submitted';
			await remove([key]).catch(async (error: Error) => {
				// Only what this claim recorded: the claim of an earlier request must stay.
				await remove(added);
				throw error;
			});
			return added.includes(claimed) ? 'claimed' : 'unresolved';
		},
		confirm: async () => void (await record()),
		// Another process may have written its older list of keys over ours meanwhile.
		keep: async () => void (await helpers.checkProcessedAndRecord([claimed], 'node', OPTIONS)),
		release: async () => await remove([claimed, key]),
	};
}

/**
 * Claims the "Idempotency Key" in n8n's own database, at once and durably: a later execution finds it, also
 * after a crash.
 * @returns the key and the `request_id` of its requests; nothing without a key
 * @throws InvalidInput when this workflow has no place to remember keys in
 */
export function idempotencyOf(context: IExecuteFunctions, key: string): { idempotencyKey?: IdempotencyKey; requestId?: string } {
	if (key === '') return {};
	const scope = keyScope(context);
	const store = storeOf(context, key);
	const name = JSON.stringify([scope, key]);
	const item = { ended: false, owns: false };
	const free = () => {
		if (inProgress.get(name) === item) inProgress.delete(name);
	};
	const claim = async (): Promise<KeyClaim> => {
		if (inProgress.has(name)) return 'submitted';
		inProgress.set(name, item);
		let claimed: KeyClaim | undefined;
		try {
			// A release that failed left the key to this item.
			claimed = item.owns ? 'claimed' : await store.claim();
			item.owns = claimed === 'claimed';
			// The item did not wait for the claim, so its video is not sent.
			if (item.owns && item.ended) await store.release();
			return claimed;
		} finally {
			if (claimed === undefined || item.ended) free();
		}
	};
	const release = async (): Promise<void> => {
		await store.release();
		item.owns = false;
	};
	return {
		requestId: requestIdOfKey(scope, key),
		idempotencyKey: {
			claim: async () => await inTurn(scope, claim),
			confirm: async () => await inTurn(scope, store.confirm),
			keep: async () => await inTurn(scope, store.keep),
			release: async () => await inTurn(scope, release).finally(free),
			end: () => {
				item.ended = true;
				free();
			},
		},
	};
}
