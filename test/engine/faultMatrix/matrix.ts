/**
 * Every fault of the fake HiDream server, at the first, middle and last item, with each "On Error", with and without
 * Retry On Fail: how many tasks exist, that no task is lost or paid for twice, and what the user reads.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { closeEngine } from '../../../harness/engine';
import * as limits from '../../../nodes/hidream/limits';
import { speedUp } from '../support/engine';
import { BRIEF_CELLS, CELLS, WAITING_CELL, type Cell } from './cells';
import { checkRow } from './check';
import { nameOf, matrixPage, type FoundRow } from './markdown';
import type { MatrixRow } from './row';
import { CASES } from './rows';
import { runCell, SPEED } from './run';

const PAGE = join(__dirname, '../../../docs/fault-matrix.md');

const where = ({ mode, retry, position, operation }: Cell): string =>
	`${operation}, ${mode}${retry ? ' + retry' : ''}, item ${position}`;

/** Tests these rows of the matrix. Each part of the rows has one test file, so that they run in parallel. */
export function testRows(isMine: (row: MatrixRow) => boolean): void {
	const found: FoundRow[] = [];
	const cases = CASES.filter(({ row }) => isMine(row));
	speedUp(SPEED);

	beforeEach(() => {
		jest.replaceProperty(limits as { MIN_POLL_MS: number }, 'MIN_POLL_MS', 10);
	});
	afterEach(() => {
		jest.restoreAllMocks();
	});
	afterAll(closeEngine);

	test.each(cases.map((fault) => [nameOf(fault), fault] as const))(
		'%s',
		async (_name, fault) => {
			// The node waits five minutes for a response. Here it is four seconds, since the clock is faster: a slow machine must not exceed it.
			if (fault.row.fault.type === 'silence') jest.replaceProperty(limits as { RESPONSE_TIMEOUT_MS: number }, 'RESPONSE_TIMEOUT_MS', 20_000);
			const cells = fault.row.brief ? BRIEF_CELLS : [...CELLS, ...(fault.lasts ? [] : [WAITING_CELL])];
			const findings = await Promise.all(
				cells.map(async (cell) => ({ cell, ...checkRow(fault, cell, await runCell(fault, cell)) })),
			);
			found.push({ fault, found: findings });
			expect(findings.flatMap(({ cell, problems }) => problems.map((errorInfo) => `${where(cell)}: ${errorInfo}`))).toEqual([]);
		},
		120_000,
	);

	test('docs/fault-matrix.md shows these results', () => {
		const before = readFileSync(PAGE, 'utf8');
		const page = matrixPage(found, before);
		if (process.env['UPDATE_DOCS'] === '1') writeFileSync(PAGE, page);
		expect(readFileSync(PAGE, 'utf8')).toBe(page);
	});
}
