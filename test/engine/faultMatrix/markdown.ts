/** Creates the page with the matrix. */
import { COLUMNS, ITEMS, POSITIONS, type Cell } from './cells';
import type { FaultCase, Facts, State } from './expected';
import { isFalseRefusal } from './row';
import { CASES } from './rows';

/** The result of one cell. */
export interface Found {
	cell: Cell;
	facts: Facts;
}

/** All cells of one fault. */
export interface FoundRow {
	fault: FaultCase;
	found: Found[];
}

const LEGEND = `# What each fault does to a run

HiDream or the network can fail in many ways. This page shows what each fault does to your videos and your credits.
The tests write it: each cell is the result of a run of the node in n8n's engine against the fake HiDream server,
with ${ITEMS} items, one after the other. A test fails if the page is out of date; \`npm run docs:faults\` updates it.

**Rows.** The fault hits one request: the first one for the first, the third or the fifth item. A fault that is "lasting" hits
all later requests too. *Means* is how the node must classify the response, as in
[What each response means](errors.md#what-each-response-means); a *retryable* refusal is repeated by the node
itself. *Task* says whether HiDream created a task.

**Columns.** The node's "On Error": *stop*, *continue*, or *error output*; *+ retry* is with Retry On Fail, three attempts.
Each of these columns shows three runs; in rows whose last column is empty, except lasting faults, one run with
the fault at the third item. The last column is one run of Submit and Wait, by polling, with *continue*
and the fault at the third item.

**Cells.** How many tasks HiDream has at the end, all of which are paid for, and how many items were not output as submitted.
Three numbers are for the fault at the first / third / fifth item, if the position makes a difference.
"5/4/4 tasks · 0/1/1 refused" means: 5 tasks and nothing refused with the fault at the first item, otherwise 4 tasks and one
item refused. An uncertain item may have a task; if *Task* is yes, it has one, and it is counted.
With *stop*, a run with an item that was not submitted ends with an error.

For each run the test also checks:

- No item has two tasks, except under "False refusals".
- The ID of each task whose response arrived is in an output or in the error's message, and in the log.
- A task whose response never arrived can be found, because its \`request_id\` is in an output or in the error.
- Each output is paired with its input and contains the task of that input's own video.
- Each input is output once, at the right output, unless an error ends the run.
- No token and no key is visible anywhere.
`;

const FALSE_REFUSALS = `
## False refusals

In these rows HiDream says that it created no task, although it did. No client can know, and the node believes it:
a refused item is sent again and is then paid for twice. HiDream is not known to do this.
`;

/** One number, or one for each position if they differ. */
function numbers(counts: number[]): string {
	return new Set(counts).size === 1 ? String(counts[0]) : counts.join('/');
}

/** The text of one cell of the table, for the runs at all positions. */
export function cellText(found: Facts[]): string {
	const count = (state: State) => found.map(({ states }) => states.filter((each) => each === state).length);
	const parts: Array<[string, number[]]> = [
		['refused', count('refused')],
		['uncertain', count('uncertain')],
		['not tried', count('not_tried')],
		['paid twice', found.map(({ tasks }) => tasks.filter((each) => each > 1).length)],
	];
	const tasks = found.map((facts) => facts.tasks.reduce((sum, each) => sum + each, 0));
	const rest = parts.filter(([, counts]) => counts.some((each) => each > 0)).map(([name, counts]) => `${numbers(counts)} ${name}`);
	return [`${numbers(tasks)} tasks`, ...rest].join(' · ');
}

/** The name of a row in the table and of its test. */
export const nameOf = ({ row, lasts }: FaultCase): string => (lasts ? `${row.name}, lasting` : row.name);

function line({ fault, found }: FoundRow): string {
	const submits = COLUMNS.map(({ mode, retry }) =>
		POSITIONS.flatMap((position) =>
			found
				.filter(({ cell }) => cell.operation === 'submit' && cell.mode === mode && cell.retry === retry && cell.position === position)
				.map(({ facts }) => facts),
		),
	);
	const waits = found.filter(({ cell }) => cell.operation === 'submitAndWait').map(({ facts }) => facts);
	const cells = [...submits, waits].map((facts) => (facts.length === 0 ? '' : cellText(facts)));
	return `| ${[nameOf(fault), fault.row.means, fault.row.makesTask ? 'yes' : 'no', ...cells].join(' | ')} |`;
}

function table(lines: string[]): string {
	const columns = COLUMNS.map(({ mode, retry }) => (retry ? `${mode} + retry` : mode));
	const head = ['fault', 'means', 'task', ...columns, 'Submit and Wait'];
	return [`| ${head.join(' | ')} |`, `|${head.map(() => '---').join('|')}|`, ...lines].join('\n');
}

/** The whole page: the given rows with their new results, all others unchanged. */
export function matrixPage(found: FoundRow[], before: string): string {
	const lines = new Map(before.split('\n').map((text) => [text.split(' | ')[0], text]));
	for (const row of found) {
		const text = line(row);
		lines.set(text.split(' | ')[0], text);
	}
	const linesOf = (cases: FaultCase[]) => cases.map((fault) => lines.get(`| ${nameOf(fault)}`) ?? `| ${nameOf(fault)} | not run |`);
	const [honest, falseRefusals] = [CASES.filter(({ row }) => !isFalseRefusal(row)), CASES.filter(({ row }) => isFalseRefusal(row))];
	return `${LEGEND}\n## The matrix\n\n${table(linesOf(honest))}\n${FALSE_REFUSALS}\n${table(linesOf(falseRefusals))}\n`;
}
