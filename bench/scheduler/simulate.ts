import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidArgumentError, program } from 'commander';
import { measure, measureExact, SIMULATED_PER_MINUTE } from './measure';
import type { Measured, Setting } from './measure';
import { plotOf } from './plot';
import { tableOf } from './table';

const TARGET = 1.02;
const ROUNDING = 1e-9;
const LEVELS = [1, 3, 5, 7, 10];
const WORKERS = [1, 2, 4, 8];
const POLL_MS = 10_000;
const EXACT_CASES = 240;
const EXACT_TASKS = 8;

const whole = (text: string): number => {
	if (/^\d+$/.test(text)) return Number(text);
	throw new InvalidArgumentError('Must be an integer.');
};

const wholes = (text: string): number[] => text.split(',').map(whole);

program
	.name('npm run simulate --')
	.description("Runs the node's scheduler with a simulated clock, against a service that enforces its limits to the millisecond.")
	.option('--seed <number>', 'seed of the random numbers', whole, 1)
	.option('--tasks <numbers>', 'sizes of the batches', wholes, [1_000, 10_000, 100_000])
	.option('--no-write', 'do not change docs/scheduler.svg and bench/scheduler/results.json');

async function all(title: string, settings: Setting[]): Promise<Measured[]> {
	const rows: Measured[] = [];
	for (const [n, setting] of settings.entries()) {
		process.stderr.write(`\r${title}: ${n + 1} of ${settings.length} `);
		rows.push(await measure(setting));
	}
	process.stderr.write('\n');
	console.log(`${title}\n${tableOf(rows)}\n`);
	return rows;
}

async function main(): Promise<number> {
	const { seed, tasks, write } = program.parse().opts<{ seed: number; tasks: number[]; write: boolean }>();
	const [small = 1_000] = tasks;
	const levels = await all('One worker; knows the end of a task immediately', tasks.flatMap((count) => LEVELS.map((parallelTasks) => ({ tasks: count, parallelTasks, seed }))));
	const polled = await all('One worker, polling every 10 s', LEVELS.map((parallelTasks) => ({ tasks: small, parallelTasks, pollMs: POLL_MS, seed })));
	const many = (own: boolean) => WORKERS.map((workers) => ({
		tasks: small,
		parallelTasks: 10,
		workers,
		pollMs: POLL_MS,
		seed,
		own: own ? { tasksPerMinute: SIMULATED_PER_MINUTE / workers, parallelTasks: Math.max(1, Math.floor(10 / workers)) } : undefined,
	}));
	const unaware = await all('Several workers, each with the full limits', many(false));
	const divided = await all('Several workers, the limits divided among them', many(true));
	const curve = await all('One worker, every number of parallel tasks', Array.from({ length: 10 }, (_, n) => ({ tasks: small, parallelTasks: n + 1, seed })));
	const exact = await measureExact(EXACT_CASES, EXACT_TASKS, seed);
	console.log(`${exact.cases} batches of 1 to ${EXACT_TASKS} tasks compared with an exact search: at worst ${exact.worstInOrder.toFixed(3)} of the shortest schedule in order, on average ${exact.meanInAnyOrder.toFixed(3)} of the shortest that knows the future`);
	if (write) {
		await writeFile(join('bench', 'scheduler', 'results.json'), `${JSON.stringify({ seed, levels, polled, unaware, divided, curve, exact }, undefined, '\t')}\n`);
		await writeFile(join('docs', 'scheduler.svg'), plotOf(curve, [{ name: 'each with the full limits', rows: unaware }, { name: 'the limits divided', rows: divided }]));
	}
	const misses = levels.filter(({ overBest, gaveUp }) => overBest > TARGET || gaveUp > 0);
	const isExact = exact.worstInOrder <= 1 + ROUNDING;
	console.log(misses.length === 0 && isExact ? `All within ${TARGET} of the best.` : 'A TARGET IS MISSED.');
	return misses.length === 0 && isExact ? 0 : 1;
}

void main().then((code) => (process.exitCode = code));
