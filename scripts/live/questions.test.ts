/** The table names the place of each assumption: the place and its mark must exist. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../../harness/packageTarball';
import { FREE, QUESTIONS } from './questions';

test.each(Object.entries(QUESTIONS))('%s', (_id, { file, name, mark }) => {
	const source = readFileSync(join(projectFolder, 'nodes', 'hidream', file), 'utf8');
	expect(source).toContain(name);
	expect(['CERTAIN', 'LIKELY', 'UNKNOWN']).toContain(mark);
});

test('the table has every free question', () => {
	expect(Object.keys(QUESTIONS)).toEqual(expect.arrayContaining([...FREE]));
});
