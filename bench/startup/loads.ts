import { join } from 'node:path';
import { run } from '../../harness/processes';
import type { ModuleTime } from './raw';

/** What is loaded. */
export interface Subject {
	name: string;
	isOurs: boolean;
	/** The package's folder. */
	folder: string;
	/** What n8n loads when it starts: files of nodes and credentials. */
	start: string[];
	/** What else there is, which may be loaded with the first run. */
	later: string[];
	/** What is loaded before, as it is in every n8n. */
	preload: string[];
	/** Where else modules are found: n8n puts its own folders there. */
	nodePath: string;
}

/** What the process that loads prints. */
export interface Loaded {
	made: number;
	atStart: Stage;
	withFirstRun: Stage;
}

/** What one stage of loading took. */
export interface Stage {
	requireMs: number;
	constructMs: number;
	heapMiB: number;
	residentMiB: number;
	files: Array<{ file: string; bytes: number }>;
	traced?: ModuleTime[];
}

const script = join(__dirname, 'load.mjs');

/** Loads a subject in a fresh process of this Node.js. */
export async function loadOnce(node: string, subject: Subject, trace = false): Promise<Loaded> {
	const { folder, start, later, preload, nodePath } = subject;
	const job = JSON.stringify({ from: folder, preload, start, later, trace });
	const env = { PATH: process.env['PATH'], NODE_PATH: nodePath };
	const output = await run(node, ['--expose-gc', script, job], { cwd: folder, env });
	const loaded = JSON.parse(output.slice(output.lastIndexOf('\n') + 1)) as Loaded;
	if (loaded.made !== start.length) throw new Error(`${subject.name}: ${loaded.made} of ${start.length} classes were made`);
	return loaded;
}
