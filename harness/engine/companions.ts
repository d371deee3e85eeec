/** The nodes around the tested node: they create its items, repeat it, call it as a tool, and follow it. */
import {
	ExpressionError,
	NodeConnectionTypes,
	type EngineResponse,
	type IBinaryData,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type NodeOutput,
} from 'n8n-workflow';

/** One input item of the tested node; `binary` maps a field to the bytes that n8n stores, or has stored. */
export interface SourceItem {
	json?: IDataObject;
	binary?: Record<string, Buffer | IBinaryData>;
}

function description(name: string, more: Partial<INodeTypeDescription> = {}): INodeTypeDescription {
	return {
		name,
		displayName: name,
		group: ['transform'],
		version: 1,
		description: name,
		defaults: { name },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		properties: [],
		...more,
	};
}

/** Outputs the given items; binaries go through n8n's own `prepareBinaryData` into its own store. */
export function sourceNode(items: SourceItem[]): INodeType {
	return {
		description: description('source', {
			properties: [{ displayName: 'Respond', name: 'responseMode', type: 'string', default: 'onReceived' }],
		}),
		async execute(this: IExecuteFunctions) {
			const emitted: INodeExecutionData[] = [];
			for (const { json = {}, binary } of items) {
				const item: INodeExecutionData = { json: structuredClone(json) };
				for (const [field, bytes] of Object.entries(binary ?? {})) {
					const isStored = !Buffer.isBuffer(bytes);
					const stored = isStored ? bytes : await this.helpers.prepareBinaryData(bytes, `${field}.mp4`, 'video/mp4');
					item.binary = { ...item.binary, [field]: stored };
				}
				emitted.push(item);
			}
			return [emitted];
		},
	};
}

/** Closes a loop: sends the source's items to the tested node until it has run `rounds` times. */
export function againNode(rounds: number): INodeType {
	return {
		description: description('again'),
		async execute(this: IExecuteFunctions) {
			const round = Number(this.evaluateExpression('{{ $runIndex }}', 0)) + 1;
			const first = this.evaluateExpression('{{ $("Source").all(0, 0) }}', 0) as INodeExecutionData[];
			return [round < rounds ? first.map(({ json, binary }, item) => ({ json, binary, pairedItem: item })) : []];
		},
	};
}

/** The source item that n8n pairs an item with; null if there are several. */
function sourceOf(context: IExecuteFunctions, index: number): IDataObject | null {
	try {
		return context.evaluateExpression('{{ $("Source").item.json }}', index) as unknown as IDataObject;
	} catch (error) {
		if (error instanceof ExpressionError && error.context['type'] === 'paired_item_multiple_matches') return null;
		throw error;
	}
}

/** Outputs its items with `from`: the source item that n8n pairs each of them with. */
export const followerNode: INodeType = {
	description: description('follower'),
	async execute(this: IExecuteFunctions) {
		return [
			this.getInputData().map((item, index) => ({
				json: { from: sourceOf(this, index), got: item.json },
				pairedItem: index,
			})),
		];
	},
};

/** Acts as an AI agent: requests the engine to run the tool once per call, then outputs the results. */
export function agentNode(calls: IDataObject[]): INodeType {
	return {
		description: description('agent', { inputs: [NodeConnectionTypes.Main, NodeConnectionTypes.AiTool] }),
		async execute(this: IExecuteFunctions, response?: EngineResponse): Promise<NodeOutput> {
			if (response && response.actionResponses.length > 0) {
				const said = response.actionResponses.map(({ data }) => data.data?.['ai_tool']?.[0] ?? []);
				return [said.flat().map(({ json }) => ({ json, pairedItem: 0 }))];
			}
			const actions = calls.map((input, index) => ({
				actionType: 'ExecutionNodeAction' as const,
				nodeName: 'Stylize',
				input,
				type: NodeConnectionTypes.AiTool,
				id: `call-${index}`,
				metadata: { itemIndex: 0 },
			}));
			return { actions, metadata: {} };
		},
	};
}

/** A node as n8n passes it to an agent of LangChain. */
interface Tool {
	invoke: (input: IDataObject) => Promise<string>;
}

/**
 * Acts as an agent that runs its tool itself, like those of LangChain: all calls concurrently; the text of each
 * response is in `said`.
 */
export function parallelAgentNode(calls: IDataObject[]): INodeType {
	return {
		description: description('parallelAgent', { inputs: [NodeConnectionTypes.Main, NodeConnectionTypes.AiTool] }),
		async execute(this: IExecuteFunctions) {
			const [tool] = (await this.getInputConnectionData(NodeConnectionTypes.AiTool, 0)) as Tool[];
			if (!tool) throw new Error('The agent has no tool');
			const responses = calls.map(async (input) => await tool.invoke(input).catch(({ message }: Error) => message));
			return [(await Promise.all(responses)).map((said) => ({ json: { said }, pairedItem: 0 }))];
		},
	};
}
