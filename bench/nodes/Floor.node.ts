import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';
import { constantStream } from './constantStream';
import { plainNode } from './description';
import { TARGET, targetOf } from './target';

/**
 * What no node can go below: reads n8n's own stream of the binary to its end and drops it, then sends as many constant
 * bytes as its base64 would have. `chunkKiB` is how much is read at once.
 */
export class Floor implements INodeType {
	description = plainNode('floor', 'Floor', [...TARGET, 'chunkKiB']);

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const chunkBytes = Number(this.getNodeParameter('chunkKiB', 0)) * 1024;
		const { id = '' } = this.helpers.assertBinaryData(0, 'data');
		let bytes = 0;
		for await (const chunk of await this.helpers.getBinaryStream(id, chunkBytes)) bytes += (chunk as Buffer).length;
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
