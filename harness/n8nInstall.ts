import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { n8nFolder, n8nNodeMajor, n8nVersion } from './cache';
import { toolEnvironment } from './environment';
import { withLock } from './folderLock';
import type { NodeRuntime } from './nodeRuntime';
import { checkRuntime, nodeRuntimeFor } from './nodeRuntime';
import { npm } from './npm';
import type { Report } from './progress';
import { withProgress } from './progress';
import { buildSqlite, sqliteLoads } from './sqliteBuild';

/** A real n8n, ready to be started. */
export interface N8nInstallation {
	folder: string;
	/** The Node.js that runs it. */
	node: string;
	/** n8n's JavaScript entry. */
	bin: string;
}

const marker = '.complete.json';

/** A newer linkedom asks for a package that not every registry has; n8n runs well with this one. */
const overrides = { linkedom: '0.18.12' };

/**
 * Makes sure that n8n and a Node.js that can run it are in the cache folder, and says where. The first time takes some
 * minutes. Safe to interrupt and to run twice at once; `report` gets a line at least every few seconds.
 */
export async function ensureN8n(report: Report): Promise<N8nInstallation> {
	const folder = n8nFolder();
	const runtime = nodeRuntimeFor(folder);
	const installation = {
		folder,
		node: runtime.executable,
		bin: join(folder, 'node_modules', 'n8n', 'bin', 'n8n'),
	};
	if (await isComplete(folder, runtime)) return installation;
	await withLock(
		`${folder}.lock`,
		async () => {
			if (!(await isComplete(folder, runtime))) await install(folder, runtime, report);
		},
		(owner) => report(`n8n ${n8nVersion} is being installed by process ${owner}; waiting for it`),
	);
	return installation;
}

async function isComplete(folder: string, runtime: NodeRuntime): Promise<boolean> {
	const text = await readFile(join(folder, marker), 'utf8').catch(() => undefined);
	return text !== undefined && text.includes(n8nVersion) && existsSync(runtime.executable);
}

async function install(folder: string, runtime: NodeRuntime, report: Report): Promise<void> {
	if (!(await packagesAreThere(folder, runtime))) await installPackages(folder, runtime, report);
	const nodeVersion = await checkRuntime(runtime);
	if (!(await sqliteLoads(folder, runtime))) {
		await withProgress('building n8n\'s database driver', report, async (onLine) => {
			await buildSqlite(folder, runtime, onLine);
		});
	}
	const file = join(folder, marker);
	await writeFile(`${file}.part`, JSON.stringify({ n8n: n8nVersion, node: nodeVersion }));
	await rename(`${file}.part`, file);
}

/** npm writes its own record last: without it, or with other versions in it, an install was cut short. */
async function packagesAreThere(folder: string, runtime: NodeRuntime): Promise<boolean> {
	const record = await readFile(join(folder, 'node_modules', '.package-lock.json'), 'utf8').catch(() => '{}');
	const { packages = {} } = JSON.parse(record) as { packages?: Record<string, { version?: string }> };
	return packages['node_modules/n8n']?.version === n8nVersion && existsSync(runtime.executable);
}

async function installPackages(folder: string, runtime: NodeRuntime, report: Report): Promise<void> {
	await rm(join(folder, 'node_modules'), { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	const node = runtime.packageName === undefined ? {} : { [runtime.packageName]: String(n8nNodeMajor) };
	const manifest = { private: true, dependencies: { n8n: n8nVersion, ...node }, overrides };
	await writeFile(join(folder, 'package.json'), JSON.stringify(manifest, null, '\t'));
	await withProgress(`installing n8n ${n8nVersion} (once; about 5 minutes, 3 GB)`, report, async (onLine) => {
		const args = ['install', '--ignore-scripts', '--no-package-lock', '--loglevel=http'];
		await npm(args, { cwd: folder, env: toolEnvironment(), onLine });
	});
}
