import { NodeConnectionTypes } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import * as submit from './operations/submit';

export class StylizeVideo implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'HiDream Stylize Video',
		name: 'stylizeVideo',
		icon: { light: 'file:../../icons/hidream.svg', dark: 'file:../../icons/hidream.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] }}',
		description: 'Restyle videos with HiDream.ai: ink wash, anime, cyberpunk and more',
		defaults: { name: 'HiDream Stylize Video' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'hiDreamApi', required: true }],
		properties: [
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				default: 'submit',
				options: [
					{
						name: 'Submit',
						value: 'submit',
						action: 'Submit a video',
						description: 'Start a task for each video and give its task ID, without waiting for the result',
					},
				],
			},
			...submit.parameters,
		],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await submit.execute(this);
	}
}
