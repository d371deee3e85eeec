/** The docs tell users to install with the same flags as the tests. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { installFlags } from '../../../harness/n8n/communityPackage';
import { projectFolder } from '../../../harness/packageTarball';

/** Each `npm install` of this package on any page, up to its name and version. */
const COMMAND = /npm (?:install|i|add) [^\n'`]*?n8n-nodes-hidream(?:@\w+|-[^\s`']*\.tgz)?/g;

async function commandsOf(page: string): Promise<string[]> {
	return (await readFile(join(projectFolder, page), 'utf8')).match(COMMAND) ?? [];
}

test.each([
	['README.md', 1],
	['docs/README.zh-CN.md', 1],
	['docs/install.md', 3],
])('each command of %s has the required flags', async (page, atLeast) => {
	const commands = await commandsOf(page);
	expect(commands.length).toBeGreaterThanOrEqual(atLeast);
	// Without the prefix, npm searches for a package.json in the parent folders, and often finds one in the home.
	for (const command of commands) expect(command).toMatch(new RegExp(`^npm install --prefix ~/\\.n8n/nodes ${installFlags.join(' ')} (?:\\./|/tmp/)?n8n-nodes-hidream`));
});

test('no other page has another install command', async () => {
	const inFolders = ['docs', 'examples', '.github'].map(async (folder) =>
		(await readdir(join(projectFolder, folder), { recursive: true })).map((file) => join(folder, file)),
	);
	const files = [...(await readdir(projectFolder)), ...(await Promise.all(inFolders)).flat()];
	const pages = files.filter((file) => /\.(md|yml)$/.test(file) && !['README.md', join('docs', 'README.zh-CN.md'), join('docs', 'install.md')].includes(file));
	const commands = await Promise.all(pages.map(commandsOf));
	expect(commands.flat()).toEqual([]);
});
