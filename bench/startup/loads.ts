import { join } from 'node:path';
import { run } from '../../harness/processes';
import type { ModuleTime } from './raw';

/** What is loaded. */
export interface Subject {
	name: string;
	isOurs: boolean;
	/** The package's folder. */
	folder: string;
	/** Files of nodes and credentials, which n8n loads when it starts. */
	start: string[];
	/** The other files, which may be loaded with the first run. */
	later: string[];
	/** Modules that are loaded before, as in every n8n. */
	preload: string[];
	/** Other folders with modules, like n8n's own ones. */
	nodePath: string;
}

/** The output of the loading process. */
export interface Loaded {
	made: number;
	atStart: Stage;
	withFirstRun: Stage;
}

/** Figures of one stage of loading. */
export interface Stage {
	requireMs: number;
	constructMs: number;
	heapMiB: number;
	residentMiB: number;
	files: Array<{ file: string; bytes: number }>;
	traced?: ModuleTime[];
}

const script = join(__dirname, 'load.mjs');

/** Loads a subject in a new process of this Node.js. */
export async function loadOnce(node: string, subject: Subject, trace = false): Promise<Loaded> {
	const { folder, start, later, preload, nodePath } = subject;
	const job = JSON.stringify({ from: folder, preload, start, later, trace });
	const env = { PATH: process.env['PATH'], NODE_PATH: nodePath };
	const output = await run(node, ['--expose-gc', script, job], { cwd: folder, env });
	const loaded = JSON.parse(output.slice(output.lastIndexOf('\n') + 1)) as Loaded;
	if (loaded.made !== start.length) throw new Error(`${subject.name}: ${loaded.made} of ${start.length} classes were constructed`);
	return loaded;
}
