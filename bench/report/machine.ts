import { arch, cpus, totalmem, type } from 'node:os';
import { n8nVersion } from '../../harness/cache';
import { ensureN8n } from '../../harness/n8nInstall';
import { projectFolder, tarballVariable } from '../../harness/packageTarball';
import { run } from '../../harness/processes';
import type { Report } from '../../harness/progress';

/** On what the figures were measured, and what. */
export interface Machine {
	cpu: string;
	cores: number;
	memoryGiB: number;
	system: string;
	/** Node.js of the benchmark, its clients and the stand-in. */
	node: string;
	/** Node.js of n8n. */
	n8nNode: string;
	n8n: string;
	/** Of the code that was measured; with a `+` where it was changed since, and a word where a package was given ready. */
	commit: string;
}

/** What is measured; a change of the benchmark itself is none of the code that was measured. */
const MEASURED = ['nodes', 'credentials', 'package.json', 'tsconfig.json', 'gulpfile.js'];

async function commit(): Promise<string> {
	const git = async (...args: string[]) => await run('git', args, { cwd: projectFolder });
	try {
		const hash = await git('rev-parse', '--short=12', 'HEAD');
		if (process.env[tarballVariable]) return `${hash}, but a package given ready`;
		return (await git('status', '--porcelain', '--', ...MEASURED)) === '' ? hash : `${hash}+`;
	} catch {
		return 'unknown';
	}
}

/** Looks at this machine; installs n8n where it is not yet there. Throws where nothing could be measured. */
export async function lookAtMachine(report: Report): Promise<Machine> {
	if (process.platform !== 'linux') throw new Error('The benchmark reads what processes take from /proc, so it needs Linux.');
	const { node } = await ensureN8n(report);
	return {
		cpu: cpus()[0]?.model.trim() ?? 'unknown',
		cores: cpus().length,
		memoryGiB: Math.round(totalmem() / 2 ** 30),
		system: `${type()} ${arch()}`,
		node: process.version,
		n8nNode: await run(node, ['--version']),
		n8n: n8nVersion,
		commit: await commit(),
	};
}
