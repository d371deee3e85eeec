import type { Table } from '../section';
import type { Load, ModuleTime, StageName, StartupRaw } from './raw';
import { totalMs } from './where';

const SLOWEST = 12;

/** Milliseconds, with about three digits. */
export const ms = (value: number): string => value.toFixed(value < 10 ? 2 : 1);
/** An integer with thousands separators. */
export const whole = (value: number): string => value.toLocaleString('en');
const mib = (value: number): string => value.toFixed(2);

const STAGES: Record<StageName, string> = { atStart: 'when n8n starts', withFirstRun: 'with the first run' };

const runtimeOf = ({ node, isNodeOfN8n }: Load): string => (isNodeOfN8n ? `${node} (n8n's)` : node);

function loadTable({ loads }: StartupRaw): Table {
	return {
		caption: 'Loading, in a new process that has n8n-workflow already',
		head: ['what', 'when', 'Node.js', 'file cache', 'ms', 'fastest, ms', 'require, ms', 'construct, ms', 'heap, MiB', 'resident, MiB', 'files', 'KB of files'],
		rows: loads.map((load) => [
			load.subject,
			STAGES[load.stage],
			runtimeOf(load),
			load.cache,
			ms(load.ms),
			ms(load.fastestMs),
			ms(load.requireMs),
			ms(load.constructMs),
			mib(load.heapMiB),
			mib(load.residentMiB),
			whole(load.files),
			whole(Math.round(load.fileBytes / 1000)),
		]),
	};
}

const steps = (time: ModuleTime): string[] => [time.resolveMs, time.readMs, time.compileMs, time.runMs, totalMs(time)].map(ms);

const sum = (times: ModuleTime[]): ModuleTime =>
	times.reduce(
		(all, { resolveMs, readMs, compileMs, runMs }) => ({
			file: '',
			resolveMs: all.resolveMs + resolveMs,
			readMs: all.readMs + readMs,
			compileMs: all.compileMs + compileMs,
			runMs: all.runMs + runMs,
		}),
		{ file: '', resolveMs: 0, readMs: 0, compileMs: 0, runMs: 0 },
	);

/** The medians of the modules nearly add up to the median of the whole. */
function whereTable({ where }: StartupRaw, stage: StageName): Table {
	const modules = where[stage];
	const rest = modules.slice(SLOWEST);
	return {
		caption: `Where the time goes ${STAGES[stage]}: each module's own (measuring it takes some time itself)`,
		head: ['module', 'find, ms', 'read, ms', 'compile, ms', 'run, ms', 'all, ms'],
		rows: [
			...modules.slice(0, SLOWEST).map((time) => [time.file, ...steps(time)]),
			...(rest.length > 0 ? [[`${rest.length} more`, ...steps(sum(rest))]] : []),
			['all', ...steps(sum(modules))],
		],
	};
}

function tarballTable({ tarball }: StartupRaw): Table {
	const { packedBytes, unpackedBytes, files, largest } = tarball;
	return {
		caption: 'The package and its largest files',
		head: ['file', 'bytes', 'bytes, gzip alone'],
		rows: [
			[`the package (${files} files)`, whole(unpackedBytes), whole(packedBytes)],
			...largest.map(({ file, bytes, gzipBytes }) => [file, whole(bytes), whole(gzipBytes)]),
		],
	};
}

export const tables = (raw: StartupRaw): Table[] => [loadTable(raw), whereTable(raw, 'atStart'), whereTable(raw, 'withFirstRun'), tarballTable(raw)];
