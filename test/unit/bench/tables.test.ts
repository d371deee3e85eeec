import { markdownTable, targetTable, terminalTable } from '../../../bench/report/tables';

const TABLE = { caption: 'Sizes', head: ['what', 'MiB', 'why'], rows: [['a|b', '1.5', 'two\nlines'], ['c\\d', 'fails', 'x'], ['e', '1,024', '']] };

test('Markdown: figures to the right, no cell breaks the table', () => {
	expect(markdownTable(TABLE)).toBe(
		['**Sizes**', '', '| what | MiB | why |', '| --- | ---: | --- |', '| a\\|b | 1.5 | two<br>lines |', '| c\\\\d | fails | x |', '| e | 1,024 |  |'].join('\n'),
	);
});

test.each([
	['16.4 ms', true],
	['-3', true],
	['1,024 bytes', true],
	['45 %', true],
	['2.41.1 on Node.js v24', false],
	['.', false],
	['', false],
])('a column of %j is one of figures: %p', (cell, isFigure) => {
	expect(markdownTable({ caption: '', head: ['a', 'b'], rows: [['x', cell]] }).includes('---:')).toBe(isFigure);
});

test('Markdown: no caption, no line for it; no rows, all to the left', () => {
	expect(markdownTable({ caption: '', head: ['a', 'b'], rows: [] })).toBe('| a | b |\n| --- | --- |');
});

test('the terminal has the caption and every cell', () => {
	const text = terminalTable(TABLE);
	for (const cell of ['Sizes', 'what', 'MiB', 'a|b', '1.5', 'fails', '1,024']) expect(text).toContain(cell);
});

test.each([markdownTable, terminalTable])('a row that does not fit the head is an error: %p', (draw) => {
	const broken = { ...TABLE, rows: [...TABLE.rows, ['only one']] };
	expect(() => draw(broken)).toThrow('Table "Sizes": a row has 1 cells, the head 3');
});

test('targets say whether they are met', () => {
	const target = { measure: 'time', target: '≤ 1 s', measured: '2 s' };
	expect(targetTable([{ ...target, met: false }, { ...target, met: true }]).rows).toEqual([
		['time', '≤ 1 s', '2 s', 'NOT MET'],
		['time', '≤ 1 s', '2 s', 'met'],
	]);
});
