/** Many items by URL in n8n-core alone: takes seconds instead of minutes, and can write a CPU profile. */
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { program } from 'commander';
import { toolEnvironment } from '../../harness/environment';
import { removeFolder } from '../../harness/guard';
import { ensureN8n } from '../../harness/n8nInstall';
import { start } from '../../harness/processes';
import { compile } from '../core/compile';
import { startService } from '../machine/service';
import { median } from '../report/statistics';
import { terminalTable } from '../report/tables';
import type { CoreRun } from './coreChild';
import type { CoreSettings, CoreWay } from './coreNodes';

interface Options {
	items: string;
	inFlight: string;
	runs: string;
	latencyMs: string;
	profile?: string;
}

const LABELS: Readonly<Record<CoreWay, string>> = { empty: 'nothing', plain: 'bare loop', node: 'this node' };

const WARM_UPS = 3;

program
	.name('npx tsx bench/items/core.ts')
	.description('Measures the processor time of an item by URL in n8n-core alone. HTTP Request is missing, since it is not part of n8n-core.')
	.option('--items <n>', 'items per run', '1000')
	.option('--in-flight <n>', 'concurrent submits', '100')
	.option('--runs <n>', 'median of this number of runs, after three warm-up runs', '5')
	.option('--latency-ms <n>', 'response time of the service', '50')
	.option('--profile <folder>', 'write a CPU profile of each way to this folder, for Chrome DevTools or https://www.speedscope.app');

/** Runs one way in a new process, under the Node.js that runs n8n. */
async function runWay(compiled: string, settings: CoreSettings, profile: string | undefined): Promise<CoreRun[]> {
	const { node } = await ensureN8n(() => undefined);
	const flags = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${resolve(profile)}`, `--cpu-prof-name=${settings.way}.cpuprofile`];
	const child = start(node, [...flags, join(compiled, 'bench', 'items', 'coreChild.js'), JSON.stringify(settings)], {
		env: { ...toolEnvironment(), TMPDIR: compiled },
		stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
	});
	return await new Promise((done, fail) => {
		let results: CoreRun[] | undefined;
		child.once('message', (runs: CoreRun[]) => (results = runs));
		child.once('error', fail);
		child.once('exit', (code) => (results ? done(results.slice(WARM_UPS)) : fail(new Error(`${settings.way} ended with ${code}`))));
	});
}

async function main(): Promise<void> {
	const { items, inFlight, runs, latencyMs, profile } = program.parse().opts<Options>();
	if (profile !== undefined) await mkdir(profile, { recursive: true });
	const compiled = await compile();
	const rows: string[][] = [];
	try {
		for (const way of ['empty', 'plain', 'node'] as const) {
			// A new service each time: it slows down with the tasks that it keeps.
			const { url, accessToken, close } = await startService({ latencyMs: Number(latencyMs), taskSeconds: 86_400 });
			const settings = { way, items: Number(items), inFlight: Number(inFlight), runs: Number(runs) + WARM_UPS, url, accessToken };
			const results = await runWay(compiled, settings, profile).finally(close);
			const [cpuMs, ms] = [median(results.map((run) => run.cpuMs)), median(results.map((run) => run.ms))];
			rows.push([LABELS[way], (cpuMs / settings.items).toFixed(3), (ms / 1_000).toFixed(2)]);
		}
	} finally {
		await removeFolder(compiled);
	}
	console.log(terminalTable({ caption: `${items} items by URL, ${inFlight} in flight, in n8n-core alone`, head: ['', 'CPU per item, ms', 'run, s'], rows }));
}

main().then(
	() => process.exit(),
	(error: unknown) => {
		console.error(error);
		process.exit(1);
	},
);
