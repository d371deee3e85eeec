import type { IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';
import { plainNode } from './description';

/**
 * Calls a URL and outputs its items unchanged. The benchmark listens there, and measures to the millisecond when the
 * previous node has ended and the next one begins.
 */
export class Mark implements INodeType {
	description = plainNode('mark', 'Mark', ['url']);

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		await this.helpers.httpRequest({ method: 'POST', url: this.getNodeParameter('url', 0) as string });
		return [this.getInputData()];
	}
}
