/** Reading parameters: an expression, or an AI model, may give anything. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { readAccountLimits } from '../../../nodes/StylizeVideo/accountLimits';
import { asChoice, asFieldName, asFlag, asNumber, asText, asWholeNumber, InvalidInput, ItemParameters } from '../../../nodes/shared/input';
import { strictDouble } from '../support/strictDouble';

function parametersOf(values: Record<string, unknown>, itemIndex = 0): ItemParameters {
	const getNodeParameter = (name: string, item: number, fallback: unknown, how?: { rawExpressions?: boolean }) => {
		if (item !== itemIndex) throw new Error(`Item ${item} was asked for`);
		const value = Object.hasOwn(values, name) ? values[name] : fallback;
		if (value instanceof Error && how?.rawExpressions === true) return '={{ what fails }}';
		if (value instanceof Error) throw value;
		return value;
	};
	return new ItemParameters(
		strictDouble<IExecuteFunctions>('context', {
			getNodeParameter: getNodeParameter as IExecuteFunctions['getNodeParameter'],
			evaluateExpression: () => 1,
		}),
		itemIndex,
	);
}

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
])('%p is no text', (value, what) => {
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
	'%p is no number of at least 0',
	(value) => {
		expect(() => asNumber(value, 'Tasks per Minute')).toThrow(InvalidInput);
		expect(() => asNumber(value, 'Tasks per Minute')).toThrow('"Tasks per Minute" must be a number of at least 0');
	},
);

test('a number that no clock could count', () => {
	expect(asNumber(1e9, 'Max Wait (Minutes)')).toBe(1e9);
	expect(() => asNumber('1e10', 'Max Wait (Minutes)')).toThrow('"Max Wait (Minutes)" must be a number of at most 1000000000');
});

test.each(['__proto__', ' constructor ', 'prototype', 'toString'])('%s is no name for a field', (name) => {
	expect(() => asFieldName(name, 'Put Output File in Field')).toThrow(InvalidInput);
	expect(() => asFieldName(name, 'Put Output File in Field')).toThrow(`"Put Output File in Field" is "${name.trim()}"`);
});

test('any other is', () => {
	expect(['film', ' __proto ', '', null].map((name) => asFieldName(name, 'Field'))).toEqual(['film', '__proto', 'data', 'data']);
});

test.each([[[]], ['text'], [7], [true]])('options that are %j are none', (options) => {
	const parameters = parametersOf({ options });
	expect(() => parameters.optionText('requestId', 'Request ID')).toThrow(InvalidInput);
	expect(() => parameters.optionNumber('maxWait', 'Max Wait (Minutes)', 0)).toThrow('"Options" must be an object');
});

test.each([null, undefined, '', {}])('options that are %p are not set', (options) => {
	expect(parametersOf({ options }).optionText('requestId', 'Request ID')).toBe('');
});

test('a number below its least', () => {
	expect(asNumber(1, 'Concurrency', 1)).toBe(1);
	expect(() => asNumber(0.99, 'Concurrency', 1)).toThrow('at least 1');
});

test('what is wrong says what to do', () => {
	expect(() => asNumber('x', 'Concurrency')).toThrow(expect.objectContaining({ hint: expect.stringContaining('"Concurrency"') }));
});

test('text is trimmed, a prompt is taken as typed', () => {
	const parameters = parametersOf({ videoUrl: ' https://v.example ', prompt: ' a\n b ' });
	expect(parameters.text('videoUrl', 'Video URL')).toBe('https://v.example');
	expect(parameters.verbatim('prompt', 'Prompt')).toBe(' a\n b ');
	expect(parametersOf({ prompt: 7 }).verbatim('prompt', 'Prompt')).toBe('7');
	expect(parametersOf({ prompt: null }).verbatim('prompt', 'Prompt')).toBe('');
	expect(() => parametersOf({ prompt: ['a'] }).verbatim('prompt', 'Prompt')).toThrow('"Prompt" must be text');
});

test('the parameters of its own item', () => {
	expect(parametersOf({ style: 'anime' }, 3).text('style', 'Style')).toBe('anime');
});

test('an expression that fails is reported with the name of its field', () => {
	const parameters = parametersOf({ videoUrl: new Error('Referenced node is unexecuted') });
	expect(() => parameters.text('videoUrl', 'Video URL')).toThrow(InvalidInput);
	expect(() => parameters.text('videoUrl', 'Video URL')).toThrow('"Video URL" cannot be evaluated: Referenced node is unexecuted');
	const odd = parametersOf({ options: new Error('odd') });
	expect(() => odd.optionText('requestId', 'Request ID')).toThrow('"Options" is one expression');
	expect(odd.text('videoUrl', 'Video URL')).toBe('');
});

test('an option beats what stands in for it', () => {
	const parameters = parametersOf({ options: { set: 5, zero: 0, empty: '', name: ' n ' } });
	expect(parameters.optionNumber('set', 'Set', 0, 1, 2)).toBe(5);
	expect(parameters.optionNumber('zero', 'Zero', 0, 1, 2)).toBe(0);
	expect(parameters.optionNumber('empty', 'Empty', 0, 1, 2)).toBe(1);
	expect(parameters.optionNumber('unset', 'Unset', 0, undefined, '', 2)).toBe(2);
	expect(parameters.optionText('name', 'Name')).toBe('n');
	expect(parameters.optionText('unset', 'Unset')).toBe('');
});

test('one of a few words, the first of them by default', () => {
	const parameters = parametersOf({ inputType: 'binary', options: { whenUncertain: 'resubmit' } });
	expect(parameters.choice('inputType', 'Input Type', ['url', 'binary'])).toBe('binary');
	expect(parameters.optionChoice('whenUncertain', 'When Uncertain', ['report', 'resubmit'])).toBe('resubmit');
	expect(parameters.optionChoice('unset', 'Unset', ['report', 'resubmit'])).toBe('report');
	expect(() => parameters.choice('inputType', 'Input Type', ['url'])).toThrow('"Input Type" has an unknown value: "binary"');
});

test.each([true, 'true', 'TRUE', ' True ', 'yes', ' Yes\n', 'on', 1, '1'])('%p is yes', (value) => expect(asFlag(value, 'Flag')).toBe(true));

test.each([false, 'false', 'FALSE', 'no', ' off ', 0, '0', '', '  ', null, undefined])('%p is no', (value) => {
	expect(asFlag(value, 'Flag')).toBe(false);
});

test.each([2, -1, NaN, 'maybe', 'ja', '2', 'null', [], [true], {}, new Date(0)])('%p is neither yes nor no', (value) => {
	expect(() => asFlag(value, 'Download Video')).toThrow(InvalidInput);
	expect(() => asFlag(value, 'Download Video')).toThrow('"Download Video" is ');
});

test('a number of whole things has no fraction', () => {
	expect(asWholeNumber('3.0', 'Concurrency', 1)).toBe(3);
	expect(() => asWholeNumber(2.5, 'Concurrency', 1)).toThrow('"Concurrency" must be a whole number, but it is 2.5');
});

test.each(['binaryLink', 'BINARY LINK', 'binary link', 'Binary-Link', 'Link to Binary File', ' link_to_binary_file '])('%j is a choice', (value) => {
	expect(asChoice(value, 'Input Type', ['url', 'binary', 'binaryLink'])).toBe('binaryLink');
});

test.each(['links', 'url, binary', 7, true, ['url'], { url: 1 }])('%j is no choice', (value) => {
	expect(() => asChoice(value, 'Input Type', ['url', 'binary', 'binaryLink'])).toThrow(InvalidInput);
	expect(() => asChoice(value, 'Input Type', ['url', 'binary', 'binaryLink'])).toThrow('"Input Type"');
});

describe('the limits of a credential', () => {
	test.each([
		[{}, { parallelTasks: 1, tasksPerMinute: 2 }],
		[{ accountLevel: 'Level 3', tasksPerMinute: ' 1.5 ' }, { parallelTasks: 7, tasksPerMinute: 1.5 }],
		[{ accountLevel: 'Level 4 (10 Parallel Tasks)', parallelTasks: 2 }, { parallelTasks: 10, tasksPerMinute: 2 }],
		[{ accountLevel: 'CUSTOM', parallelTasks: '5', tasksPerMinute: 0 }, { parallelTasks: 5, tasksPerMinute: 0 }],
	])('%j', (credential, limits) => expect(readAccountLimits(credential)).toEqual(limits));

	test.each([
		[{ accountLevel: 'level9' }, '"Account Level (HiDream API Credential)"'],
		[{ accountLevel: 'custom', parallelTasks: 'many' }, '"Parallel Tasks (HiDream API Credential)"'],
		[{ accountLevel: 'custom', parallelTasks: 1.5 }, '"Parallel Tasks (HiDream API Credential)"'],
		[{ tasksPerMinute: 'two' }, '"Tasks per Minute (HiDream API Credential)"'],
	])('%j is named', (credential, name) => expect(() => readAccountLimits(credential)).toThrow(name));
});

describe('n8n that cannot build its own URLs, since WEBHOOK_URL has no scheme', () => {
	const broken = (typed: unknown) =>
		new ItemParameters(
			strictDouble<IExecuteFunctions>('context', {
				getNodeParameter: ((...[, , , how]: unknown[]) => {
					if ((how as { rawExpressions?: boolean } | undefined)?.rawExpressions === true) return typed;
					throw new TypeError('Invalid URL');
				}) as IExecuteFunctions['getNodeParameter'],
				evaluateExpression: () => {
					throw new TypeError('Invalid URL');
				},
			}),
			0,
		);

	test('a fixed value is read', () => {
		expect(broken('https://v.example/a.mp4').text('videoUrl', 'Video URL')).toBe('https://v.example/a.mp4');
		expect(broken({ maxWait: 5 }).optionNumber('maxWait', 'Max Wait (Minutes)', 0)).toBe(5);
	});

	test.each(['={{ $json.url }}', { a: ['={{ 1 }}'] }])('an expression says which variable is wrong: %j', (typed) => {
		const read = () => broken(typed).value('videoUrl', 'Video URL');
		expect(read).toThrow('"Video URL" cannot be evaluated: Invalid URL');
		expect(read).toThrow(expect.objectContaining({ hint: expect.stringContaining('WEBHOOK_URL') as string }));
	});
});

test('a number that has lost digits is no ID', () => {
	const parameters = parametersOf({ taskId: Number('12345678901234567890') });
	expect(() => parameters.text('taskId', 'Task ID')).toThrow('"Task ID" is a number that has lost digits');
});
