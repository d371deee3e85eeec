/** Reading the parameters of a node: fixed values once, an expression for each item. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { InvalidInput } from '../../../nodes/shared/input';
import { NodeParameters } from '../../../nodes/shared/nodeParameters';
import type { ItemParameters } from '../../../nodes/shared/nodeParameters';
import { CONCURRENCY, IDEMPOTENCY_KEY, MAX_WAIT, NOTIFY_URL, ON_UNCLEAR_RESPONSE, REQUEST_ID } from '../../../nodes/StylizeVideo/options';
import { INPUT_TYPE, OPERATION, TASK_ID, VIDEO_URL } from '../../../nodes/StylizeVideo/parameters';
import { PROMPT } from '../../../nodes/StylizeVideo/styleParameters';
import { strictDouble } from '../support/strictDouble';

const EXPRESSION = '={{ $json.value }}';

/** A node with these parameters; an expression has the given result for each item. */
function nodeParameters(typed: Record<string, unknown>, results: unknown[] = []) {
	const reads: string[] = [];
	const resolve = (value: unknown, item: number): unknown => {
		if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner, item)]));
		if (value !== EXPRESSION) return value;
		const result = results[item];
		if (result instanceof Error) throw result;
		return result;
	};
	const getNodeParameter = (name: string, item: number, fallback: unknown, how?: { rawExpressions?: boolean }) => {
		const value = Object.hasOwn(typed, name) ? typed[name] : fallback;
		if (how?.rawExpressions === true) return value;
		reads.push(`${name} ${item}`);
		return resolve(value, item);
	};
	const context = strictDouble<IExecuteFunctions>('context', {
		getNodeParameter: getNodeParameter as IExecuteFunctions['getNodeParameter'],
		evaluateExpression: () => 1,
	});
	return { parameters: new NodeParameters(context), reads };
}

const itemOf = (typed: Record<string, unknown>, ...results: unknown[]): ItemParameters => nodeParameters(typed, results).parameters.forItem(0);

test('reads a fixed parameter and fixed options once for all items', () => {
	const { parameters, reads } = nodeParameters({ prompt: 'x', options: { maxWait: 5 } });
	for (const i of [0, 1, 2]) {
		const item = parameters.forItem(i);
		expect([item.get(PROMPT), item.option(MAX_WAIT), item.option(REQUEST_ID)]).toEqual(['x', 5, '']);
	}
	expect(reads.filter((read) => !read.endsWith(' 0'))).toEqual([]);
});

test('evaluates an expression for each item, also in the options', () => {
	const { parameters } = nodeParameters({ prompt: EXPRESSION, options: { maxWait: EXPRESSION } }, ['1', '2']);
	expect([0, 1].map((i) => parameters.forItem(i).get(PROMPT))).toEqual(['1', '2']);
	expect([0, 1].map((i) => parameters.forItem(i).option(MAX_WAIT))).toEqual([1, 2]);
});

test('an invalid fixed value fails each item', () => {
	const { parameters } = nodeParameters({ inputType: 'ftp' });
	for (const i of [0, 1]) expect(() => parameters.forItem(i).get(INPUT_TYPE)).toThrow('"Input Type" has an unknown value: "ftp"');
});

test('a missing parameter has its default', () => {
	const item = itemOf({});
	expect([item.get(INPUT_TYPE), item.get(PROMPT), item.option(MAX_WAIT), item.option(ON_UNCLEAR_RESPONSE)]).toEqual(['url', '', 60, 'fail']);
	expect(item.option(CONCURRENCY)).toBeUndefined();
});

test.each(['', null, ' '])('an option that is %j is not set, and 0 is', (unset) => {
	expect(itemOf({ options: { maxWait: unset } }).option(MAX_WAIT)).toBe(60);
	expect(itemOf({ options: { maxWait: 0 } }).option(MAX_WAIT)).toBe(0);
});

test.each([IDEMPOTENCY_KEY, NOTIFY_URL])('an expression that gives nothing is an error, and an empty text is not: $property.displayName', (option) => {
	const { name, displayName } = option.property;
	for (const value of [undefined, null]) {
		expect(() => itemOf({ options: { [name]: EXPRESSION } }, value).option(option)).toThrow(`The expression in "${displayName}" gives no value`);
	}
	const empty = [itemOf({ options: {} }), itemOf({ options: { [name]: '' } }), itemOf({ options: { [name]: EXPRESSION } }, '')];
	expect(empty.map((item) => item.option(option) || '')).toEqual(['', '', '']);
});

