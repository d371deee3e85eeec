import { removeFolder, temporaryFolder } from '../../harness/guard';
import type { Effort } from '../section';
import { measureWay, type Amount } from './measureWay';
import type { Raw } from './raw';
import { waysFor } from './ways';

const AMOUNT: Amount = { tasks: 200, waitSeconds: 30, pollSeconds: 10, callsPerSecond: 4, settleSeconds: 20, idleSeconds: 8 };

const QUICK: Amount = { tasks: 10, waitSeconds: 5, pollSeconds: 2, callsPerSecond: 10, settleSeconds: 1, idleSeconds: 2 };

/** Each way takes two minutes, and its figures hardly differ from run to run. */
const MAX_RUNS = 1;

/** Measures the section. */
export async function measure({ runs, quick, report }: Effort): Promise<Raw> {
	const amount = quick ? QUICK : AMOUNT;
	const { tasks, waitSeconds, pollSeconds, callsPerSecond } = amount;
	const times = Math.min(runs, MAX_RUNS);
	const ways = waysFor(tasks);
	const raw: Raw = {
		tasks,
		waitSeconds,
		pollSeconds,
		callsPerSecond,
		ways: ways.map(({ name, label, executions, waitsFor }) => ({ name, label, executions, waitsFor })),
		runs: [],
	};
	const files = await temporaryFolder('bench-waiting');
	try {
		for (let run = 1; run <= times; run += 1) {
			for (const way of ways) {
				report(`run ${run} of ${times}: ${way.label}, executions: ${way.executions}`);
				raw.runs.push({ way: way.name, run, result: await measureWay(way, amount, files) });
			}
		}
	} finally {
		await removeFolder(files);
	}
	return raw;
}
