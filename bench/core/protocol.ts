/** The messages between the measured process and the benchmark. */
import type { StorageMode, CoreWay } from './ways';

/** The settings of the process, passed as JSON. */
export interface ChildSettings {
	way: CoreWay;
	binaryMode: StorageMode;
	heapMiB: number;
	/** Size of the floor's reads. */
	floorChunkKiB: number;
	/** Measures its own memory; nothing else is measured in such a run. */
	measuresMemory: boolean;
	baseUrl: string;
	submitUrl: string;
	accessToken: string;
	/** Stored as binaries before it is ready. */
	files: string[];
}

/** Memory figures of one submit, from inside the process. */
export interface MemoryWork {
	/** Garbage collections of any kind, and full ones among them. */
	collections: number;
	majorCollections: number;
	/** Total time of the collections. */
	collectionMs: number;
	/** Peak memory outside the heap (Buffers, strings), over that before. */
	externalMiB: number;
}

/** The file to submit. */
export interface Order {
	file: string;
}

export interface Done {
	kind: 'done';
	ms: number;
	memory?: MemoryWork;
}

export type ChildReply = { kind: 'ready' } | Done | { kind: 'failed'; reason: string };
