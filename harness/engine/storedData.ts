import {
	NodeHelpers,
	type ICredentialDataDecryptedObject,
	type ICredentialsExpressionResolveValues,
	type IExecuteData,
	type INodeProperties,
	type WorkflowExecuteMode,
} from 'n8n-workflow';

type Properties = Parameters<typeof NodeHelpers.getNodeParameters>;
type Expression = ICredentialsExpressionResolveValues['workflow']['expression'];

/** Makes of stored credential data what a node gets to see: defaults filled in, expressions resolved for its item. */
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
