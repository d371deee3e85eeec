import { arch, cpus, totalmem, type } from 'node:os';
import { n8nVersion } from '../../harness/cache';
import { ensureN8n } from '../../harness/n8nInstall';
import { projectFolder, tarballVariable } from '../../harness/packageTarball';
import { run } from '../../harness/processes';
import type { Report } from '../../harness/progress';

/** The machine and the versions of a measurement. */
export interface Machine {
	cpu: string;
	cores: number;
	memoryGiB: number;
	system: string;
	/** Node.js of the benchmark, its clients and the fake HiDream server. */
	node: string;
	/** Node.js of n8n. */
	n8nNode: string;
	n8n: string;
	/** Commit of the measured code; with a `+` if it was changed since, and a note if the package was built elsewhere. */
	commit: string;
}

/** The measured code; the benchmark itself is not part of it. */
const MEASURED = ['nodes', 'credentials', 'package.json', 'tsconfig.json', 'gulpfile.js'];

async function commit(): Promise<string> {
	const git = async (...args: string[]) => await run('git', args, { cwd: projectFolder });
	try {
		const hash = await git('rev-parse', '--short=12', 'HEAD');
		if (process.env[tarballVariable]) return `${hash}, but a prebuilt package`;
		return (await git('status', '--porcelain', '--', ...MEASURED)) === '' ? hash : `${hash}+`;
	} catch {
		return 'unknown';
	}
}

/** Reads the properties of this machine; installs n8n if it is missing. Throws if the benchmark cannot run. */
export async function readMachine(report: Report): Promise<Machine> {
	if (process.platform !== 'linux') throw new Error('The benchmark reads process figures from /proc, so it needs Linux.');
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
