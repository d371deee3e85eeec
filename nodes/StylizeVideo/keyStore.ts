import { createHash } from 'crypto';
import type { ICheckProcessedOptions, IExecuteFunctions } from 'n8n-workflow';
import { acquireLock, isLocked } from '../async/keyedLock';
import { onAbort } from '../async/onAbort';
import { withTimeout } from '../async/withTimeout';
import { InvalidInput } from '../shared/input';
import { INPUT } from '../shared/messages/aboutInput';
import { DATABASE_MS } from '../submission/idempotencyKey';
import type { IdempotencyKey, Submission } from '../submission/submission';

/** n8n then forgets the oldest entries of a node. Each key has at most three, so 100,000 keys are kept. */
const OPTIONS: ICheckProcessedOptions = { mode: 'entries', maxEntries: 300_000 };

/**
 * Makes one database call of a node at a time: n8n reads the stored keys of a node and writes them back, so two calls at once
 * would lose one of the keys. A call that does not return blocks the next one for `DATABASE_MS`.
 */
async function oneAtATime<T>(node: string, call: (isOver: () => boolean) => Promise<T>): Promise<T> {
	const { acquired, release } = acquireLock(node);
	await acquired;
	let over = false;
	const result = call(() => over);
	void withTimeout(result, DATABASE_MS).catch(() => undefined).then(() => {
		over = true;
		release();
	});
	return await result;
}

/** Keys with a task that is not recorded yet, or could not be recorded. */
const unrecorded = new Set<string>();

/** The node of a workflow: keys of different nodes are different keys. */
function keyScope(context: IExecuteFunctions): string {
	const { id: workflowId } = context.getWorkflow();
	if (workflowId) return `${workflowId}/${context.getNode().id}`;
	throw new InvalidInput(...INPUT.keyInUnsavedWorkflow);
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The `request_id` of every request with a key, as a UUID: what to look for at HiDream if n8n dies while it sends the video. */
function requestIdOfKey(scope: string, key: string): string {
	const hex = sha256(JSON.stringify([scope, key]));
	return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

/**
 * The key in n8n's database: the entries `key` and `claimed` from its claim on, and `task` when it has a task. n8n can only
 * record entries and tell which of them were new. If n8n dies at any moment, a key that was claimed is not free, and a key with
 * a task is submitted. Earlier versions recorded `key` alone, for a key with a task.
 */
function storeOf({ helpers }: IExecuteFunctions, key: string): Omit<IdempotencyKey, 'begin' | 'end'> {
	const [claimed, task] = ['claimed', 'task'].map((state) => `${state} ${sha256(key)}`) as [string, string];
	const record = async (...entries: string[]) => (await helpers.checkProcessedAndRecord(entries, 'node', OPTIONS)).new.map(String);
	const remove = async (...entries: string[]) => await helpers.removeProcessed(entries, 'node', OPTIONS);
	return {
		claim: async () => {
			const added = await record(key, claimed).catch(async (error: Error) => {
				// Two processes may record the first key of a node at once, and n8n then fails one. If both entries are there
				// now, they may be our own from the call that failed: calling the key unresolved would hide the error.
				const again = await record(key, claimed);
				if (again.length > 0) return again;
				throw error;
			});
			if (added.length === 2) return 'claimed';
			// A key without `claimed` is of an earlier version.
			if ((await record(task)).length === 0 || added.includes(claimed)) return 'submitted';
			// If that fails, later items find the key submitted, which pays nothing.
			await remove(task).catch(async () => await remove(task)).catch(() => undefined);
			return 'unresolved';
		},
		// Another process may have written its older list of keys over ours meanwhile, so everything is recorded.
		confirm: async () => void (await record(key, claimed, task)),
		keep: async () => void (await record(key, claimed)),
		release: async () => await remove(key, claimed, task).catch(async () => await remove(key, claimed, task)),
	};
}

/**
 * Claims the "Idempotency Key" in n8n's own database, at once and durably: a later execution finds it, also
 * after a crash.
 * @param requestId the user's "Request ID"
 * @returns the key and the `request_id` of its requests; without a key the user's `request_id`, if there is one
 * @throws InvalidInput when the workflow is not saved, or the user's `request_id` could differ between two requests with the key
 */
export function idempotencyOf(context: IExecuteFunctions, key: string, requestId: string): Pick<Submission, 'idempotencyKey' | 'requestId'> {
	if (key === '') return { requestId: requestId || undefined };
	if (requestId !== '') throw new InvalidInput(...INPUT.keyAndRequestId);
	const scope = keyScope(context);
	const store = storeOf(context, key);
	const name = JSON.stringify([scope, key]);
	let [ended, owns] = [false, false];
	let unlock = (): void => undefined;
	// A call that is still in flight, also one of an earlier item, could undo what the next one records. It may never end.
	const call = async <T>(run: (isOver: () => boolean) => Promise<T>): Promise<T> => {
		const { acquired, release } = acquireLock(`calls for ${name}`);
		await acquired;
		return await oneAtATime(scope, run).finally(release);
	};
	const confirm = async () => {
		unrecorded.add(name);
		await store.confirm();
		unrecorded.delete(name);
	};
	return {
		requestId: requestIdOfKey(scope, key),
		idempotencyKey: {
			begin: async (wait, signal) => {
				if (!wait && isLocked(name)) return false;
				const lock = acquireLock(name);
				unlock = lock.release;
				await new Promise<void>((resolve) => {
					const forget = onAbort(signal, resolve);
					void lock.acquired.then(forget).then(resolve);
				});
				return true;
			},
			claim: async () =>
				await call(async (isOver) => {
					if (ended) throw new Error('The item has ended');
					if (unrecorded.has(name)) return await confirm().then(() => 'submitted', () => 'submitted');
					// A release that failed left the key to this item.
					const claim = owns ? 'claimed' : await store.claim();
					owns = claim === 'claimed';
					// The item did not wait for its claim, so its video is not sent. After `DATABASE_MS`, other calls may be in flight.
					if (owns && ended && !isOver()) await store.release();
					return claim;
				}),
			// It records everything, so it does not wait for an earlier call that may never end.
			confirm: async () => await oneAtATime(scope, confirm),
			keep: async () => await call(store.keep),
			release: async () =>
				await call(async () => {
					// A claim that does not wait for this records the key again.
					owns = false;
					await store.release().catch((error: Error) => {
						owns = true;
						throw error;
					});
				}),
			end: () => {
				ended = true;
				unlock();
			},
		},
	};
}
