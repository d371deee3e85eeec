/** The results of the section; times and sizes are medians. */
export interface StartupRaw {
	tarball: Tarball;
	loads: Load[];
	where: Where;
}

export interface Tarball {
	/** As published. */
	packedBytes: number;
	unpackedBytes: number;
	files: number;
	largest: PackedFile[];
}

export interface PackedFile {
	file: string;
	bytes: number;
	/** Compressed alone with gzip. */
	gzipBytes: number;
}

/** Loads one subject in new processes. */
export interface Load {
	subject: string;
	isOurs: boolean;
	/** The version of Node.js. */
	node: string;
	isNodeOfN8n: boolean;
	/** Whether the files are in the system's cache. */
	cache: 'warm' | 'cold';
	stage: StageName;
	runs: number;
	/** Requiring, and constructing if the stage does that. */
	ms: number;
	/** The fastest run, which other work of the machine affected least. */
	fastestMs: number;
	requireMs: number;
	constructMs: number;
	heapMiB: number;
	residentMiB: number;
	/** Loaded files, including those of its dependencies. */
	files: number;
	fileBytes: number;
}

/** n8n loads nodes and credentials when it starts; everything else is loaded with the first run at the latest. */
export type StageName = 'atStart' | 'withFirstRun';

/** The loading time by modules and steps, on n8n's Node.js with a warm cache; the slowest module first. */
export type Where = Record<StageName, ModuleTime[]>;

/** A module's own time, without that of the modules it loads. */
export interface ModuleTime {
	file: string;
	/** Resolving the file. */
	resolveMs: number;
	readMs: number;
	compileMs: number;
	runMs: number;
}
