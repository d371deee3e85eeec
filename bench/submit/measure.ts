import { startService } from '../machine/service';
import type { VideoFile } from '../machine/videoFile';
import { withVideos } from '../machine/videoFolder';
import type { Effort } from '../section';
import { measureRun } from './measureRun';
import { hasFailed, type Raw, type SubmitRun } from './raw';
import { verify } from './verify';
import type { Way } from './way';
import { FLOOR_CHUNK_KIB, WAYS } from './ways';

const SIZES_MIB = [1, 16, 100, 300, 1024];
const QUICK_SIZES_MIB = [1, 16];
/** Enough for several pieces in every way, and small enough for the hashing server. */
const MAX_VERIFIED_MIB = 100;

/** A way that failed fails again: it is not tried a second time, nor with a larger video. */
function knownFailure(runs: readonly SubmitRun[], way: string, sizeMiB: number): string | undefined {
	for (const { way: other, sizeMiB: size, result } of runs) {
		if (other !== way || !hasFailed(result) || size > sizeMiB) continue;
		return size === sizeMiB ? result.failed : `not tried, as it failed at ${size} MiB`;
	}
	return undefined;
}

/** Runs all ways at all sizes in turn, so that a slowdown of the machine affects all of them. */
async function measureAll({ runs: times, report }: Effort, videos: readonly VideoFile[], files: string): Promise<SubmitRun[]> {
	const service = await startService({ bodies: 'count' });
	const [small] = videos;
	if (small === undefined) throw new Error('There is no video to compare with');
	const runs: SubmitRun[] = [];
	try {
		for (let run = 1; run <= times; run += 1) {
			for (const video of videos) {
				for (const way of WAYS) {
					const { sizeMiB } = video;
					report(`run ${run} of ${times}: ${sizeMiB} MiB by ${way.label}`);
					const known = knownFailure(runs, way.name, sizeMiB);
					if (known !== undefined && run > 1) continue;
					const result = known === undefined ? await measureRun(way, video, small, { service, files }) : { failed: known };
					runs.push({ way: way.name, sizeMiB, run, result });
				}
			}
		}
	} finally {
		await service.close();
	}
	return runs;
}

/** Measures the section. */
export async function measure(effort: Effort): Promise<Raw> {
	const sizesMiB = effort.quick ? QUICK_SIZES_MIB : SIZES_MIB;
	return await withVideos(sizesMiB, async (videos, files) => {
		const runs = await measureAll(effort, videos, files);
		effort.report('checking the bytes against the file');
		const smaller = videos.filter(({ sizeMiB }) => sizeMiB <= MAX_VERIFIED_MIB);
		const fails = ({ name }: Way, { sizeMiB }: VideoFile): boolean => knownFailure(runs, name, sizeMiB) !== undefined;
		const verified = await verify(WAYS, smaller, files, fails);
		const ways = WAYS.map(({ name, label }) => ({ name, label }));
		return { sizesMiB, ways, floorChunkKiB: FLOOR_CHUNK_KIB, runs, verified };
	});
}
