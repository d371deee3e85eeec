import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';
import { randomUUID } from 'node:crypto';
import { plainNode } from './description';
import { TARGET, targetOf } from './target';

/**
 * Nearly the minimum for any node: submits the URL of each item with n8n's own helper, with limited concurrency, and
 * does nothing else. It validates no input, keeps no limit, stores nothing, and a failed request ends the execution.
 */
export class PlainSubmit implements INodeType {
	description = plainNode('plainSubmit', 'Plain submit', [...TARGET, 'inFlight', 'videoUrl', 'prompt']);

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const target = targetOf(this);
		const output: INodeExecutionData[] = [];
		const indexes = this.getInputData().keys();
		const text = (name: string, i: number): string => this.getNodeParameter(name, i) as string;
		const lane = async (): Promise<void> => {
			// All lanes share the iterator.
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
