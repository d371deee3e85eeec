/** What the process that is measured and the one that measures tell each other. */
import type { BinaryMode, CoreWay } from './ways';

/** What the process is started with, as JSON. */
export interface ChildSettings {
	way: CoreWay;
	binaryMode: BinaryMode;
	heapMiB: number;
	/** How much the floor reads at once. */
	floorChunkKiB: number;
	/** Watches its own memory: for runs of which nothing else is measured. */
	watchesMemory: boolean;
	baseUrl: string;
	submitUrl: string;
	accessToken: string;
	/** Stored as binaries before it is ready. */
	files: string[];
}

/** What the process did to its memory during one submit. */
export interface MemoryWork {
	/** Garbage collections of any kind, and those of the whole heap among them. */
	collections: number;
	majorCollections: number;
	/** What all of them took. */
	collectionMs: number;
	/** The most that Buffers, strings and the like outside the heap took, over what they took before. */
	externalMiB: number;
}

/** Submit this file. */
export interface Order {
	file: string;
}

export interface Done {
	kind: 'done';
	ms: number;
	memory?: MemoryWork;
}

export type Answer = { kind: 'ready' } | Done | { kind: 'failed'; reason: string };
