import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { n8nFolder, n8nVersion } from './cache';
import { toolEnvironment } from './environment';
import { withLock } from './folderLock';
import type { N8nRelease } from './n8nRelease';
import { n8nRelease } from './n8nRelease';
import type { NodeRuntime } from './nodeRuntime';
import { checkRuntime, nodePackage, nodeRuntimeFor } from './nodeRuntime';
import { npm } from './npm';
import { CommandError } from './processes';
import type { Report } from './progress';
import { whileMeasuring } from './progress';
import { copySqlite, ensureSqlite, sqliteLoads } from './sqliteBuild';

/** An installed n8n. */
export interface N8nInstallation {
	folder: string;
	/** The Node.js that runs it. */
	node: string;
	/** n8n's JavaScript entry. */
	bin: string;
}

const marker = '.complete.json';

/** Size of an n8n on disk. */
export const installSize = '3 GB';

/**
 * Ensures that this n8n and a suitable Node.js are in the cache folder, and returns their paths. The first time takes some
 * minutes. It can be interrupted, and run in two processes at the same time.
 */
export async function ensureN8n(report: Report, version = n8nVersion): Promise<N8nInstallation> {
	const folder = n8nFolder(version);
	const release = n8nRelease(version);
	const runtime = nodeRuntimeFor(folder, release);
	const installation = {
		folder,
		node: runtime.executable,
		bin: join(folder, 'node_modules', 'n8n', 'bin', 'n8n'),
	};
	if (await isComplete(folder, release, runtime)) return installation;
	await withLock(
		`${folder}.lock`,
		async () => {
			if (!(await isComplete(folder, release, runtime))) await install(folder, release, runtime, report);
		},
		(owner) => report(`process ${owner} installs n8n ${version}`),
	);
	return installation;
}

/** Whether `ensureN8n` has nothing to do. */
export async function isN8nInstalled(version = n8nVersion): Promise<boolean> {
	const release = n8nRelease(version);
	return await isComplete(n8nFolder(version), release, nodeRuntimeFor(n8nFolder(version), release));
}

async function isComplete(folder: string, { version }: N8nRelease, runtime: NodeRuntime): Promise<boolean> {
	const text = await readFile(join(folder, marker), 'utf8').catch(() => undefined);
	return text !== undefined && text.includes(version) && existsSync(runtime.executable);
}

async function install(folder: string, release: N8nRelease, runtime: NodeRuntime, report: Report): Promise<void> {
	const stop = new AbortController();
	const progress = { packages: '', driver: '' };
	const tell = (part: keyof typeof progress) => (line: string): void => {
		progress[part] = line;
		report(Object.values(progress).filter(Boolean).join('; '));
	};
	// The driver fails early without a compiler, and takes no longer than the download.
	const packages = installPackages(folder, release, runtime, tell('packages'), stop.signal);
	const driver = ensureSqlite(release, tell('driver'), stop.signal);
	try {
		await Promise.all([packages, driver]);
	} catch (error) {
		stop.abort();
		await Promise.allSettled([packages, driver]);
		throw error;
	}
	const nodeVersion = await checkRuntime(runtime);
	await copySqlite(await driver, folder);
	if (!(await sqliteLoads(folder, runtime))) throw new Error(`n8n's database driver does not load in ${folder}. Remove that folder and try again.`);
	const file = join(folder, marker);
	await writeFile(`${file}.part`, JSON.stringify({ n8n: release.version, node: nodeVersion }));
	await rename(`${file}.part`, file);
}

/** npm writes its own record last: without it, or with other versions in it, an install was interrupted. */
async function packagesAreThere(folder: string, { version }: N8nRelease, runtime: NodeRuntime): Promise<boolean> {
	const record = await readFile(join(folder, 'node_modules', '.package-lock.json'), 'utf8').catch(() => '{}');
	const { packages = {} } = JSON.parse(record) as { packages?: Record<string, { version?: string }> };
	return packages['node_modules/n8n']?.version === version && existsSync(runtime.executable);
}

async function installPackages(
	folder: string,
	release: N8nRelease,
	runtime: NodeRuntime,
	report: Report,
	signal: AbortSignal,
): Promise<void> {
	if (await packagesAreThere(folder, release, runtime)) return;
	const { version, overrides } = release;
	await rm(join(folder, 'node_modules'), { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	const manifest = { private: true, dependencies: { n8n: version, ...nodePackage(runtime) }, overrides };
	await writeFile(join(folder, 'package.json'), JSON.stringify(manifest, null, '\t'));
	const count = { descriptions: 0, packages: 0 };
	const onLine = (line: string): void => {
		if (/^npm http (fetch|cache)/.test(line)) count[line.includes('.tgz') ? 'packages' : 'descriptions'] += 1;
	};
	const args = ['install', '--ignore-scripts', '--no-package-lock', '--loglevel=http'];
	try {
		await whileMeasuring(
			folder,
			(mb) => report(count.packages === 0 ? `reading package descriptions: ${count.descriptions}` : `${count.packages} packages, ${mb} MB of ${installSize}`),
			npm(args, { cwd: folder, env: toolEnvironment(), onLine, signal }),
		);
	} catch (error) {
		throw explain(version, error);
	}
	report('');
}

function explain(version: string, error: unknown): unknown {
	if (!(error instanceof CommandError)) return error;
	const [, missing] = /No matching version found for (\S+?)\.?$|404 +'(\S+)' is not in/m.exec(error.output)?.filter(Boolean) ?? [];
	return missing === undefined ? error : new MissingPackageError(version, missing, error);
}

/** The registry lacks a dependency of this n8n: npm does not say so in one line. */
export class MissingPackageError extends CommandError {
	constructor(version: string, missing: string, { exitCode, output }: CommandError) {
		super('npm install', exitCode, output);
		this.message = `n8n ${version} cannot be installed: the registry has no ${missing}. Set another version of it in harness/n8nRelease.ts.`;
	}
}
