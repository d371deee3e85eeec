import { createHash } from 'crypto';
import type { ICheckProcessedOptions, IExecuteFunctions } from 'n8n-workflow';
import { acquireLock } from '../async/keyedLock';
import { withTimeout } from '../async/withTimeout';
import { InvalidInput } from '../shared/input';
import { INPUT } from '../shared/messages/aboutInput';
import { DATABASE_MS } from '../submission/idempotencyKey';
import { StoredIdempotencyKey, type KeyStore } from '../submission/storedIdempotencyKey';
import type { KeyClaim, Submission } from '../submission/submission';

/** n8n then forgets the oldest entries of a node. Each key has at most two, so 100,000 keys are kept. */
const OPTIONS: ICheckProcessedOptions = { mode: 'entries', maxEntries: 200_000 };

/**
 * Makes one database call of a node at a time: n8n reads the stored keys of a node and writes them back, so two concurrent calls
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

/** The node of a workflow: keys of different nodes are different keys. */
function keyScope(context: IExecuteFunctions): string {
	const { id: workflowId } = context.getWorkflow();
	if (workflowId) return `${workflowId}/${context.getNode().id}`;
	throw new InvalidInput(...INPUT.keyInUnsavedWorkflow);
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The `request_id` of every request with a key, as a UUID: what to look for at HiDream if n8n dies while it sends the video. */
function requestIdOfKey(scope: string, key: string): string {
	return sha256(JSON.stringify([scope, key])).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}

/**
 * A key in n8n's database: the entry `claimed` from its claim on, and `task` when it has a task. n8n can only record entries
 * and tell which of them were new. If n8n dies at any moment, a key that was claimed is not free, and a key with a task is
 * submitted.
 */
function keyStoreOf({ helpers }: IExecuteFunctions, node: string, key: string): KeyStore {
	const [claimed, task] = ['claimed', 'task'].map((state) => `${state} ${sha256(key)}`) as [string, string];
	const record = async (...entries: string[]) => (await helpers.checkProcessedAndRecord(entries, 'node', OPTIONS)).new.map(String);
	const removeOnce = async (entries: string[]) => await helpers.removeProcessed(entries, 'node', OPTIONS);
	const remove = async (...entries: string[]) => await removeOnce(entries).catch(async () => await removeOnce(entries));
	const release = async () => await remove(claimed, task);
	const claim = async (): Promise<KeyClaim> => {
		const added = await record(claimed).catch(async (error: Error) => {
			// Two processes may record the first key of a node at the same time, and n8n then fails one. If the entry is there
			// now, it may be our own from the call that failed: calling the key unresolved would hide the error.
			const again = await record(claimed);
			if (again.length > 0) return again;
			throw error;
		});
		if (added.length > 0) return 'claimed';
		if ((await record(task)).length === 0) return 'submitted';
		// If that fails, later items find the key submitted, which pays nothing.
		await remove(task).catch(() => undefined);
		return 'unresolved';
	};
	return {
		claim: async (hasEnded) =>
			await oneAtATime(node, async (isOver) => {
				if (hasEnded()) throw new Error('The item has ended');
				const result = await claim();
				// The item did not wait for its claim, so its video is not sent. After `DATABASE_MS`, other calls may be in flight.
				if (result === 'claimed' && hasEnded() && !isOver()) await release();
				return result;
			}),
		// Another process may have written its older list of keys over ours meanwhile, so everything is recorded.
		confirm: async () => void (await oneAtATime(node, async () => await record(claimed, task))),
		keep: async () => void (await oneAtATime(node, async () => await record(claimed))),
		release: async () => await oneAtATime(node, release),
	};
}

/**
 * The "Idempotency Key" of an item, in n8n's own database: a later execution finds it, also after a crash.
 * @param requestId the user's "Request ID"
 * @returns the key and the `request_id` of its requests; without a key the user's `request_id`, if there is one
 * @throws InvalidInput when the workflow is not saved, or the user's `request_id` could differ between two requests with the key
 */
export function idempotencyOf(context: IExecuteFunctions, key: string, requestId: string): Pick<Submission, 'idempotencyKey' | 'requestId'> {
	if (key === '') return { requestId: requestId || undefined };
	if (requestId !== '') throw new InvalidInput(...INPUT.keyAndRequestId);
	const scope = keyScope(context);
	return { requestId: requestIdOfKey(scope, key), idempotencyKey: new StoredIdempotencyKey(JSON.stringify([scope, key]), keyStoreOf(context, scope, key)) };
}
