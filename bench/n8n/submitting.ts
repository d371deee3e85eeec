import { existsSync } from 'node:fs';
import type { StoredExecution } from '../../harness/n8n/execution';
import type { Span } from '../machine/span';
import type { VideoFile } from '../machine/videoFile';
import { END } from './marks';
import { TimeLimitError, type MeasuredN8n } from './measuredN8n';
import { markStep, readFileStep, type Step } from './workflow';

/** One submit in n8n. */
export interface SentInN8n {
	/** The process while n8n read the file into its store. */
	read: Span;
	/** The process during the submit. */
	span: Span;
	/** Time of the submitting nodes, by n8n's own clock. */
	ms: number;
	/** From the webhook call to its response, including the reading of the file. */
	executionMs: number;
	execution: StoredExecution;
}

/** Figures until the submit failed, as far as known. */
export interface Took {
	ms?: number;
	peakMiB?: number;
}

/** A video that cannot be submitted in this way. */
export class SubmitFailed extends Error {
	constructor(
		reason: string,
		readonly took: Took = {},
	) {
		super(reason);
	}
}

/** Explains n8n's error to readers who do not know its limits. */
function explained(message: string): string {
	if (message.startsWith('Cannot create a string longer than')) return 'too long for a string';
	return message.charAt(0).toLowerCase() + message.slice(1);
}

/** Far above the time of any way that ends. */
const LIMIT_MS = 180_000;

/**
 * Adds a workflow that reads a file into n8n's store and submits it with these nodes, and returns a function that runs
 * it. The function throws a `SubmitFailed` if n8n cannot submit it.
 */
export async function submitting(measured: MeasuredN8n, steps: readonly Step[]): Promise<(file: VideoFile) => Promise<SentInN8n>> {
	const mark = (name: string): Step => markStep(`Mark ${name}`, measured.marks.url(name));
	const workflow = await measured.add('submit', [mark('read'), readFileStep(), mark('submit'), ...steps, mark(END)]);
	return async ({ path }) => {
		const run = await measured.run(workflow, { file: path }, LIMIT_MS).catch((error: unknown) => {
			if (error instanceof TimeLimitError) throw new SubmitFailed(error.message, { ms: LIMIT_MS });
			if (!existsSync(`/proc/${measured.pid}`)) throw new SubmitFailed('n8n crashed');
			throw error;
		});
		const { spans, executionMs, execution } = run;
		const { read, submit: span } = spans;
		const reason = explained(execution.error?.message ?? `the execution is "${execution.status}"`);
		if (read === undefined || span === undefined) throw new SubmitFailed(`n8n could not read the file: ${reason}`, read);
		if (execution.status !== 'success') throw new SubmitFailed(reason, span);
		const ms = steps.reduce((sum, { name }) => sum + (execution.runs(name).at(-1)?.executionTime ?? NaN), 0);
		return { read, span, ms, executionMs, execution };
	};
}
