/** This node, the minimum for any node, and a node like n8n's vendor nodes. */
export type CoreWay = 'node' | 'floor' | 'buffer';

/** The same, and a client without n8n. */
export type Way = CoreWay | 'bare';

/** Where n8n stores the video: in a file, or as base64 in the item (`default`). */
export type StorageMode = 'filesystem' | 'default';

/** A case to run, each time in a new process. */
export interface Case {
	way: Way;
	binaryMode: StorageMode;
	sizeMiB: number;
	/** Heap filled with small objects before the measurement: a real n8n has about 300 MiB, n8n-core alone 60. */
	heapMiB: number;
}

export const NAMES: Readonly<Record<Way, string>> = {
	node: 'this node',
	floor: 'floor',
	buffer: 'buffer and string',
	bare: 'bare undici client',
};
