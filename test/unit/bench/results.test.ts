import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseResults, readResults, writeResults } from '../../../bench/report/results';
import { MACHINE } from './support';

const GOOD = { section: 'startup', date: '2026-01-02T03:04:05.678Z', runs: 3, machine: MACHINE, raw: { ms: 1 } };

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'results-'))));
afterEach(async () => await rm(folder, { recursive: true }));

test('what was written is read again, also into a folder that is new', async () => {
	const file = join(folder, 'new', 'startup.json');
	await writeResults(file, GOOD);
	expect(await readResults(file, 'startup')).toEqual(GOOD);
});

test('counts are kept to the last digit, other figures to six', async () => {
	const file = join(folder, 'startup.json');
	await writeResults(file, { ...GOOD, raw: { bytes: 1_431_655_766, ms: 1234.56789, small: 0.000123456789 } });
	expect((await readResults(file, 'startup'))?.raw).toEqual({ bytes: 1_431_655_766, ms: 1234.57, small: 0.000123457 });
});

test('a section that was never measured has no results; a file that cannot be read is an error', async () => {
	expect(await readResults(join(folder, 'none.json'), 'startup')).toBeUndefined();
	await expect(readResults(folder, 'startup')).rejects.toMatchObject({ code: 'EISDIR' });
	await writeFile(join(folder, 'half.json'), '{"section":');
	await expect(readResults(join(folder, 'half.json'), 'startup')).rejects.toThrow('no results of "startup": not JSON');
});

test.each([
	['half a file', JSON.stringify(GOOD).slice(0, 40), 'not JSON'],
	['nothing', '', 'not JSON'],
	['null', 'null', 'not an object'],
	['another section', JSON.stringify({ ...GOOD, section: 'submit' }), 'they say to be of "submit"'],
	['a list', '[]', 'they say to be of "undefined"'],
	['no date', JSON.stringify({ ...GOOD, date: undefined }), 'no date'],
	['a date that is none', JSON.stringify({ ...GOOD, date: 'yesterday' }), 'no date'],
	['no figures', JSON.stringify({ ...GOOD, raw: undefined }), '"raw" is missing'],
	['no machine', JSON.stringify({ ...GOOD, machine: null }), '"raw" is missing'],
	['no runs', JSON.stringify({ ...GOOD, runs: '3' }), '"raw" is missing'],
])('%s is refused', (_name, text, why) => {
	expect(() => parseResults(text, 'startup')).toThrow(why);
});
