import type { ICredentialDataDecryptedObject, ICredentialType, INodeCredentialsDetails, INodeType } from 'n8n-workflow';
import { CredentialStore } from './credentialStore';
import { useBinaryMode, type BinaryMode } from './engine';
import { Execution } from './execution';
import type { RunOutcome } from './outcome';
import { planWorkflow, type WorkflowOptions } from './plan';

export { closeEngine, logbook } from './engine';
export type { CredentialStore } from './credentialStore';
export type { Execution } from './execution';
export type { RunOutcome } from './outcome';
export type { Suspended } from './suspended';
export type { SourceItem } from './companions';
export type { WorkflowOptions } from './plan';

/** A workflow to run, with its credential and binary mode. */
export interface RunOptions extends WorkflowOptions {
	credential: INodeCredentialsDetails | ICredentialDataDecryptedObject;
	binaryMode?: BinaryMode;
	/** The URL that resumes suspended executions; its host does not exist by default. */
	waitingUrl?: string;
	/** n8n does not save the execution, so it has no ID. */
	unsaved?: boolean;
	/** When n8n cancels the execution, in milliseconds since 1970. */
	timeoutAt?: number;
}

/** n8n with one node type and one credential type installed. */
export class Instance {
	readonly credentials: CredentialStore;

	constructor(
		private readonly nodeName: string,
		private readonly nodeType: INodeType,
		private readonly credentialType: ICredentialType,
	) {
		this.credentials = new CredentialStore(credentialType);
	}

	/** Starts a workflow with the tested node. */
	async start(options: RunOptions): Promise<Execution> {
		const { credential, binaryMode = 'filesystem', settings = {}, waitingUrl, unsaved, timeoutAt } = options;
		await useBinaryMode(binaryMode);
		const details = isDetails(credential) ? credential : this.credentials.add(credential);
		const subject = {
			name: this.nodeName,
			type: this.nodeType,
			credentialType: this.credentialType.name,
			credential: details,
		};
		return new Execution({ plan: planWorkflow(subject, options), credentials: this.credentials, settings, waitingUrl, unsaved, timeoutAt });
	}

	/** Runs a workflow to its end. */
	async run(options: RunOptions): Promise<RunOutcome> {
		return await (await this.start(options)).outcome();
	}
}

function isDetails(value: INodeCredentialsDetails | ICredentialDataDecryptedObject): value is INodeCredentialsDetails {
	return typeof value['id'] === 'string' && typeof value['name'] === 'string';
}
