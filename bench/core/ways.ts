/** Who submits: this node, what no node can go below, and a node that does as n8n's vendor nodes do. */
export type CoreWay = 'node' | 'floor' | 'buffer';

/** Beside them a client that knows nothing of n8n. */
export type Way = CoreWay | 'bare';

/** Where n8n keeps the video: in a file, or as base64 in the item (`default`). */
export type BinaryMode = 'filesystem' | 'default';

/** What is run, once or more often, each time in a fresh process. */
export interface Case {
	way: Way;
	binaryMode: BinaryMode;
	sizeMiB: number;
	/** Small objects that fill the heap before anything is measured: a real n8n carries about 300 MiB, n8n-core alone 60. */
	heapMiB: number;
}

export const NAMES: Readonly<Record<Way, string>> = {
	node: 'this node',
	floor: 'floor',
	buffer: 'buffer and string',
	bare: 'bare undici client',
};
