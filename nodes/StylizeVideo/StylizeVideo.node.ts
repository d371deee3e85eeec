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
import { InvalidInput } from '../shared/input';
import { NodeParameters } from '../shared/nodeParameters';
import { allParameters, OPERATIONS } from './operations';
import { OPERATION, type Operation } from './parameters';

/** Resumes a suspended execution. It needs no webhook methods, since nothing is registered with HiDream. */
const RESUME_WEBHOOKS: IWebhookDescription[] = [
	{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: '', restartWebhook: true },
];

function readOperation(context: IExecuteFunctions): Operation {
	try {
		return new NodeParameters(context).forItem(0).get(OPERATION);
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
		subtitle: '={{ { check: "Check", getResult: "Get Result", submit: "Submit", submitAndWait: "Submit and Wait" }[$parameter["operation"]] }}',
		description: 'Restyle videos with HiDream.ai: ink wash, anime, cyberpunk and more. Each task costs credits.',
		defaults: { name: 'HiDream Stylize Video' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'hiDreamApi', required: true }],
		webhooks: RESUME_WEBHOOKS,
		waitingNodeTooltip: 'Waiting for HiDream to call back',
		properties: allParameters,
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const execute = await OPERATIONS[readOperation(this)].load();
		return await execute(this);
	}

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const [{ handleCallback }, { resume }] = await Promise.all([import('../shared/callbackHandler'), import('./waiting/resume')]);
		return await handleCallback(this, resume);
	}
}
