import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';
import { randomUUID } from 'node:crypto';
import { plainNode } from './description';
import { TARGET, targetOf } from './target';

/**
 * What hardly any node can go below: submits the URL of each item by n8n's own helper, so many at a time, and does
 * nothing else. It checks no input, keeps no limit, remembers nothing, and a request that fails ends all.
 */
export class PlainSubmit implements INodeType {
	description = plainNode('plainSubmit', 'Plain submit', [...TARGET, 'inFlight', 'videoUrl', 'prompt']);

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const target = targetOf(this);
		const output: INodeExecutionData[] = [];
		const indexes = this.getInputData().keys();
		const text = (name: string, i: number): string => this.getNodeParameter(name, i) as string;
		const lane = async (): Promise<void> => {
			// All lanes take from the one iterator.
			for (const i of indexes) {
				const body = { style: 'anime', prompt: text('prompt', i), request_id: randomUUID(), video_name: text('videoUrl', i) };
				const json = (await this.helpers.httpRequest({ method: 'POST', ...target, body, json: true })) as IDataObject;
				output[i] = { json, pairedItem: i };
			}
		};
		await Promise.all(Array.from({ length: Number(text('inFlight', 0)) }, lane));
		return [output];
	}
}
