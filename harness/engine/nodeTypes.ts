import { NodeConnectionTypes, type IDataObject, type INodeType, type INodeTypes } from 'n8n-workflow';

/** The node types of one workflow. Asks for the tool form of a type (`…Tool`) the way n8n makes it. */
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
