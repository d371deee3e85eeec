import { run } from '../../harness/processes';
import { median } from '../report/statistics';
import type { Effort } from '../section';
import { forgetFiles } from './coldCache';
import { loadOnce } from './loads';
import type { Loaded, Stage, Subject } from './loads';
import type { Load, StageName } from './raw';

/** A Node.js to load with. */
export interface Runtime {
	executable: string;
	isNodeOfN8n: boolean;
}

/** One load is short, and the machine has other work. */
const MIN_RUNS = 15;
const QUICK_RUNS = 3;

export const runsOf = ({ runs, quick }: Effort): number => (quick ? QUICK_RUNS : Math.max(runs, MIN_RUNS));

/**
 * Loads a subject repeatedly, each time in a new process; the first load does not count. Returns the cost when n8n
 * starts, and that of the first run if something is left to load.
 */
export async function measureLoad(subject: Subject, runtime: Runtime, cache: Load['cache'], effort: Effort): Promise<Load[]> {
	const node = await run(runtime.executable, ['--version']);
	const first = await loadOnce(runtime.executable, subject);
	const files = [...first.atStart.files, ...first.withFirstRun.files].map(({ file }) => file);
	const all: Loaded[] = [];
	const runs = runsOf(effort);
	while (all.length < runs) {
		effort.report(`${subject.name}, ${node}, ${cache}: ${all.length + 1} of ${runs}`);
		if (cache === 'cold') await forgetFiles(files);
		all.push(await loadOnce(runtime.executable, subject));
	}
	const { name, isOurs } = subject;
	const known = { subject: name, isOurs, node, isNodeOfN8n: runtime.isNodeOfN8n, cache };
	const stages: StageName[] = first.withFirstRun.files.length > 0 ? ['atStart', 'withFirstRun'] : ['atStart'];
	return stages.map((stage) => ({ ...known, stage, ...summary(all.map((loaded) => loaded[stage])) }));
}

function summary(all: Stage[]) {
	const middle = (of: (stage: Stage) => number): number => median(all.map(of));
	const total = ({ requireMs, constructMs }: Stage): number => requireMs + constructMs;
	return {
		runs: all.length,
		ms: middle(total),
		fastestMs: Math.min(...all.map(total)),
		requireMs: middle(({ requireMs }) => requireMs),
		constructMs: middle(({ constructMs }) => constructMs),
		heapMiB: middle(({ heapMiB }) => heapMiB),
		residentMiB: middle(({ residentMiB }) => residentMiB),
		files: middle(({ files }) => files.length),
		fileBytes: middle(({ files }) => files.reduce((sum, { bytes }) => sum + bytes, 0)),
	};
}
