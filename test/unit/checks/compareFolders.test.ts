import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { compareFolders } from '../../../scripts/checks/compareFolders';

const folders: string[] = [];

async function folderWith(files: Record<string, string>): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'compare-'));
	folders.push(folder);
	for (const [name, text] of Object.entries(files)) {
		await mkdir(dirname(join(folder, name)), { recursive: true });
		await writeFile(join(folder, name), text);
	}
	return folder;
}

afterEach(async () => {
	for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

test('folders with the same bytes under the same names', async () => {
	const files = { 'a.js': '1', 'deep/er/b.svg': '2', '.hidden': '3' };
	expect(await compareFolders(await folderWith(files), await folderWith(files))).toEqual({ only: [], onlyOther: [], differ: [] });
});

test('a file more, a file less, another byte, another case', async () => {
	const one = await folderWith({ 'same.js': '1', 'mine.js': '1', 'deep/differs.js': 'a\n', '.hidden': '1' });
	const other = await folderWith({ 'same.js': '1', 'Mine.js': '1', 'deep/differs.js': 'a\r\n' });
	expect(await compareFolders(one, other)).toEqual({ only: ['.hidden', 'mine.js'], onlyOther: ['Mine.js'], differ: ['deep/differs.js'] });
});
