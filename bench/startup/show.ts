import { barChart } from '../report/chart';
import type { Plot, Table, Target } from '../section';
import { totalMs } from './measure';
import type { Load, ModuleTime, StartupRaw } from './raw';

const TARGET_BYTES = 60_000;
const TARGET_MS = 10;
const SLOWEST = 15;

const ms = (value: number): string => value.toFixed(value < 10 ? 2 : 1);
const whole = (value: number): string => value.toLocaleString('en');
const mib = (value: number): string => value.toFixed(2);

const runtimeOf = ({ node, isNodeOfN8n }: Load): string => (isNodeOfN8n ? `${node} (n8n's)` : node);

function loadTable({ loads }: StartupRaw): Table {
	return {
		caption: 'Loading, in a fresh process that has n8n-workflow already',
		head: ['what', 'Node.js', 'file cache', 'ms', 'fastest, ms', 'require, ms', 'construct, ms', 'heap, MiB', 'resident, MiB', 'files', 'KB of files'],
		rows: loads.map((load) => [
			load.subject,
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

/** The median of each module's time adds up to a little less than the median of the whole. */
function whereTable({ where: { modules } }: StartupRaw): Table {
	const sum = (list: ModuleTime[]): ModuleTime =>
		list.reduce(
			(all, time) => ({
				file: '',
				resolveMs: all.resolveMs + time.resolveMs,
				readMs: all.readMs + time.readMs,
				compileMs: all.compileMs + time.compileMs,
				runMs: all.runMs + time.runMs,
			}),
			{ file: '', resolveMs: 0, readMs: 0, compileMs: 0, runMs: 0 },
		);
	const rest = modules.slice(SLOWEST);
	return {
		caption: 'Where the time goes (own time of each module; watching it costs some time itself)',
		head: ['module', 'find, ms', 'read, ms', 'compile, ms', 'run, ms', 'all, ms'],
		rows: [
			...modules.slice(0, SLOWEST).map((time) => [time.file, ...steps(time)]),
			[`${rest.length} more`, ...steps(sum(rest))],
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

export const tables = (raw: StartupRaw): Table[] => [loadTable(raw), whereTable(raw), tarballTable(raw)];

/** Loading by subject, on n8n's Node.js. */
export function plots({ loads }: StartupRaw): Plot[] {
	const shown = loads.filter(({ isNodeOfN8n }) => isNodeOfN8n);
	const subjects = [...new Set(shown.map(({ subject }) => subject))];
	const figures = (cache: Load['cache']) =>
		subjects.map((subject) => shown.find((load) => load.subject === subject && load.cache === cache)?.ms ?? { failed: 'not measured' });
	const option = barChart({
		title: "Time to load, on n8n's Node.js",
		categories: { name: '', values: subjects },
		measure: 'milliseconds',
		logarithmic: true,
		rows: [
			{ name: 'files in the cache', figures: figures('warm') },
			{ name: 'files on the disk', figures: figures('cold') },
		],
	});
	return [{ name: 'startup', alt: "Time to load this package and nodes of n8n's own, with the files in the cache and on the disk", height: 360, option }];
}

/** What the design promises of size and loading. */
export function targets({ tarball, loads }: StartupRaw): Target[] {
	const load = loads.find(({ isOurs, isNodeOfN8n, cache }) => isOurs && isNodeOfN8n && cache === 'warm');
	if (!load) throw new Error("loading this package on n8n's Node.js was not measured");
	return [
		{
			measure: 'size of the package, packed',
			target: `≤ ${whole(TARGET_BYTES)} bytes`,
			measured: `${whole(tarball.packedBytes)} bytes`,
			met: tarball.packedBytes <= TARGET_BYTES,
		},
		{
			measure: `loading both nodes and the credential, Node.js ${load.node}, files in the cache`,
			target: `≤ ${TARGET_MS} ms`,
			measured: `${ms(load.ms)} ms`,
			met: load.ms <= TARGET_MS,
		},
	];
}
