import { createHash } from 'crypto';
import type { StyleOptions } from '../hidream/styles';
import { mentionedTaskId, type SubmissionReason } from './reasons';

/**
 * The outcome of an item's submission, kept in n8n's context data of the node: the only data that survives until the next
 * attempt of the same execution (Retry On Fail, Retry of a failed execution). The node does not know which attempt it is.
 * All of it is plain JSON, which n8n can save.
 */
export type Entry =
	/** A request was sent: without an outcome it counts as uncertain. */
	| { state: 'sending'; requestId: string }
	| { state: 'accepted'; requestId: string; taskId: string; subTaskIds: string[]; styleOptions: StyleOptions }
	| { state: 'refused'; requestId: string }
	| { state: 'uncertain'; requestId: string; reason: SubmissionReason };

/** A request that may have made a task, and the task that its response mentioned. */
export interface UnclearRequest {
	requestId: string;
	taskId?: string;
}

const FIELD = 'hiDreamSubmissions';

/** A short hash of the parts that identify a submission. */
export const fingerprint = (parts: ReadonlyArray<string | undefined>): string =>
	createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);

/** The submissions of a node in one execution. */
export class Ledger {
	private readonly entries: Record<string, Entry>;

	/**
	 * @param context `getContext('node')`
	 * @param scope the run of the node; undefined where it runs as an AI tool, whose calls have no stable run
	 *   or item number, so that the content alone tells them apart
	 */
	constructor(
		context: Record<string, unknown>,
		private readonly scope: { runIndex: number } | undefined,
	) {
		// The one object for all ledgers of the node: an AI agent may have two calls in flight.
		this.entries = (context[FIELD] ??= {}) as Record<string, Entry>;
		if (!scope) return;
		// An earlier run of the node in a loop is over and is never tried again: its entries only use memory.
		for (const key of Object.keys(this.entries)) {
			if (!key.startsWith(`${scope.runIndex}:`)) delete this.entries[key];
		}
	}

	/** The one object behind all ledgers of the node in this execution. */
	get shared(): object {
		return this.entries;
	}

	/** Whether nothing but their content tells submissions apart. */
	get byContent(): boolean {
		return this.scope === undefined;
	}

	/**
	 * The key of an item's submission.
	 * @param print fingerprint of what the user typed, with expressions unevaluated: a later attempt has the same item, so an
	 *   expression that returns another value (a random one, the time) must not make it another submission. For an AI tool,
	 *   fingerprint of the content
	 */
	key(itemIndex: number, print: string): string {
		return this.scope ? `${this.scope.runIndex}:${itemIndex}:${print}` : `tool:${print}`;
	}

	/** The state of an item's submission; undefined if nothing was sent. */
	read(key: string): Entry | undefined {
		return Object.hasOwn(this.entries, key) ? this.entries[key] : undefined;
	}

	/** The IDs of all tasks accepted so far, in this attempt and in earlier ones. */
	acceptedTaskIds(): string[] {
		return Object.values(this.entries).flatMap((entry) => (entry.state === 'accepted' ? [entry.taskId] : []));
	}

	/** All requests so far that may have made a task which is not known. */
	unclearRequests(): UnclearRequest[] {
		return Object.values(this.entries).flatMap((entry) => {
			if (entry.state === 'sending') return [{ requestId: entry.requestId }];
			return entry.state === 'uncertain' ? [{ requestId: entry.requestId, taskId: mentionedTaskId(entry.reason) }] : [];
		});
	}

	/** Records the state of an item's submission. */
	write(key: string, entry: Entry): void {
		this.entries[key] = entry;
	}
}
