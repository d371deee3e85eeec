/** A small node and credential that send a stream, to prove the harness itself. */
import {
	NodeConnectionTypes,
	NodeOperationError,
	type ICredentialType,
	type IDataObject,
	type IExecuteFunctions,
	type INodeType,
} from 'n8n-workflow';

export const probeCredential: ICredentialType = {
	name: 'probeApi',
	displayName: 'Probe API',
	properties: [
		{ displayName: 'Key', name: 'key', type: 'string', default: '' },
		{ displayName: 'URL', name: 'url', type: 'string', default: '' },
		{ displayName: 'Token', name: 'token', type: 'hidden', typeOptions: { expirable: true }, default: '' },
	],
	async preAuthentication(credentials) {
		return { token: `token-of-${String(credentials['key'])}` };
	},
	authenticate: { type: 'generic', properties: { headers: { Authorization: '=Bearer {{ $credentials.token }}' } } },
};

/** Sends each item's binary as a stream; remembers in the node's context how often it was tried. */
export const probeNode: INodeType = {
	description: {
		name: 'probe',
		displayName: 'Probe',
		group: ['transform'],
		version: 1,
		description: 'Probe',
		defaults: { name: 'Probe' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'probeApi', required: true }],
		properties: [{ displayName: 'Word', name: 'word', type: 'string', default: '' }],
	},
	async execute(this: IExecuteFunctions) {
		const context = this.getContext('node');
		const tries = (context['tries'] = Number(context['tries'] ?? 0) + 1);
		const { url } = await this.getCredentials<{ url: string }>('probeApi');
		const output = [];
		for (const [item, { binary }] of this.getInputData().entries()) {
			const id = binary?.['data']?.id;
			const body = id ? await this.helpers.getBinaryStream(id) : String(this.getNodeParameter('word', item));
			const options = { url, method: 'POST' as const, body, disableFollowRedirect: true };
			try {
				const answer = (await this.helpers.httpRequestWithAuthentication.call(this, 'probeApi', options)) as IDataObject;
				this.logger.info(`sent item ${item}`);
				output.push({ json: { ...answer, tries, round: this.evaluateExpression('{{ $runIndex }}', item) }, pairedItem: item });
			} catch (error) {
				throw new NodeOperationError(this.getNode(), 'Probe failed', { itemIndex: item, description: String(error) });
			}
		}
		return [output];
	},
};
