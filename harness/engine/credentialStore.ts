import {
	ICredentialsHelper,
	type ICredentialDataDecryptedObject,
	type ICredentialsExpressionResolveValues,
	type ICredentialType,
	type IExecuteData,
	type IHttpRequestHelper,
	type IHttpRequestOptions,
	type INode,
	type INodeCredentialsDetails,
	type INodeProperties,
	type IWorkflowExecuteAdditionalData,
	type Workflow,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import { authenticate, readStored } from './credentialData';

/**
 * Replaces n8n's CredentialsHelper (n8n 2.41, `credentials-helper.js`) and the database behind it.
 * Keeps each value that n8n itself writes.
 */
export class CredentialStore extends ICredentialsHelper {
	/** Every value that n8n itself stored (after an exchange), oldest first. */
	readonly updates: ICredentialDataDecryptedObject[] = [];

	private readonly rows = new Map<string, ICredentialDataDecryptedObject>();

	constructor(private readonly type: ICredentialType) {
		super();
	}

	/** Saves a new credential, like the editor. */
	add(data: ICredentialDataDecryptedObject): INodeCredentialsDetails {
		const id = String(this.rows.size + 1);
		this.rows.set(id, structuredClone(data));
		return { id, name: `Account ${id}` };
	}

	/** Edits fields of a stored credential like a user in the editor: hidden fields stay. */
	edit(details: INodeCredentialsDetails, change: ICredentialDataDecryptedObject): void {
		Object.assign(this.row(details), structuredClone(change));
	}

	/** The stored data. */
	stored(details: INodeCredentialsDetails): ICredentialDataDecryptedObject {
		return structuredClone(this.row(details));
	}

	override getParentTypes(name: string): string[] {
		return this.typeOf(name).extends ?? [];
	}

	override isCredentialUsableByNode(): boolean {
		return true;
	}

	override getCredentialsProperties(name: string): INodeProperties[] {
		return this.typeOf(name).properties;
	}

	override async getCredentials(): Promise<never> {
		throw new Error('No node reads encrypted credentials');
	}

	override async authenticate(
		credentials: ICredentialDataDecryptedObject,
		name: string,
		options: IHttpRequestOptions,
		workflow?: Workflow,
		node?: INode,
	): Promise<IHttpRequestOptions> {
		return await authenticate(this.typeOf(name), credentials, options, workflow, node);
	}

	/** n8n's rule: exchange if the hidden expirable field is empty or the service responded with a 401, and store the result. */
	override async preAuthentication(
		helpers: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
		name: string,
		node: INode,
		credentialsExpired: boolean,
	): Promise<ICredentialDataDecryptedObject | undefined> {
		const type = this.typeOf(name);
		const expirable = type.properties.find(
			(property) => property.type === 'hidden' && property.typeOptions?.expirable === true,
		)?.name;
		if (expirable === undefined || !type.preAuthentication) return undefined;
		if (credentials[expirable] !== '' && !credentialsExpired) return undefined;
		const output = (await type.preAuthentication.call(helpers, credentials)) as ICredentialDataDecryptedObject;
		if (output[expirable] === undefined) return undefined;
		const details = node.credentials?.[name];
		if (!details) return undefined;
		await this.updateCredentials(details, name, { ...this.stored(details), ...output });
		return Object.assign(credentials, output);
	}

	override async runPreAuthentication(): Promise<never> {
		throw new Error('runPreAuthentication is not part of a node run');
	}

	override async getDecrypted(
		_additionalData: IWorkflowExecuteAdditionalData,
		details: INodeCredentialsDetails,
		name: string,
		mode: WorkflowExecuteMode,
		executeData?: IExecuteData,
		raw?: boolean,
		values?: ICredentialsExpressionResolveValues,
	): Promise<ICredentialDataDecryptedObject> {
		const stored = this.stored(details);
		return raw ? stored : readStored(this.getCredentialsProperties(name), stored, mode, executeData, values);
	}

	override async updateCredentials(
		details: INodeCredentialsDetails,
		name: string,
		data: ICredentialDataDecryptedObject,
	): Promise<void> {
		this.typeOf(name);
		this.edit(details, data);
		this.updates.push(structuredClone(data));
	}

	override async updateCredentialsOauthTokenData(): Promise<never> {
		throw new Error('HiDream credentials are not OAuth credentials');
	}

	private row(details: INodeCredentialsDetails): ICredentialDataDecryptedObject {
		const row = this.rows.get(details.id ?? '');
		if (!row) throw new Error(`No credential with the id "${details.id}" is stored`);
		return row;
	}

	private typeOf(name: string): ICredentialType {
		if (name !== this.type.name) throw new Error(`Unknown credential type "${name}"`);
		return this.type;
	}
}
