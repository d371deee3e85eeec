import { relative } from 'node:path';
import { median } from '../report/statistics';
import type { Effort } from '../section';
import { loadOnce } from './loads';
import type { Loaded, Subject } from './loads';
import { runsOf } from './measure';
import type { Runtime } from './measure';
import type { ModuleTime, StageName, Where } from './raw';

/** Measures each module's own time, as the median of several runs. */
export async function measureWhere(subject: Subject, runtime: Runtime, effort: Effort): Promise<Where> {
	const all: Loaded[] = [];
	const runs = runsOf(effort);
	while (all.length < runs) {
		effort.report(`${subject.name}: where the time goes, ${all.length + 1} of ${runs}`);
		all.push(await loadOnce(runtime.executable, subject, true));
	}
	const modules = (stage: StageName) => merged(all.map((loaded) => loaded[stage].traced ?? [])).map(named(subject)).sort((a, b) => totalMs(b) - totalMs(a));
	return { atStart: modules('atStart'), withFirstRun: modules('withFirstRun') };
}

/** A module's own time, in milliseconds. */
export function totalMs({ resolveMs, readMs, compileMs, runMs }: ModuleTime): number {
	return resolveMs + readMs + compileMs + runMs;
}

/** Every run loads the same modules, so the first one names them all. */
function merged(traces: ModuleTime[][]): ModuleTime[] {
	return (traces[0] ?? []).map(({ file }) => {
		const times = traces.flatMap((trace) => trace.filter((time) => time.file === file));
		const step = (of: (time: ModuleTime) => number): number => median(times.map(of));
		return {
			file,
			resolveMs: step(({ resolveMs }) => resolveMs),
			readMs: step(({ readMs }) => readMs),
			compileMs: step(({ compileMs }) => compileMs),
			runMs: step(({ runMs }) => runMs),
		};
	});
}

/** Modules by their path in the package, or in a dependency, wherever it is installed. */
const named = ({ folder }: Subject) => (time: ModuleTime): ModuleTime => ({
	...time,
	file: time.file.startsWith(folder) ? relative(folder, time.file) : time.file.replace(/^.*node_modules\//, ''),
});
