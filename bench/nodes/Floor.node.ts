import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';
import { constantStream } from './constantStream';
import { plainNode } from './description';
import { TARGET, targetOf } from './target';

/** An ArrayBuffer as of ES2024; Node.js has it since 21. */
type Transferable = { transfer?: (byteLength: number) => void };

/** Frees a chunk's memory immediately, instead of at the next collection. */
const giveBack = ({ buffer }: Buffer): void => (buffer as Transferable).transfer?.(0);

/**
 * The minimum for any node: reads n8n's own stream of the binary to its end, then sends as many constant bytes as its
 * base64 would have. `chunkKiB` is the size of the reads; with `memory` "given back", a chunk's memory does not wait for
 * the garbage collection.
 */
export class Floor implements INodeType {
	description = plainNode('floor', 'Floor', [...TARGET, 'chunkKiB', 'memory']);

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const chunkBytes = Number(this.getNodeParameter('chunkKiB', 0)) * 1024;
		const drop = this.getNodeParameter('memory', 0, '') === 'given back' ? giveBack : () => undefined;
		const { id = '' } = this.helpers.assertBinaryData(0, 'data');
		let bytes = 0;
		for await (const chunk of (await this.helpers.getBinaryStream(id, chunkBytes)) as AsyncIterable<Buffer>) {
			bytes += chunk.length;
			drop(chunk);
		}
		const { url, headers } = targetOf(this);
		const length = 4 * Math.ceil(bytes / 3);
		const json = (await this.helpers.httpRequest({
			method: 'POST',
			url,
			headers: { ...headers, 'Content-Type': 'application/json', 'Content-Length': String(length) },
			body: constantStream(length, Buffer.alloc((chunkBytes / 3) * 4, 'A')),
			disableFollowRedirect: true,
			timeout: 0,
		})) as IDataObject;
		return [[{ json, pairedItem: 0 }]];
	}
}
