import {
	NodeConnectionTypes,
	type IConnections,
	type INode,
	type INodeCredentialsDetails,
	type INodeParameters,
	type INodeType,
	type IWorkflowSettings,
	type NodeConnectionType,
	type OnError,
	type IDataObject,
} from 'n8n-workflow';
import { againNode, agentNode, followerNode, hastyAgentNode, sourceNode, type SourceItem } from './companions';
import { NodeTypeList } from './nodeTypes';

/** What a test says about the workflow round the node under test, which is always called `Stylize`. */
export interface WorkflowOptions {
	parameters: INodeParameters;
	/** One empty item unless given. */
	items?: SourceItem[];
	onError?: OnError;
	retryOnFail?: boolean;
	maxTries?: number;
	/** Runs of the node in a loop round it; 1 = no loop. */
	rounds?: number;
	/** Runs the node as an AI agent's tool, once per entry: the fields the agent fills in. */
	toolCalls?: IDataObject[];
	/** The agent makes all its calls in one instant; then only `$fromAI` reads what it filled in. */
	atOnce?: boolean;
	settings?: IWorkflowSettings;
	/** When the trigger in front answers its caller. */
	respond?: 'onReceived' | 'lastNode' | 'responseNode';
}

/** The node under test and the credential it uses. */
export interface Subject {
	name: string;
	type: INodeType;
	credentialType: string;
	credential: INodeCredentialsDetails;
}

/** A workflow as n8n stores it, and its node types. */
export interface Plan {
	nodes: INode[];
	connections: IConnections;
	types: NodeTypeList;
}

/** Source → Stylize → Done, with Failed behind the error output, or Source → Agent with Stylize as its tool. */
export function planWorkflow(subject: Subject, options: WorkflowOptions): Plan {
	const { items = [{}], onError, retryOnFail = false, maxTries = 3, rounds = 1, toolCalls, atOnce = false } = options;
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
		'test.agent': (atOnce ? hastyAgentNode : agentNode)(toolCalls ?? []),
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
