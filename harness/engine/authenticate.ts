import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IDataObject,
	IHttpRequestOptions,
	INode,
	Workflow,
} from 'n8n-workflow';

/** Puts a credential into a request as n8n's CredentialsHelper does: by the type's function or its generic form. */
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
