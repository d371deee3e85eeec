/** The pace of the durable queue: `npx tsx bench/queue/simulate.ts`. */
import { bestInOrder } from '../scheduler/bounds';
import { randomOf, uniformFloat64 } from '../scheduler/random';
import { terminalTable } from '../report/tables';
import { runRounds } from './rounds';

const TASKS_PER_MINUTE = 2;
const LEVELS = [1, 3, 5, 10];
const SIZES = [60, 1_000, 10_000];

/** As measured in queue mode on two cores, see docs/run-hundreds-of-videos.md. */
const ROUND_MS = 1_000;

const jobs = (count: number) => {
	const random = randomOf(1);
	return Array.from({ length: count }, () => ({ uploadMs: 0, acceptedAt: 0, runMs: 120_000 + 60_000 * uniformFloat64(random) }));
};

const rows = SIZES.flatMap((count) =>
	LEVELS.map((parallelTasks) => {
		const batch = jobs(count);
		const limits = { tasksPerMinute: TASKS_PER_MINUTE, parallelTasks };
		const { makespanMs, rounds } = runRounds(batch, limits, ROUND_MS);
		return [String(count), String(parallelTasks), (makespanMs / 3_600_000).toFixed(1), (makespanMs / bestInOrder(batch, limits)).toFixed(3), (rounds / count).toFixed(1)];
	}),
);

console.log(terminalTable({ caption: 'Two tasks a minute, tasks of two to three minutes, rounds of one second', head: ['videos', 'parallel tasks', 'hours', 'of the shortest schedule', 'rounds per video'], rows }));
