/** n8n's handling of credential data: fill in defaults, resolve expressions, authenticate a request. */
import {
	NodeHelpers,
	type ICredentialDataDecryptedObject,
	type ICredentialsExpressionResolveValues,
	type ICredentialType,
	type IDataObject,
	type IExecuteData,
	type IHttpRequestOptions,
	type INode,
	type INodeProperties,
	type Workflow,
	type WorkflowExecuteMode,
} from 'n8n-workflow';

type Properties = Parameters<typeof NodeHelpers.getNodeParameters>;
type Expression = ICredentialsExpressionResolveValues['workflow']['expression'];

/** Turns stored credential data into what a node gets: with defaults, and expressions resolved for its item. */
export function readStored(
	properties: INodeProperties[],
	stored: ICredentialDataDecryptedObject,
	mode: WorkflowExecuteMode,
	executeData: IExecuteData | undefined,
	values: ICredentialsExpressionResolveValues | undefined,
): ICredentialDataDecryptedObject {
	const filled = NodeHelpers.getNodeParameters(properties, stored as Properties[1], true, false, null, null);
	const data = filled as ICredentialDataDecryptedObject;
	if (!values) return data;
	const { workflow, runExecutionData, runIndex, itemIndex, node, connectionInputData } = values;
	return workflow.expression.getParameterValue(
		data as Parameters<Expression['getParameterValue']>[0],
		runExecutionData,
		runIndex,
		itemIndex,
		node.name,
		connectionInputData,
		mode,
		{},
		executeData,
		false,
		data,
	) as ICredentialDataDecryptedObject;
}

/** Adds a credential to a request like n8n's CredentialsHelper: with the type's function or its generic form. */
export async function authenticate(
	type: ICredentialType,
	credentials: ICredentialDataDecryptedObject,
	options: IHttpRequestOptions,
	workflow: Workflow | undefined,
	node: INode | undefined,
): Promise<IHttpRequestOptions> {
	const rule = type.authenticate;
	if (!rule) return options;
	if (typeof rule === 'function') return await rule(credentials, options);
	if (!workflow || !node) throw new Error('A declarative credential needs the workflow and the node');

	const resolve = (value: unknown): string => {
		const text = String(value);
		if (!text.startsWith('=')) return text;
		const keys = { $credentials: credentials };
		const resolved = workflow.expression.getSimpleParameterValue(node, text, 'internal', keys, undefined, '');
		return resolved ? String(resolved) : '';
	};
	const target = options as unknown as Record<string, IDataObject | undefined>;
	for (const [part, values] of Object.entries(rule.properties)) {
		const section = (target[part] ??= {});
		for (const [key, value] of Object.entries(values ?? {})) section[resolve(key)] = resolve(value);
	}
	return options;
}
