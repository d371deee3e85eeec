/** What the node says of itself, to be compared with what the editor shows. */
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import type { Choice } from '../../../harness/browser/form';
import { StylizeVideo } from '../../../nodes/StylizeVideo/StylizeVideo.node';

const { properties } = new StylizeVideo().description;

const shownFor = ({ displayOptions }: INodeProperties, operation: string): boolean =>
	displayOptions?.show?.['operation']?.includes(operation) ?? true;

/** A parameter of an operation. */
export function parameter(name: string, operation: string): INodeProperties {
	const found = properties.find((property) => property.name === name && shownFor(property, operation));
	if (found === undefined) throw new Error(`The node has no parameter "${name}" for ${operation}.`);
	return found;
}

/** The entries of a dropdown. */
export function choicesOf({ options = [] }: INodeProperties): Choice[] {
	return (options as INodePropertyOptions[]).map(({ name, description }) => ({ name, ...(description && { description }) }));
}

/** The options of an operation. */
export function optionsOf(operation: string): INodeProperties[] {
	return parameter('options', operation).options as INodeProperties[];
}
