import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import glob from 'fast-glob';
import ts from 'typescript';
import { temporaryFolder } from '../../harness/guard';
import { projectFolder } from '../../harness/packageTarball';

/** All sources that the measured process may load. */
const SOURCES = ['bench/core/*.ts', 'bench/core/child/*.ts', 'bench/items/core*.ts', 'bench/nodes/*.ts', 'credentials/*.ts', 'nodes/**/*.ts', 'harness/engine/*.ts'];

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
	for (const source of await glob(SOURCES, { cwd: projectFolder })) {
		const text = await readFile(join(projectFolder, source), 'utf8');
		const { outputText } = ts.transpileModule(text, { compilerOptions: options, fileName: source });
		const target = join(folder, source.replace(/\.ts$/, '.js'));
		await mkdir(dirname(target), { recursive: true });
		await writeFile(target, outputText);
	}
	await symlink(join(projectFolder, 'node_modules'), join(folder, 'node_modules'), 'dir');
	return folder;
}
