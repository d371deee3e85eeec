/** Small nodes, and comparisons of two of them. */
import type { INodeProperties, INodeTypeDescription } from 'n8n-workflow';
import { compareContracts } from './compare';
import type { Contract, ContractFinding } from './contract';
import { nodeContractOf } from './read';
import { shapeFields, type Shape } from './shapes';

export const operation: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	default: 'send',
	options: [
		{ name: 'Send', value: 'send' },
		{ name: 'Get', value: 'get' },
	],
};

export const text = (name: string, more: Partial<INodeProperties> = {}): INodeProperties => ({
	displayName: name.toUpperCase(),
	name,
	type: 'string',
	default: '',
	...more,
});

export const collection = (options: INodeProperties[], more: Partial<INodeProperties> = {}): INodeProperties => ({
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	default: {},
	options,
	...more,
});

export const shownFor = (...operations: string[]): Partial<INodeProperties> => ({ displayOptions: { show: { operation: operations } } });

export const SHAPE: Shape = {
	type: 'object',
	properties: { id: { type: 'string' }, status: { type: 'string', enum: ['done', 'failed'] }, urls: { type: 'array', items: { type: 'string' } } },
};

export interface Small {
	properties?: INodeProperties[];
	description?: Partial<INodeTypeDescription>;
	shape?: Shape;
	version?: string;
	credential?: INodeProperties[];
}

/** The contract of a package with one node and one credential. */
export function contractOf({ properties = [operation], description = {}, shape = SHAPE, version = '1.2.3', credential = [] }: Small = {}): Contract {
	const whole = { inputs: ['main'], outputs: ['main'], properties, ...description } as INodeTypeDescription;
	const { parameters } = nodeContractOf({ ...whole, properties: credential }, {});
	return {
		package: 'n8n-nodes-small',
		version,
		nodes: { small: { 1: nodeContractOf(whole, { send: shapeFields(shape) }) } },
		credentials: { smallApi: parameters },
	};
}

/** The differences between two of them. */
export const findings = (before: Small, after: Small): ContractFinding[] => compareContracts(contractOf(before), contractOf(after));

/** Asserts that a change breaks saved workflows in exactly one way, with this message. */
export function expectBreak(before: Small, after: Small, words: string, advice: RegExp): void {
	const broken = findings(before, after).filter(({ breaking }) => breaking);
	expect(broken.map(({ what }) => what)).toEqual([expect.stringContaining(words)]);
	expect(broken[0]?.advice).toMatch(advice);
}

/** Asserts that a change breaks nothing, and that these are its additions. */
export function expectAdditions(before: Small, after: Small, words: string[]): void {
	expect(findings(before, after)).toEqual(words.map((what) => ({ breaking: false, what: expect.stringContaining(what) as string, advice: '' })));
}
