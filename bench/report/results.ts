import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Machine } from './machine';

/** What one section measured, as its file has it. */
export interface Results {
	section: string;
	/** When it was measured, in UTC. */
	date: string;
	/** Each figure is the median of so many runs. */
	runs: number;
	machine: Machine;
	raw: unknown;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Understands a file of results; throws, with what is wrong, where it is none of this section. */
export function parseResults(text: string, section: string): Results {
	const fail = (what: string): never => {
		throw new Error(`These are no results of "${section}": ${what}. Measure it again.`);
	};
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return fail('not JSON');
	}
	if (!isObject(value)) return fail('not an object');
	if (value['section'] !== section) return fail(`they say to be of "${String(value['section'])}"`);
	const { date, runs, machine, raw } = value;
	if (typeof date !== 'string' || Number.isNaN(Date.parse(date))) return fail('no date');
	if (typeof runs !== 'number' || !isObject(machine) || !isObject(raw)) return fail('"runs", "machine" or "raw" is missing');
	return { section, date, runs, machine: machine as unknown as Machine, raw };
}

/** The results in this file; undefined where it was never measured. */
export async function readResults(file: string, section: string): Promise<Results | undefined> {
	let text: string;
	try {
		text = await readFile(file, 'utf8');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
		throw error;
	}
	return parseResults(text, section);
}

/** Enough for every figure here; more would be noise, and noise in every later change of the file. */
const DIGITS = 6;

const rounded = (_name: string, value: unknown): unknown =>
	typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(DIGITS)) : value;

/** Writes results; counts stay as they are, all else is rounded. */
export async function writeResults(file: string, results: Results): Promise<void> {
	await mkdir(dirname(file), { recursive: true });
	await writeFile(file, `${JSON.stringify(results, rounded, '\t')}\n`);
}
