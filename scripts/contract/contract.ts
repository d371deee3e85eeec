import type { INodeProperties } from 'n8n-workflow';
import type { Field } from './shapes';

/** The saved part of one parameter, and where it is shown. Display texts are not included. */
export interface ContractParameter {
	name: string;
	/** n8n's type; `string[]` for several values. */
	type: string;
	default: unknown;
	required?: true;
	/** The values of a list, if it has one. */
	values?: unknown[];
	display?: INodeProperties['displayOptions'];
	/** Nested parameters: the options of a collection, the groups of a fixed collection and their fields. */
	fields?: ContractParameter[];
}

/** The part of one node version that saved workflows depend on. */
export interface NodeContract {
	inputs: unknown;
	outputs: unknown;
	usableAsTool: boolean;
	credentials: Array<{ name: string; required: boolean }>;
	/** `path` and `method` are in URLs that other services call. */
	webhooks: Array<{ name: string; method: string; path: string; resumes: boolean }>;
	parameters: ContractParameter[];
	/** The output fields, by operation. */
	fields: Record<string, Record<string, Field>>;
}

/** Everything that saved workflows, credentials and users' expressions depend on. */
export interface Contract {
	/** A node is saved with the name of its package and its own name. */
	package: string;
	/** The version of the package with this contract. */
	version: string;
	/** By name, then by type version. */
	nodes: Record<string, Record<string, NodeContract>>;
	/** By name. */
	credentials: Record<string, ContractParameter[]>;
}

/** One difference between two contracts. */
export interface ContractFinding {
	breaking: boolean;
	/** What has changed, with the node and the name. */
	what: string;
	/** What it breaks in a saved workflow, and what to do instead; empty for an addition. */
	advice: string;
}
