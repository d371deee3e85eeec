import type { IClone } from '@jscpd/core';
import { Detector, MemoryStore } from '@jscpd/core';
import { Tokenizer } from '@jscpd/tokenizer';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Outcome, Surroundings } from './check';

const SOURCES = /^(nodes|credentials|sandbox|harness|scripts|bench|test)\/.*\.m?ts$/;

/** From this size on a copy is no accident: so many tokens over so many lines. */
const THRESHOLD = { minTokens: 60, minLines: 5, maxLines: 2_000 };

/** A test says in full what it does and expects, so two may be alike for so many lines. Their helpers may not. */
const LINES_OF_TESTS = 10;

/** A list of imports is no logic: files of one kind begin alike. The lines stay, so that places are right. */
const withoutImports = (text: string): string =>
	text.replace(/^import [^;]*;$/gm, (statement) => statement.replace(/[^\n]+/g, ''));

/** Which lines of which files are copies of each other. Names and values count, spaces and comments do not. */
export async function duplicates({ root, files }: Surroundings): Promise<Outcome> {
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
