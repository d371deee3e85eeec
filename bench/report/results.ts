import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Machine } from './machine';

/** The results of one section, as stored in its file. */
export interface BenchResults {
	section: string;
	/** Time of the measurement, in UTC. */
	date: string;
	/** Each figure is the median of this number of runs. */
	runs: number;
	machine: Machine;
	raw: unknown;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Parses a file of results; throws with the reason if it does not belong to this section. */
export function parseResults(text: string, section: string): BenchResults {
	const fail = (what: string): never => {
		throw new Error(`These are not the results of "${section}": ${what}. Measure it again.`);
	};
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return fail('not JSON');
	}
	if (!isObject(value)) return fail('not an object');
	if (value['section'] !== section) return fail(`they belong to "${String(value['section'])}"`);
	const { date, runs, machine, raw } = value;
	if (typeof date !== 'string' || Number.isNaN(Date.parse(date))) return fail('no date');
	if (typeof runs !== 'number' || !isObject(machine) || !isObject(raw)) return fail('"runs", "machine" or "raw" is missing');
	return { section, date, runs, machine: machine as unknown as Machine, raw };
}

/** The results of this file; undefined if it was never measured. */
export async function readResults(file: string, section: string): Promise<BenchResults | undefined> {
	let text: string;
	try {
		text = await readFile(file, 'utf8');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
		throw error;
	}
	return parseResults(text, section);
}

/** Enough for every figure here; more would be noise in every later diff of the file. */
const DIGITS = 6;

const rounded = (_name: string, value: unknown): unknown =>
	typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(DIGITS)) : value;

/** Writes results; counts stay exact, everything else is rounded. */
export async function writeResults(file: string, results: BenchResults): Promise<void> {
	await mkdir(dirname(file), { recursive: true });
	await writeFile(file, `${JSON.stringify(results, rounded, '\t')}\n`);
}
