import { MissingServiceError } from '../../harness/n8nQueueServices';
import { ProcessMeter } from '../machine/processMeter';
import { startService, type Service } from '../machine/service';
import type { Span } from '../machine/span';
import type { VideoFile } from '../machine/videoFile';
import { MeasuredN8n } from '../n8n/measuredN8n';
import { SubmitFailed, submitting, type SentInN8n } from '../n8n/submitting';
import { hidreamStep } from '../n8n/workflow';
import type { Mode } from './modes';
import type { Failed, Figures, Taken } from './raw';
import { newestLink, serveLink } from './serveLink';

/** The submitted files, and the folder in which n8n finds them. */
export interface Videos {
	large: VideoFile;
	/** Submitted first: loads the code, and is compared with. */
	small: VideoFile;
	/** The only folder that n8n may read. */
	files: string;
	/** For modes in which n8n's processes share a folder. */
	sharedFolder: string;
}

/** A submit, and serving its link if there is one. */
interface Seen extends SentInN8n {
	served?: Span;
}

/** Measures one mode in a new n8n. */
export async function measureMode(mode: Mode, videos: Videos): Promise<Figures | Failed> {
	const service = await startService({ bodies: mode.link ? 'check' : 'count' });
	try {
		return await inN8n(mode, videos, service);
	} catch (error) {
		if (error instanceof MissingServiceError) return { failed: 'not run: PostgreSQL or Redis is not available' };
		if (error instanceof SubmitFailed) return { failed: error.message };
		throw error;
	} finally {
		await service.close();
	}
}

async function inN8n(mode: Mode, { large, small, files, sharedFolder }: Videos, service: Service): Promise<Figures> {
	const where = { service, files, env: mode.env(sharedFolder) };
	const measured = mode.queue ? await MeasuredN8n.startQueue(where) : await MeasuredN8n.start(where);
	try {
		const inputType = mode.link ? 'binaryLink' : 'binary';
		const step = hidreamStep({ operation: 'submit', inputType, binaryPropertyName: 'data', style: 'anime', options: {} });
		const submit = await submitting(measured, [step]);
		const see = async (file: VideoFile): Promise<Seen> => {
			const sent = await submit(file);
			return mode.link ? { ...sent, served: await serveLink(measured, await newestLink(service), file) } : sent;
		};
		const idleMiB = await new ProcessMeter(measured.pid).residentMiB();
		await see(small);
		const before = await see(small);
		return figuresOf(await see(large), before, idleMiB);
	} finally {
		await measured.close();
	}
}

const taken = (large: Span, small: Span, ms = large.ms): Taken => ({
	overSmallMiB: large.peakMiB - small.peakMiB,
	ms,
	cpuSeconds: large.cpuSeconds,
});

function figuresOf({ read, span, ms, served }: Seen, before: Seen, idleMiB: number): Figures {
	const { startMiB, peakMiB } = span;
	const submit = { ...taken(span, before.span, ms), overIdleMiB: peakMiB - idleMiB, startMiB, addedMiB: peakMiB - startMiB };
	const serve = served && before.served && { serve: taken(served, before.served) };
	return { idleMiB, store: taken(read, before.read), submit, ...serve };
}
