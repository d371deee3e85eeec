import type { IExecuteFunctions, INodeParameters } from 'n8n-workflow';

/** The Chat Trigger's mode is an option, and its default is the last node. */
const CHAT_TRIGGER = '@n8n/n8n-nodes-langchain.chatTrigger';

const FORM_TRIGGER = 'n8n-nodes-base.formTrigger';

/** Whether a Form node comes after a Form Trigger: n8n then keeps the caller's page waiting, whatever the trigger's "Respond When" says. */
const showsFurtherForm = (context: IExecuteFunctions, trigger: string): boolean =>
	context.getChildNodes(trigger).some(({ type, disabled }) => type === 'n8n-nodes-base.form' && !disabled);

/** Whether a trigger responds to its caller with the output of the last node: of a suspended execution, what it has so far. */
function respondsWithLastNode(type: string, { responseMode, options, availableInChat, public: isPublic }: INodeParameters): boolean {
	// The value of an expression is unknown here.
	if (type !== CHAT_TRIGGER) return responseMode === 'lastNode' || (typeof responseMode === 'string' && responseMode.startsWith('='));
	const chosen = (options as INodeParameters | undefined)?.responseMode;
	return isPublic === true && (chosen ?? (availableInChat === true ? 'streaming' : 'lastNode')) === 'lastNode';
}

/**
 * The trigger that started this execution and responds to its caller as soon as the execution is suspended, so that the
 * caller is told `timed_out`. Undefined if there is none, or if no caller waits, as after a user's Retry. (A Respond
 * to Webhook node is no obstacle: n8n keeps the caller waiting until that node has run.)
 */
export function findRespondingTrigger(context: IExecuteFunctions): string | undefined {
	if (context.getMode() === 'retry') return undefined;
	try {
		const data = context.getWorkflowDataProxy(0);
		// A tool has no parents of its own: n8n names its agent as the source.
		const agent = context.getExecuteData().source?.main?.[0]?.previousNode;
		const parents = [context.getNode().name, ...(agent === undefined ? [] : [agent])].flatMap((name) =>
			context.getParentNodes(name, { includeNodeParameters: true }),
		);
		const wasRun = (name: string): boolean => (data.$(name) as { isExecuted?: boolean }).isExecuted === true;
		return parents.find(
			({ name, type, disabled, parameters = {} }) =>
				!disabled && respondsWithLastNode(type, parameters) && wasRun(name) && !(type === FORM_TRIGGER && showsFurtherForm(context, name)),
		)?.name;
	} catch {
		// This version of n8n cannot tell.
		return undefined;
	}
}
