import { existsSync } from 'node:fs';
import { BareClient } from '../machine/bareClient';
import type { Service } from '../machine/service';
import { spanOf } from '../machine/span';
import type { VideoFile } from '../machine/videoFile';
import { END } from '../n8n/marks';
import { MeasuredN8n, TimeLimitError, type Surroundings } from '../n8n/measuredN8n';
import { markStep, readFileStep, type Step } from '../n8n/workflow';
import type { Failed, Sent } from './raw';

/** A process that has been started to submit. */
export interface Sender {
	/** Submits once; throws a `SubmitFailed` where that cannot be done this way. */
	submit: (file: VideoFile) => Promise<Sent>;
	close: () => Promise<void>;
}

/** One way to submit a video. */
export interface Way {
	name: string;
	label: string;
	/** Whether what it sends is the video; otherwise it is only as long. */
	sendsVideo: boolean;
	/** Starts a fresh process. */
	open: (where: Surroundings) => Promise<Sender>;
}

/** The way cannot submit such a video. */
export class SubmitFailed extends Error {
	constructor(
		reason: string,
		/** Until it was clear, and the largest memory by then. */
		readonly took: { ms?: number; peakMiB?: number } = {},
	) {
		super(reason);
	}

	/** @param smallPeakMiB the peak of a submit of 1 MiB */
	failed(smallPeakMiB: number): Failed {
		const { ms, peakMiB } = this.took;
		return { failed: this.message, ms, ...(peakMiB !== undefined && { overSmallMiB: peakMiB - smallPeakMiB }) };
	}
}

/** Far above what any way needs that ends. */
const LIMIT_MS = 180_000;

/** Nodes in a real n8n that submit the binary `data` of the item before them. */
export function inN8n(name: string, label: string, steps: (service: Surroundings['service']) => Step[], sendsVideo = true): Way {
	return { name, label, sendsVideo, open: async (where) => await openN8n(where, steps(where.service)) };
}

async function openN8n(where: Surroundings, steps: Step[]): Promise<Sender> {
	const measured = await MeasuredN8n.start(where);
	const mark = (mark: string): Step => markStep(`Mark ${mark}`, measured.marks.url(mark));
	const workflow = await measured.add('submit', [mark('read'), readFileStep(), mark('submit'), ...steps, mark(END)]);
	const submit = async ({ path }: VideoFile): Promise<Sent> => {
		const { spans, executionMs, execution } = await measured.run(workflow, { file: path }, LIMIT_MS).catch((error: unknown) => {
			if (error instanceof TimeLimitError) throw new SubmitFailed(error.message, { ms: LIMIT_MS });
			if (!existsSync(`/proc/${measured.pid}`)) throw new SubmitFailed('n8n died of it');
			throw error;
		});
		const { submit: span, read } = spans;
		if (span === undefined || read === undefined) throw new Error(`n8n did not come to the submit: ${execution.error?.message}`);
		if (execution.status !== 'success') {
			throw new SubmitFailed(execution.error?.message ?? `the execution is "${execution.status}"`, span);
		}
		const ms = steps.reduce((sum, step) => sum + (execution.runs(step.name).at(-1)?.executionTime ?? NaN), 0);
		return { span, read, ms, executionMs };
	};
	return { submit, close: async () => await measured.close() };
}

/** A process with undici alone. */
export function bare(name: string, label: string): Way {
	const open = async ({ service }: { service: Pick<Service, 'url' | 'accessToken'> }): Promise<Sender> => {
		const client = await BareClient.start();
		const submit = async ({ path }: VideoFile): Promise<Sent> => {
			const { result: ms, span } = await spanOf(client.pid, async () => await client.submit(service, path));
			return { span, ms, executionMs: ms };
		};
		return { submit, close: async () => await client.close() };
	};
	return { name, label, sendsVideo: true, open };
}
