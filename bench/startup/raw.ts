/** What the section measures; times and sizes are medians. */
export interface StartupRaw {
	tarball: Tarball;
	loads: Load[];
	where: Where;
}

export interface Tarball {
	/** As it is published. */
	packedBytes: number;
	unpackedBytes: number;
	files: number;
	largest: PackedFile[];
}

export interface PackedFile {
	file: string;
	bytes: number;
	/** What gzip makes of it alone. */
	gzipBytes: number;
}

/** Loading one subject in fresh processes. */
export interface Load {
	subject: string;
	isOurs: boolean;
	/** The version of Node.js. */
	node: string;
	isNodeOfN8n: boolean;
	/** Whether the file system has the files in memory already. */
	cache: 'warm' | 'cold';
	stage: StageName;
	runs: number;
	/** Requiring, and constructing where that belongs to the stage. */
	ms: number;
	/** The fastest run, which the rest of the machine disturbed least. */
	fastestMs: number;
	requireMs: number;
	constructMs: number;
	heapMiB: number;
	residentMiB: number;
	/** Files that it loads, those of its dependencies included. */
	files: number;
	fileBytes: number;
}

/** When n8n starts it loads nodes and credentials; what only a run needs is loaded with the first one, at the latest. */
export type StageName = 'atStart' | 'withFirstRun';

/** Where the time of loading goes, by modules and steps, on n8n's Node.js with a warm cache; the slowest module first. */
export type Where = Record<StageName, ModuleTime[]>;

/** A module's own time, without that of the modules it loads. */
export interface ModuleTime {
	file: string;
	/** Finding the file. */
	resolveMs: number;
	readMs: number;
	compileMs: number;
	runMs: number;
}
