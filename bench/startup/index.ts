import { join } from 'node:path';
import { removeFolder, temporaryFolder } from '../../harness/guard';
import { installCommunityPackages } from '../../harness/n8n/communityPackage';
import { ensureN8n } from '../../harness/n8nInstall';
import { packageTarball } from '../../harness/packageTarball';
import type { Effort, Section } from '../section';
import { measureLoad } from './measure';
import type { Runtime } from './measure';
import { plots } from './plots';
import type { Load, StartupRaw } from './raw';
import { ourSubject, theirSubjects } from './subjects';
import { tables } from './tables';
import { tarballOf } from './tarball';
import { targets } from './targets';
import { measureWhere } from './where';

const PACKAGE = 'n8n-nodes-hidream';

const about = `The cost of an installed package in n8n before it is used. The packed package is installed as n8n installs a community package.
Each run is a new Node.js process with \`n8n-workflow\` loaded, as in n8n; then it requires the files and constructs the classes that n8n does when it starts.
*With the first run* is the rest of the package: more than any one run loads.
*Cold* means that the contents of the files were dropped from the system's cache before each run (folders and Node.js itself stay in it).
Memory is the increase between two garbage collections.
n8n's own nodes load what they depend on; a running n8n has loaded some of that already, since other parts of n8n use it too.`;

async function measure(effort: Effort): Promise<StartupRaw> {
	const { report } = effort;
	const n8n = await ensureN8n(report);
	const archive = await packageTarball(report);
	const home = await temporaryFolder('startup');
	try {
		report('installing the package');
		await installCommunityPackages(home, [archive]);
		const folder = join(home, '.n8n', 'nodes', 'node_modules', PACKAGE);
		const ours = await ourSubject(folder, n8n.folder);
		const nodeOfN8n: Runtime = { executable: n8n.node, isNodeOfN8n: true };
		const loads: Load[] = [];
		for (const subject of [ours, ...theirSubjects(n8n.folder)]) {
			for (const cache of ['warm', 'cold'] as const) loads.push(...(await measureLoad(subject, nodeOfN8n, cache, effort)));
		}
		if (n8n.node !== process.execPath) {
			const ownNode: Runtime = { executable: process.execPath, isNodeOfN8n: false };
			for (const cache of ['warm', 'cold'] as const) loads.push(...(await measureLoad(ours, ownNode, cache, effort)));
		}
		return { tarball: await tarballOf(archive, folder), loads, where: await measureWhere(ours, nodeOfN8n, effort) };
	} finally {
		await removeFolder(home);
	}
}

/** The cost of an installed package in n8n. */
export const section: Section<StartupRaw> = { name: 'startup', title: 'Loading the package', about, measure, tables, plots, targets };
