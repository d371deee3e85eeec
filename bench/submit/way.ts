import { BareClient } from '../machine/bareClient';
import { spanOf } from '../machine/span';
import type { VideoFile } from '../machine/videoFile';
import { MeasuredN8n, type MeasuredN8nOptions } from '../n8n/measuredN8n';
import { submitting } from '../n8n/submitting';
import type { Step } from '../n8n/workflow';
import type { Sent } from './raw';

/** A process that is ready to submit. */
export interface Sender {
	/** Submits once; throws a `SubmitFailed` if this way cannot. */
	submit: (file: VideoFile) => Promise<Sent>;
	close: () => Promise<void>;
}

/** One way to submit a video. */
export interface Way {
	name: string;
	label: string;
	/** Whether it sends the video; otherwise it only sends as many bytes. */
	sendsVideo: boolean;
	/** Starts a new process. */
	open: (where: MeasuredN8nOptions) => Promise<Sender>;
}

/** Nodes in a real n8n that submit the binary `data` of the previous item. */
export function inN8n(name: string, label: string, steps: (service: MeasuredN8nOptions['service']) => Step[], sendsVideo = true): Way {
	const open = async (where: MeasuredN8nOptions): Promise<Sender> => {
		const measured = await MeasuredN8n.start(where);
		const close = async () => await measured.close();
		try {
			return { submit: await submitting(measured, steps(where.service)), close };
		} catch (error) {
			await close();
			throw error;
		}
	};
	return { name, label, sendsVideo, open };
}

/** A process with undici alone. */
export function bare(name: string, label: string): Way {
	const open = async ({ service }: Pick<MeasuredN8nOptions, 'service'>): Promise<Sender> => {
		const client = await BareClient.start();
		const submit = async ({ path }: VideoFile): Promise<Sent> => {
			const { result: ms, span } = await spanOf(client.pid, async () => await client.submit(service, path));
			return { span, ms, executionMs: ms };
		};
		return { submit, close: async () => await client.close() };
	};
	return { name, label, sendsVideo: true, open };
}
