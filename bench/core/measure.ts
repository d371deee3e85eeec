import { removeFolder, temporaryFolder } from '../../harness/guard';
import { startService } from '../machine/service';
import { videoFile, type VideoFile } from '../machine/videoFile';
import type { Effort } from '../section';
import { compile } from './compile';
import { casesOf, checksOf } from './plan';
import { hasFailed, type Check, type Raw, type Row } from './results';
import { checkCase, runCase, measureMemoryCase, type RunContext } from './runCase';
import { NAMES, type Case } from './ways';

type Shared = Omit<RunContext, 'service'>;

const words = ({ way, sizeMiB, heapMiB, binaryMode }: Case): string =>
	`${NAMES[way]}, ${sizeMiB} MiB${binaryMode === 'default' ? ' in the item' : ''}${heapMiB > 0 ? `, heap of ${heapMiB} MiB` : ''}`;

/** Measures round by round, so that a temporary slowdown of the machine affects all ways. */
async function measureRows(cases: Case[], { runs, report }: Effort, where: RunContext): Promise<Row[]> {
	const rows = cases.map((of): Row => ({ ...of, runs: [] }));
	for (let round = 1; round <= runs; round += 1) {
		for (const row of rows.filter(({ failed }) => failed === undefined)) {
			report(`run ${round} of ${runs}: ${words(row)}`);
			const taken = await runCase(row, where);
			if (hasFailed(taken)) row.failed = taken.failed;
			else row.runs.push(taken);
		}
	}
	for (const row of rows.filter(({ way, failed }) => way !== 'bare' && failed === undefined)) {
		report(`garbage collections: ${words(row)}`);
		row.memory = await measureMemoryCase(row, where);
	}
	return rows;
}

async function makeChecks(cases: Case[], { report }: Effort, where: RunContext): Promise<Check[]> {
	const checks: Check[] = [];
	for (const of of cases) {
		report(`byte for byte: ${words(of)}`);
		checks.push({ ...of, isSame: await checkCase(of, where) });
	}
	return checks;
}

async function withService<T>(bodies: 'count' | 'check', shared: Shared, work: (where: RunContext) => Promise<T>): Promise<T> {
	const service = await startService({ bodies });
	try {
		return await work({ ...shared, service });
	} finally {
		await service.close();
	}
}

/** Measures all cases, each run in a new process. */
export async function measure(effort: Effort): Promise<Raw> {
	const { quick, report } = effort;
	const cases = casesOf(quick);
	const folder = await temporaryFolder('bench-videos');
	const compiled = await compile();
	try {
		const files = new Map<number, VideoFile>();
		for (const size of new Set([1, ...cases.map(({ sizeMiB }) => sizeMiB)])) {
			report(`writing a file of ${size} MiB`);
			files.set(size, await videoFile(folder, size));
		}
		const rows = await withService('count', { compiled, files }, async (where) => await measureRows(cases, effort, where));
		const checks = await withService('check', { compiled, files }, async (where) => await makeChecks(checksOf(quick), effort, where));
		return { rows, checks };
	} finally {
		await removeFolder(compiled);
		await removeFolder(folder);
	}
}
