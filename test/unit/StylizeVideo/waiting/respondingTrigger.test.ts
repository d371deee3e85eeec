/** Which trigger responds to its caller with the output of the last node, and so would say "timed_out" before any video is finished. */
import type { IExecuteFunctions, INodeParameters, NodeTypeAndVersion, WorkflowExecuteMode } from 'n8n-workflow';
import { findRespondingTrigger } from '../../../../nodes/StylizeVideo/waiting/respondingTrigger';
import { nodeOf } from '../../support/executeFunctions';
import { strictDouble } from '../../support/strictDouble';

const WEBHOOK = 'n8n-nodes-base.webhook';
const FORM_TRIGGER = 'n8n-nodes-base.formTrigger';
const CHAT_TRIGGER = '@n8n/n8n-nodes-langchain.chatTrigger';

interface Start {
	type?: string;
	parameters?: INodeParameters;
	disabled?: boolean;
	mode?: WorkflowExecuteMode;
	isExecuted?: boolean;
	/** Nodes after the trigger. */
	children?: Array<Pick<NodeTypeAndVersion, 'type' | 'disabled'>>;
}

/** An execution that a trigger named "Trigger" has started. */
function execution({ type = WEBHOOK, parameters = { responseMode: 'lastNode' }, disabled = false, mode = 'webhook', isExecuted = true, children = [] }: Start): IExecuteFunctions {
	const trigger: NodeTypeAndVersion = { name: 'Trigger', type, typeVersion: 1, disabled, parameters };
	return strictDouble<IExecuteFunctions>('context', {
		getMode: () => mode,
		getNode: () => nodeOf(),
		getWorkflowDataProxy: () => strictDouble<ReturnType<IExecuteFunctions['getWorkflowDataProxy']>>('proxy', { $: () => ({ isExecuted }) }),
		getExecuteData: () => strictDouble<ReturnType<IExecuteFunctions['getExecuteData']>>('data', { source: null }),
		getParentNodes: () => [trigger],
		getChildNodes: () => children.map((child) => ({ name: 'Form', typeVersion: 1, ...child })) as NodeTypeAndVersion[],
	});
}

const chat = (parameters: INodeParameters): Start => ({ type: CHAT_TRIGGER, parameters });
const form = (...children: Start['children'] & object): Start => ({ type: FORM_TRIGGER, children });

test.each<[string, Start]>([
	['a webhook that responds with the last node', {}],
	['a webhook whose response mode is an expression: it may', { parameters: { responseMode: '={{ $json.mode }}' } }],
	['a form that responds when the workflow finishes', form()],
	['a form with a further form that is disabled', form({ type: 'n8n-nodes-base.form', disabled: true })],
	['a form with other nodes after it', form({ type: 'n8n-nodes-base.set', disabled: false })],
	['a public chat, by default', chat({ public: true })],
	['a public chat with "lastNode"', chat({ public: true, availableInChat: true, options: { responseMode: 'lastNode' } })],
])('finds %s', (_, start) => {
	expect(findRespondingTrigger(execution(start))).toBe('Trigger');
});

test.each<[string, Start]>([
	['a webhook that responds immediately', { parameters: { responseMode: 'onReceived' } }],
	['a webhook that responds with a response node', { parameters: { responseMode: 'responseNode' } }],
	['a trigger without a response', { parameters: {} }],
	['a disabled trigger', { disabled: true }],
	['a trigger that has not started this execution', { isExecuted: false }],
	["a user's Retry, for which no caller waits", { mode: 'retry' }],
	['a form with a further form, which keeps the page waiting', form({ type: 'n8n-nodes-base.form', disabled: false })],
	['a chat that is not public', chat({})],
	['a public chat with response nodes', chat({ public: true, options: { responseMode: 'responseNodes' } })],
	['a public chat that streams, as in the chat of n8n', chat({ public: true, availableInChat: true })],
	['a public chat whose webhook parameter is no option of it', chat({ public: true, responseMode: 'lastNode', options: { responseMode: 'streaming' } })],
])('does not find %s', (_, start) => {
	expect(findRespondingTrigger(execution(start))).toBeUndefined();
});
