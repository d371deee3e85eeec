import { NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';
import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IWebhookDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { InvalidInput, ItemParameters } from '../shared/input';
import { OPERATIONS } from './operations';

/** Wakes a sleeping execution; nothing is registered for it, so it needs no webhook methods. */
const RESUME_WEBHOOKS: IWebhookDescription[] = [
	{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: '', restartWebhook: true },
];

/** Without one: what costs nothing. */
const NAMES = ['getResult', 'submit', 'submitAndWait'] as const;

function readOperation(context: IExecuteFunctions): keyof typeof OPERATIONS {
	try {
		return new ItemParameters(context, 0).choice('operation', 'Operation', NAMES);
	} catch (error) {
		const description = error instanceof InvalidInput ? error.hint : undefined;
		throw new NodeOperationError(context.getNode(), (error as Error).message, { description });
	}
}

export class StylizeVideo implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'HiDream Stylize Video',
		name: 'stylizeVideo',
		icon: { light: 'file:../../icons/hidream.svg', dark: 'file:../../icons/hidream.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ { getResult: "Get Result", submit: "Submit", submitAndWait: "Submit and Wait" }[$parameter["operation"]] }}',
		description: 'Restyle videos with HiDream.ai: ink wash, anime, cyberpunk and more. Each task costs credits.',
		defaults: { name: 'HiDream Stylize Video' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'hiDreamApi', required: true }],
		webhooks: RESUME_WEBHOOKS,
		waitingNodeTooltip: 'Waiting for HiDream to call back',
		properties: [
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				default: 'submit',
				options: [
					{
						name: 'Get Result',
						value: 'getResult',
						action: 'Get the result of a task',
						description: 'Say how each task is now and where its video is, without waiting',
					},
					{
						name: 'Submit',
						value: 'submit',
						action: 'Submit a video',
						description: 'Start a task for each video and give its task ID, without waiting for the result',
					},
					{
						name: 'Submit and Wait',
						value: 'submitAndWait',
						action: 'Submit a video and wait for the result',
						description: 'Start a task for each video and give the finished video',
					},
				],
			},
			...Object.values(OPERATIONS).flatMap(({ parameters }) => parameters),
		],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const operation = readOperation(this);
		const { execute } = await OPERATIONS[operation].load();
		return await execute(this);
	}

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const { resumeSafely } = await import('./waiting/resume');
		return await resumeSafely(this);
	}
}
