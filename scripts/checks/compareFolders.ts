import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { filesIn } from '../../harness/filesIn';

/** The differences between two folders, file by file; empty if they have the same files with the same bytes. */
export async function compareFolders(one: string, other: string): Promise<{ only: string[]; onlyOther: string[]; differ: string[] }> {
	const [mine, others] = [await filesIn(one), await filesIn(other)];
	const both = mine.filter((file) => others.includes(file));
	const differ: string[] = [];
	for (const file of both) {
		const [left, right] = [await readFile(join(one, file)), await readFile(join(other, file))];
		if (!left.equals(right)) differ.push(file);
	}
	return {
		only: mine.filter((file) => !both.includes(file)),
		onlyOther: others.filter((file) => !both.includes(file)),
		differ,
	};
}
