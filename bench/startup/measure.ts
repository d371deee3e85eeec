import { relative } from 'node:path';
import { run } from '../../harness/processes';
import { median } from '../report/statistics';
import type { Effort } from '../section';
import { forgetFiles } from './coldCache';
import { loadOnce } from './loads';
import type { Loaded, Subject } from './loads';
import type { Load, ModuleTime, Where } from './raw';

/** A Node.js to load with. */
export interface Runtime {
	executable: string;
	isNodeOfN8n: boolean;
}

/** One load is short, and the machine does other things too. */
const FEWEST_RUNS = 15;
const QUICK_RUNS = 3;

const runsOf = ({ runs, quick }: Effort): number => (quick ? QUICK_RUNS : Math.max(runs, FEWEST_RUNS));

const middle = (all: Loaded[], of: (loaded: Loaded) => number): number => median(all.map(of));

/** Loads a subject again and again, each time in a fresh process; the first time is not counted. */
export async function measureLoad(subject: Subject, runtime: Runtime, cache: Load['cache'], effort: Effort): Promise<Load> {
	const { executable, isNodeOfN8n } = runtime;
	const node = await run(executable, ['--version']);
	const [first] = [await loadOnce(executable, subject)];
	const all: Loaded[] = [];
	const runs = runsOf(effort);
	while (all.length < runs) {
		effort.report(`${subject.name}, ${node}, ${cache}: ${all.length + 1} of ${runs}`);
		if (cache === 'cold') await forgetFiles(first.files.map(({ file }) => file));
		all.push(await loadOnce(executable, subject));
	}
	const total = ({ requireMs, constructMs }: Loaded): number => requireMs + constructMs;
	return {
		subject: subject.name,
		isOurs: subject.isOurs,
		node,
		isNodeOfN8n,
		cache,
		runs,
		ms: middle(all, total),
		fastestMs: Math.min(...all.map(total)),
		requireMs: middle(all, ({ requireMs }) => requireMs),
		constructMs: middle(all, ({ constructMs }) => constructMs),
		heapMiB: middle(all, ({ heapMiB }) => heapMiB),
		residentMiB: middle(all, ({ residentMiB }) => residentMiB),
		files: first.files.length,
		fileBytes: first.files.reduce((sum, { bytes }) => sum + bytes, 0),
	};
}

/** Finds out where the time goes: each module's own, the median of several runs, the longest first. */
export async function measureWhere(subject: Subject, runtime: Runtime, effort: Effort): Promise<Where> {
	const traces: ModuleTime[][] = [];
	const runs = runsOf(effort);
	while (traces.length < runs) {
		effort.report(`${subject.name}: where the time goes, ${traces.length + 1} of ${runs}`);
		traces.push((await loadOnce(runtime.executable, subject, true)).traced ?? []);
	}
	const modules = (traces[0] ?? []).map(({ file }) => {
		const times = traces.flatMap((trace) => trace.filter((time) => time.file === file));
		const step = (of: (time: ModuleTime) => number): number => median(times.map(of));
		return {
			file: file.startsWith(subject.folder) ? relative(subject.folder, file) : file.replace(/^.*node_modules\//, ''),
			resolveMs: step(({ resolveMs }) => resolveMs),
			readMs: step(({ readMs }) => readMs),
			compileMs: step(({ compileMs }) => compileMs),
			runMs: step(({ runMs }) => runMs),
		};
	});
	return { modules: modules.sort((a, b) => totalMs(b) - totalMs(a)) };
}

/** A module's own time, in milliseconds. */
export function totalMs({ resolveMs, readMs, compileMs, runMs }: ModuleTime): number {
	return resolveMs + readMs + compileMs + runMs;
}
