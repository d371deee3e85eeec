import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import type { ContractParameter } from './contract';

/** Kinds that only display something and save nothing. */
const WITHOUT_VALUE: ReadonlySet<string> = new Set(['notice', 'callout', 'button']);

type Entry = NonNullable<INodeProperties['options']>[number];

const isGroup = (entry: Entry): entry is INodePropertyCollection => 'values' in entry;
const isParameter = (entry: Entry): entry is INodeProperties => 'type' in entry && 'default' in entry;
const isChoice = (entry: Entry): entry is INodePropertyOptions => 'value' in entry && !('type' in entry);

const groupOf = ({ name, values }: INodePropertyCollection): ContractParameter => ({
	name,
	type: 'group',
	default: null,
	fields: parametersOf(values),
});

function parameterOf({ name, type, typeOptions, default: preset, required, options = [], displayOptions }: INodeProperties): ContractParameter {
	const values = options.filter(isChoice).map(({ value }) => value);
	const fields = [...parametersOf(options.filter(isParameter)), ...options.filter(isGroup).map(groupOf)];
	return {
		name,
		type: typeOptions?.multipleValues === true ? `${type}[]` : type,
		default: preset,
		...(required === true && { required }),
		...(values.length > 0 && { values }),
		...(displayOptions && { display: displayOptions }),
		...(fields.length > 0 && { fields }),
	};
}

/** The parameters of the contract, in the order of the description. */
export const parametersOf = (properties: INodeProperties[]): ContractParameter[] =>
	properties.filter(({ type }) => !WITHOUT_VALUE.has(type)).map(parameterOf);
