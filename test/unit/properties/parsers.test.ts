/** Any JSON for each parser of a parameter: a value of its type, or words that name the parameter. Never a silent default. */
import fc from 'fast-check';
import { HiDreamApi } from '../../../credentials/HiDreamApi.credentials';
import { HiDreamTrigger } from '../../../nodes/HiDreamTrigger/HiDreamTrigger.node';
import { styleOf } from '../../../nodes/hidream/styles';
import { asChoice, asFlag, asNumber, asWholeNumber, InvalidInput, isUnset } from '../../../nodes/StylizeVideo/input';
import { StylizeVideo } from '../../../nodes/StylizeVideo/StylizeVideo.node';
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { nastyJson } from './arbitraries';

const WORDS = ['url', 'binary', 'binaryLink'] as const;
const values = fc.oneof(
	nastyJson,
	fc.double(),
	fc.double().map(String),
	fc.constantFrom<unknown>('TRUE', ' yes ', 'off', 'Link to Binary File', 'BINARY', 1, 0, 2, '1', undefined, null, '', ' ', [1], ['url'], 7n, Symbol('s')),
);

const parsers: Array<[string, (value: unknown) => unknown, (result: unknown) => boolean]> = [
	['yes or no', (value) => asFlag(value, 'Field'), (result) => typeof result === 'boolean'],
	['a number', (value) => asNumber(value, 'Field'), (result) => Number.isFinite(result) && Number(result) >= 0],
	['a whole number', (value) => asWholeNumber(value, 'Field', 1), (result) => Number.isInteger(result) && Number(result) >= 1],
	['a choice', (value) => asChoice(value, 'Field', WORDS), (result) => WORDS.some((word) => word === result)],
];

test.each(parsers)('%s', (_, parse, isRight) => {
	const [byDefault] = [asFlag(undefined, 'Field'), WORDS[0]].filter((value) => isRight(value));
	fc.assert(
		fc.property(values, (value) => {
			try {
				const result = parse(value);
				expect(isRight(result)).toBe(true);
				// The default is for what is not set, or says so itself.
				if (result === byDefault && !isUnset(value)) expect(String(value).trim().toLowerCase()).toMatch(/^(false|no|off|0|-0|url)$/);
			} catch (error) {
				expect(error).toBeInstanceOf(InvalidInput);
				expect((error as Error).message).toContain('"Field"');
			}
		}),
		{ numRuns: 500 },
	);
});

const choicesOf = (properties: INodeProperties[]): INodeProperties[] =>
	properties.flatMap((property) => [
		...(property.type === 'options' ? [property] : []),
		...(property.type === 'collection' ? choicesOf((property.options ?? []) as INodeProperties[]) : []),
	]);

const choices = choicesOf([
	...new StylizeVideo().description.properties,
	...new HiDreamTrigger().description.properties,
	...new HiDreamApi().properties,
]).filter(({ name }) => name !== 'style');

test.each(choices.map((choice) => [choice.displayName, choice] as const))('%s is understood by each displayed name', (_, { displayName, options }) => {
	const listed = (options ?? []) as INodePropertyOptions[];
	const [first = '', ...more] = listed.map(({ value }) => String(value));
	for (const { name, value } of listed) expect(asChoice(name, displayName, [first, ...more])).toBe(value);
});

test('Style is understood by each displayed name', () => {
	const style = new StylizeVideo().description.properties.find(({ name }) => name === 'style');
	for (const { name, value } of (style?.options ?? []) as INodePropertyOptions[]) expect(styleOf(name)).toBe(value);
});
