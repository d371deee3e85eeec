/** Compares a run with the expected outcome, and describes the differences. */
import type { IDataObject } from 'n8n-workflow';
import { ITEMS, type Cell } from './cells';
import { expectedOf, type FaultCase, type Facts } from './expected';
import { isFalseRefusal } from './row';
import type { MatrixRun } from './run';
import { reportedBy, type Reported } from './reported';

/** The content of a cell of the table, and its problems. */
export interface RowFinding {
	facts: Facts;
	problems: string[];
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** No task may be lost: its ID is reported and logged, or its `request_id` is. */
function* lostTasks({ outcome, tasks }: MatrixRun, reported: Reported, { states }: Facts): Generator<string> {
	const log = outcome.log('info').join('\n');
	const where = outcome.error ? reported.message : reported.words;
	for (const [n, made] of tasks.entries()) {
		for (const [k, { taskId, requestId }] of made.entries()) {
			// Only the last response can name a task: an earlier one is known by its request only.
			const reachedUs = states[n] === 'submitted' && k === made.length - 1;
			if (reachedUs && !where.includes(taskId)) yield `item ${n}: its task is neither in an output nor in the error`;
			if (reachedUs && !log.includes(taskId)) yield `item ${n}: its task is not in the log`;
			if (!reachedUs && !reported.words.includes(requestId ?? taskId)) yield `item ${n}: its request_id is not reported`;
		}
	}
}

/** Each input item is output once, at the right output, with the task of its own video. */
function* wrongPairs({ outcome, tasks }: MatrixRun, { items }: Reported, { mode }: Cell): Generator<string> {
	if (outcome.error) return;
	const numbers = items.map(({ of }) => of);
	const all = Array.from({ length: ITEMS }, (_, n) => n);
	if (!isSame(numbers, all)) yield `the outputs are paired with ${numbers.join(', ')}`;
	for (const { of, behind, json } of items) {
		const details = json['details'] as IDataObject | undefined;
		const wanted = details && mode === 'error output' ? 'Failed' : 'Done';
		if (behind !== wanted) yield `item ${of}: output at ${behind}`;
		const own = tasks[of]?.at(-1);
		if (!details && json['task_id'] !== own?.taskId) yield `item ${of}: output with the task of another item`;
		const requestId = details?.['request_id'];
		if (details?.['status'] === 'uncertain' && !requestId) yield `item ${of}: is uncertain and has no request_id`;
		if (details && own && requestId !== own.requestId) yield `item ${of}: output with the request_id of another item`;
	}
}

function* wrongFacts(fault: FaultCase, facts: Facts, expected: Facts): Generator<string> {
	for (const key of ['tasks', 'states', 'fails'] as const) {
		if (!isSame(facts[key], expected[key])) yield `${key}: ${String(facts[key])}, expected ${String(expected[key])}`;
	}
	const twice = facts.tasks.findIndex((count) => count > 1);
	if (twice >= 0 && !isFalseRefusal(fault.row)) yield `item ${twice}: was paid for twice`;
}

/** All checks of a run. */
export function checkRow(fault: FaultCase, cell: Cell, run: MatrixRun): RowFinding {
	const { outcome, tasks, secrets, isHit } = run;
	const expected = expectedOf(fault, cell);
	const reported = reportedBy(outcome, tasks.map((made) => made.map(({ taskId }) => taskId)));
	const facts: Facts = {
		states: reported.states,
		tasks: tasks.map((made) => made.length),
		fails: outcome.error !== undefined,
	};
	const problems = [
		...wrongFacts(fault, facts, expected),
		...lostTasks(run, reported, expected),
		...wrongPairs(run, reported, cell),
	];
	const notTried = expected.states.filter((state) => state === 'not_tried').length;
	if (reported.notTried !== notTried) problems.push(`reports ${reported.notTried} items that were not tried, expected ${notTried}`);
	if (!isHit) problems.push('the fault did not happen');
	if (secrets.some((secret) => outcome.everything.includes(secret))) problems.push('a secret is visible');
	return { facts, problems };
}
