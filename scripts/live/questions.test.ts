/** The table tells where to correct an assumption: the places must be there, and the mark beside them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../../harness/packageTarball';
import { FREE, QUESTIONS } from './questions';

test.each(Object.entries(QUESTIONS))('%s', (_id, { file, name, mark }) => {
	const source = readFileSync(join(projectFolder, 'nodes', 'hidream', file), 'utf8');
	expect(source).toContain(name);
	expect(['CERTAIN', 'LIKELY', 'UNKNOWN']).toContain(mark);
});

test('every free question is one of the table', () => {
	expect(Object.keys(QUESTIONS)).toEqual(expect.arrayContaining([...FREE]));
});
