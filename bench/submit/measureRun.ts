import type { Service } from '../machine/service';
import { MIB, type VideoFile } from '../machine/videoFile';
import type { Surroundings } from '../n8n/measuredN8n';
import { SubmitFailed } from '../n8n/submitting';
import type { Failed, Figures, Sent } from './raw';
import type { Way } from './way';

/** What stands round the video in a body: the other fields. */
const MOST_AROUND_BYTES = 1000;

/** Where n8n and the bare client find a stand-in that can say what came in. */
export interface Receiving extends Surroundings {
	service: Service;
}

/** Submits the file in a fresh process that has submitted the small one twice: once to load its code, once to compare with. */
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

/** A body that is too short, or one that came twice, is no submit. */
function checkLength(way: Way, { sizeMiB }: VideoFile, arrived: number): void {
	const wanted = 4 * Math.ceil((sizeMiB * MIB) / 3);
	const around = arrived - wanted;
	if (around < 0 || around > MOST_AROUND_BYTES) {
		throw new Error(`${way.label}: of ${sizeMiB} MiB, ${arrived} bytes arrived; its base64 has ${wanted}`);
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
