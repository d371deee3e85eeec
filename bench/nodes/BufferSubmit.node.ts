import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';
import { plainNode } from './description';
import { TARGET, targetOf } from './target';

/** Submits a video like n8n's vendor nodes: the whole file as a Buffer, then as a string, then as JSON. */
export class BufferSubmit implements INodeType {
	description = plainNode('bufferSubmit', 'Buffer and string', TARGET);

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const buffer = await this.helpers.getBinaryDataBuffer(0, 'data');
		const json = (await this.helpers.httpRequest({
			method: 'POST',
			...targetOf(this),
			body: { style: 'anime', video_name: buffer.toString('base64') },
			json: true,
		})) as IDataObject;
		return [[{ json, pairedItem: 0 }]];
	}
}
