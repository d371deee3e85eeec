import CliTable from 'cli-table3';
import type { Table, Target } from '../section';

/** Whether a cell is a figure, maybe with its unit: figures are aligned right. */
const isFigure = (cell: string): boolean => /^[-+]?\d[\d.,]*(\s?\S{0,8})$/.test(cell);

/** The alignment of each column: right if most of its cells are figures. */
function sides({ head, rows }: Table): Array<'left' | 'right'> {
	return head.map((_name, column) => {
		const figures = rows.filter((row) => isFigure(row[column] ?? '')).length;
		return column > 0 && figures * 2 > rows.length ? 'right' : 'left';
	});
}

function assertShape({ caption, head, rows }: Table): void {
	const wrong = rows.find((row) => row.length !== head.length);
	if (wrong) throw new Error(`Table "${caption}": a row has ${wrong.length} cells, the head ${head.length}`);
}

/** A table for the terminal. */
export function terminalTable(table: Table): string {
	assertShape(table);
	const text = new CliTable({ head: table.head, style: { head: [], border: [] }, colAligns: sides(table) });
	text.push(...table.rows);
	return [table.caption, text.toString()].join('\n').trim();
}

const escaped = (cell: string): string => cell.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, '<br>');

const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;

/** A table in Markdown. */
export function markdownTable(table: Table): string {
	assertShape(table);
	const rules = sides(table).map((side) => (side === 'right' ? '---:' : '---'));
	const rows = table.rows.map((row) => line(row.map(escaped)));
	const caption = table.caption === '' ? [] : [`**${table.caption}**`, ''];
	return [...caption, line(table.head.map(escaped)), line(rules), ...rows].join('\n');
}

/** The targets and the measured figures, as a table. */
export function targetTable(targets: Target[]): Table {
	return {
		caption: 'Targets',
		head: ['measure', 'target', 'measured', ''],
		rows: targets.map(({ measure, target, measured, met }) => [measure, target, measured, met ? 'met' : 'NOT MET']),
	};
}
