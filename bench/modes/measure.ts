import { removeFolder, temporaryFolder } from '../../harness/guard';
import { withVideos } from '../machine/videoFolder';
import type { Effort } from '../section';
import { measureMode } from './measureMode';
import { MODES } from './modes';
import { hasFailed, type ModeRun, type Raw } from './raw';

const SIZE_MIB = 100;
const QUICK_SIZE_MIB = 2;
const SMALL_MIB = 1;

/** Measures all modes in turn, so that a slowdown of the machine affects all of them. */
export async function measure({ runs: times, quick, report }: Effort): Promise<Raw> {
	const sizeMiB = quick ? QUICK_SIZE_MIB : SIZE_MIB;
	return await withVideos([SMALL_MIB, sizeMiB], async ([small, large], files) => {
		if (small === undefined || large === undefined) throw new Error('There are no videos');
		const runs: ModeRun[] = [];
		const failed = new Set<string>();
		for (let run = 1; run <= times; run += 1) {
			for (const mode of MODES.filter(({ name }) => !failed.has(name))) {
				report(`run ${run} of ${times}: ${sizeMiB} MiB, ${mode.label}`);
				const sharedFolder = await temporaryFolder('bench-shared');
				const result = await measureMode(mode, { large, small, files, sharedFolder }).finally(
					async () => await removeFolder(sharedFolder),
				);
				if (hasFailed(result)) failed.add(mode.name);
				runs.push({ mode: mode.name, run, result });
			}
		}
		return { sizeMiB, modes: MODES.map(({ name, label }) => ({ name, label })), runs };
	});
}
