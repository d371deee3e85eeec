import type { INodeProperties, INodeTypeDescription } from 'n8n-workflow';

const textProperty = (name: string): INodeProperties => ({ displayName: name, name, type: 'string', default: '' });

/** The description of a node that has only text parameters. */
export const plainNode = (name: string, displayName: string, parameters: readonly string[]): INodeTypeDescription => ({
	name,
	displayName,
	description: displayName,
	group: ['transform'],
	version: 1,
	defaults: { name: displayName },
	inputs: ['main'],
	outputs: ['main'],
	properties: parameters.map(textProperty),
});
