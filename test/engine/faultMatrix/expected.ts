/** The expected outcome of a run, from the money rules alone: it uses nothing of the node. */
import { ITEMS, MAX_ATTEMPTS, type Cell } from './cells';
import type { MatrixRow } from './row';

/** The reported status of an item. */
export type State = 'submitted' | 'refused' | 'uncertain' | 'not_tried';

/** The outcome of each item, by its index. */
export interface Facts {
	states: State[];
	/** The number of tasks that the service created for it. */
	tasks: number[];
	/** Whether the execution ended with an error. */
	fails: boolean;
}

/** An active fault: it affects the first request of one item, and all later requests if it lasts. */
export interface FaultCase {
	row: MatrixRow;
	lasts: boolean;
}

/** Sends one item until its response is final. */
function sendItem({ row, lasts }: FaultCase, isHit: boolean): { state: State; tasks: number } {
	const tasks = row.makesTask ? 1 : 0;
	if (!isHit) return { state: 'submitted', tasks: 1 };
	if (row.means === 'accepted') return { state: 'submitted', tasks };
	if (row.means === 'uncertain') return { state: 'uncertain', tasks };
	if (row.means === 'retryable' && !lasts) return { state: 'submitted', tasks: tasks + 1 };
	return { state: 'refused', tasks };
}

/** Runs the node once: accepted and uncertain items are not sent again. */
function runOnce(fault: FaultCase, { mode, position }: Cell, facts: Facts, attempt: number): Facts {
	const { states, tasks } = { states: [...facts.states], tasks: [...facts.tasks] };
	const runEnds = (state: State) => state !== 'submitted' && (mode === 'stop' || (state === 'refused' && fault.row.endsRun));
	let ended = false;
	for (let i = 0; i < ITEMS; i++) {
		const before = states[i];
		if (before === 'submitted' || before === 'uncertain') {
			ended ||= runEnds(before) === true;
			continue;
		}
		states[i] = 'not_tried';
		if (ended) continue;
		const isHit = fault.lasts ? i >= position : i === position && attempt === 1;
		const sent = sendItem(fault, isHit);
		states[i] = sent.state;
		tasks[i] = (tasks[i] ?? 0) + sent.tasks;
		ended = runEnds(sent.state) === true;
	}
	return { states, tasks, fails: mode === 'stop' && states.some((state) => state !== 'submitted') };
}

/** n8n runs the node again if it threw, or if its first output item is a failed one. */
const runsAgain = ({ mode }: Cell, { states, fails }: Facts): boolean =>
	mode === 'stop' ? fails : states[0] !== 'submitted';

/**
 * The expected outcome of the items at the end of a run.
 * - An accepted or uncertain item is never sent again, a refused one in each attempt.
 * - A temporary refusal is retried within the attempt, and is accepted unless the fault lasts.
 * - Without "continue on fail" the first failure ends the run, and so does a fatal refusal.
 */
export function expectedOf(fault: FaultCase, cell: Cell): Facts {
	let facts: Facts = { states: [], tasks: Array.from({ length: ITEMS }, () => 0), fails: false };
	for (let attempt = 1; attempt <= (cell.retry ? MAX_ATTEMPTS : 1); attempt++) {
		facts = runOnce(fault, cell, facts, attempt);
		if (!runsAgain(cell, facts)) break;
	}
	return facts;
}
