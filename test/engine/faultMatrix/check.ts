/** Holds a run against what must have come of it; says in words what is wrong. */
import type { IDataObject } from 'n8n-workflow';
import { ITEMS, type Cell } from './cells';
import { expectedOf, type Case, type Facts } from './expected';
import { isFalseRefusal } from './row';
import type { Run } from './run';
import { toldBy, type Told } from './told';

/** What a cell of the table shows, and everything that is wrong with it. */
export interface Finding {
	facts: Facts;
	problems: string[];
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** No task may be lost: its ID is told and logged, or else the `request_id` under which it can be looked for. */
function* lostTasks({ outcome, tasks }: Run, told: Told, { states }: Facts): Generator<string> {
	const log = outcome.log('info').join('\n');
	const where = outcome.error ? told.message : told.words;
	for (const [n, made] of tasks.entries()) {
		for (const [k, { taskId, requestId }] of made.entries()) {
			// An answer that says yes is the last one: what was made before it is known by its request only.
			const reachedUs = states[n] === 'submitted' && k === made.length - 1;
			if (reachedUs && !where.includes(taskId)) yield `item ${n}: its task is neither in an output nor in the error`;
			if (reachedUs && !log.includes(taskId)) yield `item ${n}: its task is not in the log`;
			if (!reachedUs && !told.words.includes(requestId ?? taskId)) yield `item ${n}: nobody is told its request_id`;
		}
	}
}

/** Each input item comes out once, on the right output, with the task that was made of its own video. */
function* wrongPairs({ outcome, tasks }: Run, { items }: Told, { mode }: Cell): Generator<string> {
	if (outcome.error) return;
	const numbers = items.map(({ of }) => of);
	const all = Array.from({ length: ITEMS }, (_, n) => n);
	if (!isSame(numbers, all)) yield `the items that came out are paired with ${numbers.join(', ')}`;
	for (const { of, behind, json } of items) {
		const details = json['details'] as IDataObject | undefined;
		const wanted = details && mode === 'error output' ? 'Failed' : 'Done';
		if (behind !== wanted) yield `item ${of}: came out at ${behind}`;
		const own = tasks[of]?.at(-1);
		if (!details && json['task_id'] !== own?.taskId) yield `item ${of}: came out with the task of another item`;
		const requestId = details?.['request_id'];
		if (details?.['status'] === 'uncertain' && !requestId) yield `item ${of}: is uncertain and has no request_id`;
		if (details && own && requestId !== own.requestId) yield `item ${of}: came out with the request_id of another item`;
	}
}

function* wrongFacts(fault: Case, facts: Facts, expected: Facts): Generator<string> {
	for (const key of ['tasks', 'states', 'endsBadly'] as const) {
		if (!isSame(facts[key], expected[key])) yield `${key}: ${String(facts[key])}, expected ${String(expected[key])}`;
	}
	const twice = facts.tasks.findIndex((count) => count > 1);
	if (twice >= 0 && !isFalseRefusal(fault.row)) yield `item ${twice}: was paid for twice`;
}

/** Looks at all that must be so after a run. */
export function check(fault: Case, cell: Cell, run: Run): Finding {
	const { outcome, tasks, secrets, isHit } = run;
	const expected = expectedOf(fault, cell);
	const told = toldBy(outcome, tasks.map((made) => made.map(({ taskId }) => taskId)));
	const facts: Facts = {
		states: told.states,
		tasks: tasks.map((made) => made.length),
		endsBadly: outcome.error !== undefined,
	};
	const problems = [
		...wrongFacts(fault, facts, expected),
		...lostTasks(run, told, expected),
		...wrongPairs(run, told, cell),
	];
	const notTried = expected.states.filter((state) => state === 'not_tried').length;
	if (told.notTried !== notTried) problems.push(`told that ${told.notTried} items were not tried, expected ${notTried}`);
	if (!isHit) problems.push('the fault did not happen');
	if (secrets.some((secret) => outcome.everything.includes(secret))) problems.push('a secret can be seen');
	return { facts, problems };
}
