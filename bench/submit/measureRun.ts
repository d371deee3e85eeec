import type { Service } from '../machine/service';
import { MIB, type VideoFile } from '../machine/videoFile';
import type { MeasuredN8nOptions } from '../n8n/measuredN8n';
import { SubmitFailed } from '../n8n/submitting';
import type { Failed, Figures, Sent } from './raw';
import type { Way } from './way';

/** The other fields in a body. */
const MAX_OTHER_BYTES = 1000;

/** Where n8n and the bare client find a server that reports the received bytes. */
export interface Receiving extends MeasuredN8nOptions {
	service: Service;
}

/** Submits the file in a new process that submitted the small one twice: once to load its code, once to compare with. */
export async function measureRun(way: Way, file: VideoFile, small: VideoFile, where: Receiving): Promise<Figures | Failed> {
	const sender = await way.open(where);
	const counted = async (video: VideoFile): Promise<Sent> => {
		const { bytes } = (await where.service.counts()).tasks;
		const sent = await sender.submit(video);
		const arrived = (await where.service.counts()).tasks.bytes - bytes;
		checkLength(way, video, arrived);
		return sent;
	};
	try {
		await counted(small);
		const before = await counted(small);
		return await counted(file).then(
			(sent) => figuresOf(sent, before),
			(error: unknown) => {
				if (error instanceof SubmitFailed) return failedOf(error, before);
				throw error;
			},
		);
	} finally {
		await sender.close();
	}
}

/** Throws if the body was too short or arrived twice. */
function checkLength(way: Way, { sizeMiB }: VideoFile, arrived: number): void {
	const wanted = 4 * Math.ceil((sizeMiB * MIB) / 3);
	const around = arrived - wanted;
	if (around < 0 || around > MAX_OTHER_BYTES) {
		throw new Error(`${way.label}: ${arrived} bytes arrived of ${sizeMiB} MiB; its base64 has ${wanted}`);
	}
}

function figuresOf({ span, ms, executionMs, read }: Sent, before: Sent): Figures {
	const { peakMiB, startMiB, cpuSeconds } = span;
	return {
		overSmallMiB: peakMiB - before.span.peakMiB,
		peakMiB,
		startMiB,
		ms,
		executionMs,
		cpuSeconds,
		...(read && { read: { overSmallMiB: read.peakMiB - (before.read?.peakMiB ?? NaN), ms: read.ms, cpuSeconds: read.cpuSeconds } }),
	};
}

function failedOf({ message, took: { ms, peakMiB } }: SubmitFailed, before: Sent): Failed {
	const overSmallMiB = peakMiB === undefined ? undefined : peakMiB - before.span.peakMiB;
	return { failed: message, ms, overSmallMiB };
}
