import {
	type IConnections,
	type IDataObject,
	type INode,
	type INodeCredentialsDetails,
	type INodeParameters,
	type INodeType,
	type INodeTypes,
	type IWorkflowSettings,
	type NodeConnectionType,
	NodeConnectionTypes,
	type OnError,
} from 'n8n-workflow';
import { againNode, agentNode, followerNode, parallelAgentNode, sourceNode, type SourceItem } from './companions';

/** The workflow around the tested node, which is always called `Stylize`. */
export interface WorkflowOptions {
	parameters: INodeParameters;
	/** By default, one empty item. */
	items?: SourceItem[];
	onError?: OnError;
	retryOnFail?: boolean;
	maxTries?: number;
	/** Runs of the node in a loop; 1 = no loop. */
	rounds?: number;
	/** Runs the node as an AI agent's tool, once per entry: the fields that the agent fills in. */
	toolCalls?: IDataObject[];
	/** The agent makes all its calls concurrently; then only `$fromAI` reads its values. */
	concurrent?: boolean;
	settings?: IWorkflowSettings;
	/** When the trigger in front responds to its caller. */
	respond?: 'onReceived' | 'lastNode' | 'responseNode';
}

/** The tested node and its credential. */
export interface TestedNode {
	name: string;
	type: INodeType;
	credentialType: string;
	credential: INodeCredentialsDetails;
}

/** A workflow as n8n stores it, and its node types. */
export interface WorkflowPlan {
	nodes: INode[];
	connections: IConnections;
	types: NodeTypeList;
}

/** Source → Stylize → Done, with Failed behind the error output, or Source → Agent with Stylize as its tool. */
export function planWorkflow(subject: TestedNode, options: WorkflowOptions): WorkflowPlan {
	const { items = [{}], onError, retryOnFail = false, maxTries = 3, rounds = 1, toolCalls, concurrent = false } = options;
	const stylize: INode = {
		...node('Stylize', toolCalls ? `${subject.name}Tool` : subject.name),
		parameters: structuredClone(options.parameters),
		credentials: { [subject.credentialType]: subject.credential },
		retryOnFail,
		maxTries,
		waitBetweenTries: 1,
		...(onError && { onError }),
	};
	const source = { ...node('Source', 'test.source'), parameters: { responseMode: options.respond ?? 'onReceived' } };
	const types = new NodeTypeList({
		[subject.name]: subject.type,
		'test.source': sourceNode(items),
		'test.again': againNode(rounds),
		'test.follower': followerNode,
		'test.agent': (concurrent ? parallelAgentNode : agentNode)(toolCalls ?? []),
	});
	if (toolCalls) {
		const connections = { Source: main('Agent'), Stylize: { ai_tool: [[end('Agent', 'ai_tool')]] } };
		return { nodes: [source, node('Agent', 'test.agent'), stylize], connections, types };
	}
	if (rounds > 1) {
		const connections = { Source: main('Stylize'), Stylize: main('Again'), Again: main('Stylize') };
		return { nodes: [source, stylize, node('Again', 'test.again')], connections, types };
	}
	const connections = { Source: main('Stylize'), Stylize: main('Done', 'Failed') };
	const followers = [node('Done', 'test.follower'), node('Failed', 'test.follower')];
	return { nodes: [source, stylize, ...followers], connections, types };
}

function node(name: string, type: string): INode {
	return { id: name, name, type, typeVersion: 1, position: [0, 0], parameters: {} };
}

function end(target: string, type: NodeConnectionType) {
	return { node: target, type, index: 0 };
}

/** The main outputs of a node, one target each. */
function main(...targets: string[]) {
	return { main: targets.map((target) => [end(target, NodeConnectionTypes.Main)]) };
}

/** The node types of one workflow. Requests the tool form of a type (`…Tool`) the way n8n creates it. */
export class NodeTypeList implements INodeTypes {
	constructor(private readonly types: Record<string, INodeType>) {}

	getByName(name: string): INodeType {
		return this.getByNameAndVersion(name);
	}

	getByNameAndVersion(name: string): INodeType {
		const type = this.types[name];
		if (type) return type;
		const base = name.endsWith('Tool') ? this.types[name.slice(0, -'Tool'.length)] : undefined;
		if (!base) throw new Error(`Unknown node type "${name}"`);
		return asTool(base);
	}

	getKnownTypes(): IDataObject {
		return {};
	}
}

/** The same node with an `ai_tool` output and no input, as n8n derives it from `usableAsTool`. */
function asTool(type: INodeType): INodeType {
	const { description } = type;
	if (!description.usableAsTool) throw new Error(`"${description.name}" is not usable as a tool`);
	return Object.create(type, {
		description: {
			value: {
				...description,
				name: `${description.name}Tool`,
				displayName: `${description.displayName} Tool`,
				inputs: [],
				outputs: [NodeConnectionTypes.AiTool],
			},
		},
	}) as INodeType;
}