test.each(['undefined', 'null', ' NaN ', 'row-[object Object]'])('what a broken expression gives is no key and no prompt: %j', (text) => {
	expect(() => itemOf({ options: { idempotencyKey: EXPRESSION } }, text).option(IDEMPOTENCY_KEY)).toThrow('"Idempotency Key" is');
	expect(() => itemOf({ prompt: EXPRESSION }, text).get(PROMPT)).toThrow('"Prompt" is');
});

test('two Unicode spellings of a file name are one key', () => {
	const keys = ['caf\u00e9.mp4', 'cafe\u0301.mp4'].map((key) => itemOf({ options: { idempotencyKey: key } }).option(IDEMPOTENCY_KEY));
	expect(keys[0]).toBe(keys[1]);
});

test('a number above the maximum of the editor is an error', () => {
	expect(itemOf({ options: { concurrency: 100 } }).option(CONCURRENCY)).toBe(100);
	expect(() => itemOf({ options: { concurrency: 101 } }).option(CONCURRENCY)).toThrow('"Concurrency" must be a number of at most 100');
});

test('a missing operation does not default to Submit, which costs money', () => {
	expect(() => itemOf({ operation: '' }).get(OPERATION)).toThrow('"Operation" is empty');
	expect(itemOf({ operation: 'Submit and Wait' }).get(OPERATION)).toBe('submitAndWait');
});

test('trims text, and keeps a prompt as typed', () => {
	expect(itemOf({ taskId: ' t ' }).get(TASK_ID)).toBe('t');
	expect(itemOf({ prompt: ' a\n b ' }).get(PROMPT)).toBe(' a\n b ');
	expect(itemOf({ prompt: EXPRESSION }, 7).get(PROMPT)).toBe('7');
	expect(itemOf({ prompt: EXPRESSION }, null).get(PROMPT)).toBe('');
	expect(() => itemOf({ prompt: EXPRESSION }, ['a']).get(PROMPT)).toThrow('"Prompt" must be text');
});

test('reports a failed expression with the name of its field', () => {
	const item = itemOf({ videoUrl: EXPRESSION, options: EXPRESSION }, new Error('Referenced node is unexecuted'));
	expect(() => item.get(VIDEO_URL)).toThrow(InvalidInput);
	expect(() => item.get(VIDEO_URL)).toThrow('"Video URL" cannot be evaluated: Referenced node is unexecuted');
	expect(() => item.option(REQUEST_ID)).toThrow('"Options" cannot be an expression');
});

test.each([[[]], ['text'], [7], [true]])('options that are %j count as none', (options) => {
	expect(() => itemOf({ options }).option(REQUEST_ID)).toThrow('"Options" must be an object');
});

test.each([null, undefined, '', {}])('options that are %p are not set', (options) => {
	expect(itemOf({ options }).option(REQUEST_ID)).toBe('');
});

describe('n8n that cannot build its own URLs, since WEBHOOK_URL has no scheme', () => {
	const broken = (typed: unknown): ItemParameters =>
		new NodeParameters(
			strictDouble<IExecuteFunctions>('context', {
				getNodeParameter: ((...[, , , how]: unknown[]) => {
					if ((how as { rawExpressions?: boolean } | undefined)?.rawExpressions === true) return typed;
					throw new TypeError('Invalid URL');
				}) as IExecuteFunctions['getNodeParameter'],
				evaluateExpression: () => {
					throw new TypeError('Invalid URL');
				},
			}),
		).forItem(0);

	test('reads a fixed value', () => {
		expect(broken('https://v.example/a.mp4').get(VIDEO_URL)).toBe('https://v.example/a.mp4');
		expect(broken({ maxWait: 5 }).option(MAX_WAIT)).toBe(5);
	});

	test.each(['={{ $json.url }}', { a: ['={{ 1 }}'] }])('an expression reports which variable is wrong: %j', (typed) => {
		const read = () => broken(typed).get(VIDEO_URL);
		expect(read).toThrow('"Video URL" cannot be evaluated: Invalid URL');
		expect(read).toThrow(expect.objectContaining({ hint: expect.stringContaining('WEBHOOK_URL') as string }));
	});
});
