import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { filesIn } from '../../harness/filesIn';
import { temporaryFolder } from '../../harness/guard';
import { projectFolder } from '../../harness/packageTarball';

/** The folders of all sources that the measured process may load. */
const FOLDERS = ['bench/core', 'bench/items', 'bench/nodes', 'credentials', 'nodes', 'harness/engine'];

/** What harness/engine imports from the folder above. */
const FILES = ['harness/guard.ts', 'harness/testRun.ts'];

async function sources(): Promise<string[]> {
	const files = await Promise.all(FOLDERS.map(async (folder) => (await filesIn(join(projectFolder, folder))).map((file) => join(folder, file))));
	return [...FILES, ...files.flat().filter((file) => file.endsWith('.ts'))];
}

function compilerOptions(): ts.CompilerOptions {
	const { config } = ts.readConfigFile(join(projectFolder, 'tsconfig.json'), ts.sys.readFile) as { config: unknown };
	return ts.parseJsonConfigFileContent(config, ts.sys, projectFolder).options;
}

/**
 * Compiles the measured process with the settings of the published package, and returns the folder.
 * With tsx, the figures would include tsx's thread, caches and source maps.
 * Takes a second, since it does not check types.
 */
export async function compile(): Promise<string> {
	const folder = await temporaryFolder('bench-core');
	const options = compilerOptions();
	for (const source of await sources()) {
		const text = await readFile(join(projectFolder, source), 'utf8');
		const { outputText } = ts.transpileModule(text, { compilerOptions: options, fileName: source });
		const target = join(folder, source.replace(/\.ts$/, '.js'));
		await mkdir(dirname(target), { recursive: true });
		await writeFile(target, outputText);
	}
	await symlink(join(projectFolder, 'node_modules'), join(folder, 'node_modules'), 'dir');
	return folder;
}
