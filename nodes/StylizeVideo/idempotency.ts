import type { ICheckProcessedOptions, IExecuteFunctions } from 'n8n-workflow';
import type { Submission } from '../submission/submission';
import { InvalidInput } from '../shared/input';

/** How many keys n8n remembers for one node before it forgets the oldest: more than the largest batch has. */
const MOST_KEYS = 100_000;

const OPTIONS: ICheckProcessedOptions = { mode: 'entries', maxEntries: MOST_KEYS };

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

/**
 * Claims the "Idempotency Key" in n8n's own database, at once and durably: a later execution finds it, also
 * after a crash. Nothing to do without a key.
 * @throws InvalidInput when this workflow has no place to remember keys in
 */
export function idempotencyKey(context: IExecuteFunctions, key: string): Pick<Submission, 'claimKey' | 'releaseKey'> {
	if (key === '') return {};
	const { helpers } = context;
	const { id: workflowId } = context.getWorkflow();
	if (!workflowId) {
		throw new InvalidInput(
			'"Idempotency Key" needs a saved workflow, since n8n remembers the keys with it',
			'Save the workflow, then run it again.',
		);
	}
	const node = `${workflowId}/${context.getNode().id}`;
	const record = async () => (await helpers.checkProcessedAndRecord([key], 'node', OPTIONS)).new.length > 0;
	return {
		claimKey: async () =>
			await inTurn(node, record).catch(async (error: Error) => {
				// Two processes may record the first key of a node at once, and n8n then fails one. A key that is there
				// now may be our own from the call that failed: calling the video submitted would hide the error.
				if (await inTurn(node, record)) return true;
				throw error;
			}),
		releaseKey: async () => await inTurn(node, async () => await helpers.removeProcessed([key], 'node', OPTIONS)),
	};
}
