/** The outputs, connections, webhooks and versions of a node. */
import type { IWebhookDescription } from 'n8n-workflow';
import { compareContracts } from './compare';
import type { Shape } from './shapes';
import { contractOf, expectAdditions, expectBreak, SHAPE, type Small } from './testSupport';

const shaped = (properties: Record<string, Shape>): Small => ({ shape: { type: 'object', properties: { ...SHAPE.properties, ...properties } } });
const node = (description: Small['description']): Small => ({ description });
const hook = (path: string): IWebhookDescription => ({ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path });

describe('output fields', () => {
	test('breaks if a field is removed, also a nested one', () => {
		const entry: Shape = { type: 'array', items: { type: 'object', properties: { item: { type: 'number' } } } };
		expectBreak(shaped({ more: { type: 'string' } }), {}, 'the output field "more" of "send" was removed', /Keep it, beside/);
		expectBreak(shaped({ more: entry }), shaped({ more: { ...entry, items: { type: 'object', properties: {} } } }), '"more[].item" of "send" was removed', /Keep it/);
	});

	test('breaks if a field has another type or becomes nullable; a field that is no longer nullable passes', () => {
		expectBreak({}, shaped({ id: { type: 'number' } }), '"id" of "send" may be of type number, and was string', /Keep the type/);
		expectBreak({}, shaped({ id: { type: ['string', 'null'] } }), 'may be of type null', /Keep the type/);
		expectAdditions(shaped({ id: { type: ['string', 'null'] } }), {}, []);
	});

	test('breaks if an enum value is removed; a new one passes', () => {
		const fewer = shaped({ status: { type: 'string', enum: ['done'] } });
		expectBreak({}, fewer, 'the output field "status" of "send" is no longer "failed"', /never match/);
		expectAdditions(fewer, {}, ['"status" of "send" may be "failed"']);
	});

	test('a new field passes', () => {
		expectAdditions({}, shaped({ more: { type: 'string' } }), ['"send" has the new field "more"']);
	});

	test('breaks if an operation has no output schema any more', () => {
		const after = contractOf();
		for (const versions of Object.values(after.nodes)) for (const version of Object.values(versions)) version.fields = {};
		expect(compareContracts(contractOf(), after)).toMatchObject([{ breaking: true, what: expect.stringContaining('"send" has no schema any more') as string }]);
	});
});

test('compares connections', () => {
	expectBreak({}, node({ inputs: [] }), 'its inputs have changed', /Connections/);
	expectBreak(node({ outputs: ['main', 'main'] }), {}, 'its outputs have changed', /Connections/);
	expectAdditions({}, node({ outputs: ['main', 'main'] }), []);
	expectBreak(node({ usableAsTool: true }), {}, 'it is no longer a tool', /agents/);
});

test('compares webhooks', () => {
	expectBreak(node({ webhooks: [hook('webhook')] }), node({ webhooks: [hook('callback')] }), 'the path "webhook" was changed or removed', /old URL/);
	expectBreak(node({ webhooks: [hook('webhook')] }), node({ webhooks: [{ ...hook('webhook'), httpMethod: 'GET' }] }), 'was changed', /old URL/);
	expectAdditions({}, node({ webhooks: [hook('webhook')] }), []);
});

test('compares the credentials of a node', () => {
	const needs = (name: string, required: boolean) => node({ credentials: [{ name, required }] });
	expectBreak(needs('a', false), {}, 'it no longer accepts the credential "a"', /Keep it/);
	expectBreak({}, needs('a', true), 'the credential "a" is now required', /optional/);
	expectBreak(needs('a', false), needs('a', true), 'the credential "a" is now required', /optional/);
	expectAdditions({}, needs('a', false), []);
});

test('compares names: package, node, type version, credential', () => {
	const before = contractOf();
	const first = before.nodes['small']?.['1'];
	if (!first) throw new Error('The small node has a version 1');
	const whats = (after: typeof before) => compareContracts(before, after).map(({ breaking, what }) => [breaking, what]);
	expect(whats({ ...before, package: 'n8n-nodes-other' })).toEqual([[true, expect.stringContaining('The package is called')]]);
	expect(whats({ ...before, nodes: { tiny: { 1: first } } })).toEqual([
		[true, 'small (version 1) was removed'],
		[false, 'tiny (version 1) is new'],
	]);
	expect(whats({ ...before, nodes: { small: { 2: first } } })).toEqual([
		[true, 'small (version 1) was removed'],
		[false, 'small (version 2) is new'],
	]);
	expect(whats({ ...before, nodes: { small: { 1: first, 2: first } } })).toEqual([[false, 'small (version 2) is new']]);
	expect(whats({ ...before, credentials: { otherApi: [] } })).toEqual([
		[true, 'credential smallApi was removed'],
		[false, 'credential otherApi is new'],
	]);
});
