/**
 * Every fault of the fake HiDream server, at the first, middle and last item, with each "On Error" and with and without
 * Retry On Fail: how many tasks there are, that none is lost and none is paid for twice, and who is told what.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BRIEF_CELLS, CELLS, WAITING_CELL, type Cell } from './faults/cells';
import { check } from './faults/check';
import type { Case } from './faults/expected';
import { nameOf, pageOf, type FoundRow } from './faults/markdown';
import { ROWS } from './faults/rows';
import { runCell } from './faults/run';
import { closeEngine } from '../../harness/engine';

// A request that stays silent is given up after five minutes. There are many of them here, and a few seconds show the same.
jest.mock('../../nodes/hidream/limits', () => ({
	__esModule: true,
	...jest.requireActual<object>('../../nodes/hidream/limits'),
	ANSWER_MS: 5_000,
	MIN_POLL_MS: 10,
}));

const PAGE = join(__dirname, '../../docs/fault-matrix.md');

const CASES: Case[] = ROWS.flatMap((row) => [
	...(row.lasts === 'only' ? [] : [{ row, lasts: false }]),
	...(row.lasts ? [{ row, lasts: true }] : []),
]);

const found: FoundRow[] = [];

afterAll(closeEngine);

const where = ({ mode, retry, position, operation }: Cell): string =>
	`${operation}, ${mode}${retry ? ' + retry' : ''}, item ${position}`;

test.each(CASES.map((fault) => [nameOf(fault), fault] as const))(
	'%s',
	async (_name, fault) => {
		const cells = fault.row.brief ? BRIEF_CELLS : [...CELLS, ...(fault.lasts ? [] : [WAITING_CELL])];
		const findings = await Promise.all(
			cells.map(async (cell) => ({ cell, ...check(fault, cell, await runCell(fault, cell)) })),
		);
		found.push({ fault, found: findings });
		expect(findings.flatMap(({ cell, problems }) => problems.map((problem) => `${where(cell)}: ${problem}`))).toEqual([]);
	},
	180_000,
);

test('docs/fault-matrix.md shows what was found', async () => {
	const page = pageOf(found);
	if (process.env['UPDATE_DOCS'] === '1') {
		await writeFile(PAGE, page);
		process.stdout.write(`\n${page}\n`);
	}
	expect(await readFile(PAGE, 'utf8')).toBe(page);
});
