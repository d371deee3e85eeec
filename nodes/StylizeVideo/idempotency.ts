import { createHash } from 'crypto';
import type { ICheckProcessedOptions, IExecuteFunctions } from 'n8n-workflow';
import { systemClock } from '../async/clock';
import { onAbort } from '../async/onAbort';
import { InvalidInput } from '../shared/input';
import { INPUT } from '../shared/messages/aboutInput';
import { inTime } from '../submission/idempotencyKey';
import type { IdempotencyKey, Submission } from '../submission/submission';

/** n8n then forgets the oldest entries of a node: more than the keys of the largest batch, each of which has up to two entries. */
const OPTIONS: ICheckProcessedOptions = { mode: 'entries', maxEntries: 200_000 };

/** When the last one in each queue leaves it. A queue without anyone has no entry. */
const queues = new Map<string, Promise<void>>();

function joinQueue(name: string): { turn: Promise<void>; leave: () => void } {
	const turn = queues.get(name) ?? Promise.resolve();
	let leave = (): void => undefined;
	const left = new Promise<void>((resolve) => (leave = resolve));
	const empty = turn.then(async () => await left);
	queues.set(name, empty);
	void empty.then(() => {
		if (queues.get(name) === empty) queues.delete(name);
	});
	return { turn, leave };
}

/**
 * Makes one database call of a node at a time: n8n reads the stored keys of a node and writes them back, so two calls at once
 * would lose one of the keys. The turn of a call that does not end is over after a while.
 */
async function inTurn<T>(node: string, call: (isOver: () => boolean) => Promise<T>): Promise<T> {
	const { turn, leave } = joinQueue(node);
	await turn;
	let over = false;
	const result = call(() => over);
	const end = () => {
		over = true;
		leave();
	};
	void inTime(result, { clock: systemClock }).then(end, end);
	return await result;
}

/** The node of a workflow: keys of different nodes are different keys. */
function keyScope(context: IExecuteFunctions): string {
	const { id: workflowId } = context.getWorkflow();
	if (workflowId) return `${workflowId}/${context.getNode().id}`;
	throw new InvalidInput(...INPUT.workflowNotSaved);
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The `request_id` of every request with a key, as a UUID: what to look for at HiDream if n8n dies while it sends the video. */
function requestIdOfKey(scope: string, key: string): string {
	const hex = sha256(JSON.stringify([scope, key]));
	return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

/**
 * The key in n8n's database: the entry `key`, and `unresolved` until its request is known to have a task. n8n can only record
 * entries and tell which of them were new, so a look at a key records both. If n8n dies at any moment, a key that was claimed
 * is unresolved or submitted, and a key whose video was never sent is not submitted.
 */
function storeOf({ helpers }: IExecuteFunctions, key: string): Omit<IdempotencyKey, 'begin' | 'end'> {
	const unresolved = `unresolved ${sha256(key)}`;
	const record = async (entries: string[]) => (await helpers.checkProcessedAndRecord(entries, 'node', OPTIONS)).new.map(String);
	const remove = async (entries: string[]) => await helpers.removeProcessed(entries, 'node', OPTIONS);
	const removeUnresolved = async () => await remove([unresolved]);
	return {
		claim: async () => {
			const added = await record([key, unresolved]).catch(async (error: Error) => {
				// Two processes may record the first key of a node at once, and n8n then fails one. If both entries are there
				// now, they may be our own from the call that failed: calling the key unresolved would hide the error.
				const again = await record([key, unresolved]);
				if (again.length > 0) return again;
				throw error;
			});
			if (added.includes(key)) return 'claimed';
			if (!added.includes(unresolved)) return 'unresolved';
			// If that fails, later items find the key unresolved, which does not pay twice.
			await removeUnresolved().catch(removeUnresolved).catch(() => undefined);
			return 'submitted';
		},
		// Another process may have written its older list of keys over ours meanwhile.
		confirm: async () => {
			await record([key]);
			await removeUnresolved();
		},
		keep: async () => void (await record([key, unresolved])),
		release: async () => await remove([key, unresolved]),
	};
}

/**
 * Claims the "Idempotency Key" in n8n's own database, at once and durably: a later execution finds it, also
 * after a crash.
 * @param requestId the user's "Request ID"
 * @returns the key and the `request_id` of its requests; without a key the user's `request_id`, if there is one
 * @throws InvalidInput when this workflow has no place to remember keys in, or the user's `request_id` could differ between
 *   two requests with the key
 */
export function idempotencyOf(context: IExecuteFunctions, key: string, requestId: string): Pick<Submission, 'idempotencyKey' | 'requestId'> {
	if (key === '') return { requestId: requestId || undefined };
	if (requestId !== '') throw new InvalidInput(...INPUT.requestIdWithKey);
	const scope = keyScope(context);
	const store = storeOf(context, key);
	let [ended, owns] = [false, false];
	let leave = (): void => undefined;
	return {
		requestId: requestIdOfKey(scope, key),
		idempotencyKey: {
			begin: async (signal) => {
				const place = joinQueue(JSON.stringify([scope, key]));
				leave = place.leave;
				await new Promise<void>((resolve) => {
					const forget = onAbort(signal, resolve);
					void place.turn.then(forget).then(resolve);
				});
			},
			claim: async () =>
				await inTurn(scope, async (isOver) => {
					if (ended) throw new Error('The item has ended');
					// A release that failed left the key to this item.
					const claim = owns ? 'claimed' : await store.claim();
					owns = claim === 'claimed';
					// The item did not wait for its claim, so its video is not sent. Later, another item may have claimed the key.
					if (owns && ended && !isOver()) await store.release();
					return claim;
				}),
			confirm: async () => await inTurn(scope, store.confirm),
			keep: async () => await inTurn(scope, store.keep),
			release: async () =>
				await inTurn(scope, async () => {
					await store.release();
					owns = false;
				}),
			end: () => {
				ended = true;
				leave();
			},
		},
	};
}
