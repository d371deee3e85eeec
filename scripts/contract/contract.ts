import type { INodeProperties } from 'n8n-workflow';
import type { Field } from './shapes';

/** What is saved of one parameter, and where it is shown. Texts for people are no part of it. */
export interface Parameter {
	name: string;
	/** n8n's type; `string[]` where the user may give several. */
	type: string;
	default: unknown;
	required?: true;
	/** The values to choose from, where there is a list. */
	values?: unknown[];
	display?: INodeProperties['displayOptions'];
	/** What stands in it: the options of a collection, the groups of a fixed collection and their fields. */
	fields?: Parameter[];
}

/** What a saved workflow knows of one version of a node. */
export interface NodeContract {
	inputs: unknown;
	outputs: unknown;
	usableAsTool: boolean;
	credentials: Array<{ name: string; required: boolean }>;
	/** `path` and `method` are in URLs that others have been given. */
	webhooks: Array<{ name: string; method: string; path: string; resumes: boolean }>;
	parameters: Parameter[];
	/** The fields that come out, by operation. */
	fields: Record<string, Record<string, Field>>;
}

/** All on which saved workflows, credentials and other people's expressions depend. */
export interface Contract {
	/** A node is saved under the name of its package and its own. */
	package: string;
	/** The version of the package that gave this promise. */
	version: string;
	/** By name, then by type version. */
	nodes: Record<string, Record<string, NodeContract>>;
	/** By name. */
	credentials: Record<string, Parameter[]>;
}

/** One difference between two contracts. */
export interface Finding {
	breaking: boolean;
	/** What has changed, with the node and the name. */
	what: string;
	/** What that does to somebody's saved workflow, and what to do instead; empty for an addition. */
	advice: string;
}
