import type { IExecuteFunctions, INodeParameters } from 'n8n-workflow';

/** The Chat Trigger's mode is an option, and its default is the last node. */
const CHAT_TRIGGER = '@n8n/n8n-nodes-langchain.chatTrigger';

/** Whether a trigger answers its caller with the output of the last node: of a suspended execution, what it has so far. */
function answersWithLastNode(type: string, { responseMode, options, availableInChat, public: isPublic }: INodeParameters): boolean {
	if (type !== CHAT_TRIGGER) return responseMode === 'lastNode';
	const chosen = (options as INodeParameters | undefined)?.responseMode;
	return isPublic === true && (chosen ?? (availableInChat === true ? 'streaming' : 'lastNode')) === 'lastNode';
}

/**
 * The trigger that started this execution and answers its caller as soon as the execution is suspended, so that the
 * caller is told `timed_out`. Undefined if there is none, or if no caller waits, as after a user's Retry. (A Respond
 * to Webhook node is no obstacle: n8n keeps the caller waiting until that node has run.)
 */
export function findCallerToAnswer(context: IExecuteFunctions): string | undefined {
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
			({ name, type, disabled, parameters = {} }) => !disabled && answersWithLastNode(type, parameters) && wasRun(name),
		)?.name;
	} catch {
		// An n8n that cannot tell.
		return undefined;
	}
}
