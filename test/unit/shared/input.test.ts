/** Reading parameters: an expression, or an AI model, may give anything. */
import { asBoolean, asChoice, asFieldName, asNumber, asText, asWholeNumber, InvalidInput } from '../../../nodes/shared/input';

test.each([
	[undefined, ''],
	[null, ''],
	['', ''],
	['  text\n', 'text'],
	[7, '7'],
	[0, '0'],
	[false, 'false'],
])('%p as text is %j', (value, expected) => expect(asText(value, 'Name')).toBe(expected));

test.each([
	[[], 'a list'],
	[['a'], 'a list'],
	[{}, 'an object'],
	[new Date(0), 'an object'],
])('%p is not text', (value, what) => {
	expect(() => asText(value, 'Video URL')).toThrow(InvalidInput);
	expect(() => asText(value, 'Video URL')).toThrow(`"Video URL" must be text, but it is ${what}`);
});

test.each([
	[2, 2],
	[0, 0],
	[0.5, 0.5],
	['2', 2],
	[' 2.5 ', 2.5],
	['5.0', 5],
	['1e3', 1000],
	['.5', 0.5],
])('%p as a number is %f', (value, expected) => expect(asNumber(value, 'Name')).toBe(expected));

test.each(['', ' ', 'two', '2 tasks', '5 minutes', '0x7', '1,5', '1_000', 5n, NaN, Infinity, '-Infinity', -1, '-0.1', null, undefined, true, [], [2], {}])(
	'%p is not a number of at least 0',
	(value) => {
		expect(() => asNumber(value, 'Tasks per Minute')).toThrow(InvalidInput);
		expect(() => asNumber(value, 'Tasks per Minute')).toThrow('"Tasks per Minute" must be a number of at least 0');
	},
);

test('rejects a number that is too large for a timer', () => {
	expect(asNumber(1e9, 'Max Wait (Minutes)')).toBe(1e9);
	expect(() => asNumber('1e10', 'Max Wait (Minutes)')).toThrow('"Max Wait (Minutes)" must be a number of at most 1000000000');
});

test.each(['__proto__', ' constructor ', 'prototype', 'toString'])('%s is no field name', (name) => {
	expect(() => asFieldName(name, 'Put Output File in Field')).toThrow(InvalidInput);
	expect(() => asFieldName(name, 'Put Output File in Field')).toThrow(`"Put Output File in Field" is "${name.trim()}"`);
});

test('accepts any other name', () => {
	expect(['film', ' __proto ', '', null].map((name) => asFieldName(name, 'Field'))).toEqual(['film', '__proto', 'data', 'data']);
});

test('rejects a number below the minimum', () => {
	expect(asNumber(1, 'Concurrency', 1)).toBe(1);
	expect(() => asNumber(0.99, 'Concurrency', 1)).toThrow('at least 1');
});

test('an error says what to do', () => {
	expect(() => asNumber('x', 'Concurrency')).toThrow(expect.objectContaining({ hint: expect.stringContaining('"Concurrency"') }));
});

test.each([true, 'true', 'TRUE', ' True ', 'yes', ' Yes\n', 'on', 1, '1'])('%p is true', (value) => expect(asBoolean(value, 'Flag')).toBe(true));

test.each([false, 'false', 'FALSE', 'no', ' off ', 0, '0', '', '  ', null, undefined])('%p is false', (value) => {
	expect(asBoolean(value, 'Flag')).toBe(false);
});

test.each([2, -1, NaN, 'maybe', 'ja', '2', 'null', [], [true], {}, new Date(0)])('%p is not a boolean', (value) => {
	expect(() => asBoolean(value, 'Download Video')).toThrow(InvalidInput);
	expect(() => asBoolean(value, 'Download Video')).toThrow('"Download Video" is ');
});

test('rejects a fraction for an integer', () => {
	expect(asWholeNumber('3.0', 'Concurrency', 1)).toBe(3);
	expect(() => asWholeNumber(2.5, 'Concurrency', 1)).toThrow('"Concurrency" must be a whole number, but it is 2.5');
});

const INPUT_TYPES = [
	{ name: 'Binary File', value: 'binary' },
	{ name: 'Link to Binary File', value: 'binaryLink' },
	{ name: 'URL', value: 'url' },
];

test.each(['binaryLink', 'BINARY LINK', 'binary link', 'Binary-Link', 'Link to Binary File', ' link_to_binary_file '])('%j is one of the values', (value) => {
	expect(asChoice(value, 'Input Type', INPUT_TYPES)).toBe('binaryLink');
});

test.each(['links', 'url, binary', 7, true, ['url'], { url: 1 }, ''])('%j is none of the values', (value) => {
	expect(() => asChoice(value, 'Input Type', INPUT_TYPES)).toThrow(InvalidInput);
	expect(() => asChoice(value, 'Input Type', INPUT_TYPES)).toThrow('"Input Type"');
});
