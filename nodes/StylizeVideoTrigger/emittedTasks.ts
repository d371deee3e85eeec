import type { IWebhookFunctions } from 'n8n-workflow';
import { SharedMap } from '../async/sharedMap';

/** How many tasks a trigger remembers. HiDream calls three times within seconds, so the latest are enough. */
const MAX_REMEMBERED = 1_000;

/**
 * Which tasks this process has emitted, by trigger node: n8n's static data is written too late for concurrent calls.
 * HiDream's calls come within seconds, and n8n's static data keeps what is evicted here.
 */
const emittedHere = new SharedMap(() => new Set<string>());

/** The tasks that a trigger has emitted. */
export interface EmittedTasks {
	has: (taskId: string) => boolean;
	/** Remembers the task; false if it is remembered already. Atomic. */
	claim: (taskId: string) => boolean;
	/** Forgets a task whose workflow was not started after all. */
	release: (taskId: string) => void;
}

/** A manual test may receive a task again, and must not prevent its production run. */
const NO_DEDUPLICATION: EmittedTasks = { has: () => false, claim: () => true, release: () => undefined };

const strings = (value: unknown): string[] =>
	Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : [];

/**
 * What this trigger remembers: exact within a process, and over a restart by n8n's static data, which n8n
 * reads for each call and saves after it. Between processes it is a best effort.
 */
export function emittedTasksOf(context: IWebhookFunctions): EmittedTasks {
	if (context.getMode() === 'manual') return NO_DEDUPLICATION;
	const stored = context.getWorkflowStaticData('node');
	const here = emittedHere.get(`${context.getWorkflow().id ?? ''}/${context.getNode().id}`);
	const has = (taskId: string) => here.has(taskId) || strings(stored.emitted).includes(taskId);
	return {
		has,
		claim: (taskId) => {
			if (has(taskId)) return false;
			here.add(taskId);
			const [oldest] = here;
			if (here.size > MAX_REMEMBERED && oldest !== undefined) here.delete(oldest);
			// Concurrent calls overwrite each other's list, so each call writes all tasks that this process knows.
			const others = strings(stored.emitted).filter((id) => !here.has(id));
			stored.emitted = [...others, ...here].slice(-MAX_REMEMBERED);
			return true;
		},
		release: (taskId) => {
			here.delete(taskId);
		},
	};
}
