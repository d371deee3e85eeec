import { NodeConnectionTypes } from 'n8n-workflow';
import type {
	INodeType,
	INodeTypeDescription,
	IWebhookDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { triggerParameters } from './triggerParameters';

/** HiDream has no list of callbacks to register with: each submit names its URL. */
const WEBHOOKS: IWebhookDescription[] = [
	{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' },
];

const TRIGGER_PANEL: INodeTypeDescription['triggerPanel'] = {
	header: '',
	executionsHelp: {
		inactive:
			'Click <b>Execute step</b>, then submit a video whose Notify URL is the Test URL above. Once the workflow is published, use the Production URL.',
		active:
			'Submit a video whose Notify URL is the Production URL above: the workflow starts when its task ends. To test, click <b>Execute step</b> and use the Test URL.',
	},
	activationHint: 'Once the workflow is published, use the Production URL as Notify URL.',
};

export class StylizeVideoTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'HiDream Stylize Video Trigger',
		name: 'stylizeVideoTrigger',
		icon: { light: 'file:../../icons/hidream.svg', dark: 'file:../../icons/hidream.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ [].concat($parameter["events"]).join(", ") }}',
		// n8n shows it for the entry that the trigger shares with the node.
		description: 'Restyle videos with HiDream.ai, or start a workflow when a video is finished, failed or rejected',
		eventTriggerDescription: 'Waiting for HiDream to call the test URL',
		triggerPanel: TRIGGER_PANEL,
		activationMessage: 'HiDream can now call the production URL.',
		defaults: { name: 'HiDream Stylize Video Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'hiDreamApi', required: true }],
		webhooks: WEBHOOKS,
		properties: triggerParameters,
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		// Loaded with the first call, not when n8n starts.
		const [{ handleCallback }, { receive }] = await Promise.all([import('../shared/callbackHandler'), import('./receive')]);
		return await handleCallback(this, receive);
	}
}
