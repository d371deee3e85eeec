/** The descriptions of the nodes and the credential, to compare with what the editor shows. */
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import type { FormChoice } from '../../../harness/browser/form';
import { HiDreamApi } from '../../../credentials/HiDreamApi.credentials';
import { StylizeVideoTrigger } from '../../../nodes/StylizeVideoTrigger/StylizeVideoTrigger.node';
import { StylizeVideo } from '../../../nodes/StylizeVideo/StylizeVideo.node';

const { properties } = new StylizeVideo().description;

const shownFor = ({ displayOptions }: INodeProperties, operation: string): boolean =>
	displayOptions?.show?.['operation']?.includes(operation) ?? true;

function named(among: INodeProperties[], name: string): INodeProperties {
	const found = among.find((property) => property.name === name);
	if (found === undefined) throw new Error(`"${name}" is not among ${among.map((property) => property.name).join(', ')}.`);
	return found;
}

/** A parameter of an operation. */
export const parameter = (name: string, operation: string): INodeProperties =>
	named(properties.filter((property) => shownFor(property, operation)), name);

/** The dropdowns of an operation, without those that depend on other parameters. */
export const dropdownsOf = (operation: string): INodeProperties[] =>
	properties.filter((property) => property.type === 'options' && shownFor(property, operation));

/** A parameter of the trigger. */
export const triggerParameter = (name: string): INodeProperties => named(new StylizeVideoTrigger().description.properties, name);

/** A field of the credential. */
export const credentialField = (name: string): INodeProperties => named(new HiDreamApi().properties, name);

/** The entries of a dropdown. */
export function choicesOf({ options = [] }: INodeProperties): FormChoice[] {
	return (options as INodePropertyOptions[]).map(({ name, description }) => ({ name, ...(description && { description }) }));
}

/** How the node creator names the entries of the operations or events. */
export const actionsOf = ({ options = [] }: INodeProperties): string[] => (options as INodePropertyOptions[]).map(({ name, action }) => action ?? name);

/** The help in the trigger's panel while its workflow is not active, as plain text. */
export function triggerHelp(): string {
	const { triggerPanel } = new StylizeVideoTrigger().description;
	const help = typeof triggerPanel === 'object' ? triggerPanel.executionsHelp : undefined;
	if (typeof help !== 'object') throw new Error('The trigger has no help of its own.');
	return help.inactive.replace(/<[^>]+>/g, '');
}

/** The options of an operation. */
export function editorOptionsOf(operation: string): INodeProperties[] {
	return parameter('options', operation).options as INodeProperties[];
}
