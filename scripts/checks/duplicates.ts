import type { IClone } from '@jscpd/core';
import { Detector, MemoryStore } from '@jscpd/core';
import { Tokenizer } from '@jscpd/tokenizer';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { CheckOutcome, CheckContext } from './check';

const SOURCES = /^(nodes|credentials|sandbox|harness|scripts|bench|test)\/.*\.m?ts$/;

/** The minimum size of a copy in tokens and lines. */
const THRESHOLD = { minTokens: 60, minLines: 5, maxLines: 2_000 };

/** A test is written out in full, so two may share this number of lines. Their helpers may not. */
const LINES_OF_TESTS = 10;

/** Removes imports, which are similar in files of one kind. Keeps the lines, so that positions stay correct. */
const withoutImports = (text: string): string =>
	text.replace(/^import [^;]*;$/gm, (statement) => statement.replace(/[^\n]+/g, ''));

/** Finds lines that are copies of each other. Names and values count, spaces and comments do not. */
export async function duplicates({ root, files }: CheckContext): Promise<CheckOutcome> {
	const sources = files.filter((file) => SOURCES.test(file));
	const detector = new Detector(new Tokenizer(), new MemoryStore(), [], THRESHOLD);
	const copies: IClone[] = [];
	for (const file of sources) {
		copies.push(...(await detector.detect(file, withoutImports(await readFile(join(root, file), 'utf8')), 'typescript')));
	}
	const counts = ({ duplicationA, duplicationB }: IClone): boolean =>
		![duplicationA, duplicationB].some(({ sourceId }) => sourceId.endsWith('.test.ts')) ||
		duplicationA.end.line - duplicationA.start.line >= LINES_OF_TESTS;
	const place = ({ sourceId, start, end }: IClone['duplicationA']): string => `${sourceId}:${start.line}-${end.line}`;
	return {
		summary: `${sources.length} files, no copy of ${THRESHOLD.minTokens} tokens and ${THRESHOLD.minLines} lines, or of ${LINES_OF_TESTS} lines in tests`,
		problems: copies.filter(counts).map(({ duplicationA, duplicationB }) => `${place(duplicationA)}: also at ${place(duplicationB)}`),
	};
}
