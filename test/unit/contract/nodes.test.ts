/** What a node gives and how it is reached: outputs, connections, webhooks, versions. */
import type { IWebhookDescription } from 'n8n-workflow';
import { compareContracts } from '../../../scripts/contract/compare';
import type { Shape } from '../../../scripts/contract/shapes';
import { contractOf, expectAdditions, expectBreak, SHAPE, type Small } from './support';

const shaped = (properties: Record<string, Shape>): Small => ({ shape: { type: 'object', properties: { ...SHAPE.properties, ...properties } } });
const node = (description: Small['description']): Small => ({ description });
const hook = (path: string): IWebhookDescription => ({ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path });

describe('output fields', () => {
	test('one that is gone, also deep inside', () => {
		const entry: Shape = { type: 'array', items: { type: 'object', properties: { item: { type: 'number' } } } };
		expectBreak(shaped({ more: { type: 'string' } }), {}, 'the output field "more" of "send" is gone', /Go on giving it/);
		expectBreak(shaped({ more: entry }), shaped({ more: { ...entry, items: { type: 'object', properties: {} } } }), '"more[].item" of "send" is gone', /giving/);
	});

	test('one of another type, or that may be null now; one that is null no more breaks nothing', () => {
		expectBreak({}, shaped({ id: { type: 'number' } }), '"id" of "send" may be of type number, and was string', /Keep the type/);
		expectBreak({}, shaped({ id: { type: ['string', 'null'] } }), 'may be of type null', /Keep the type/);
		expectAdditions(shaped({ id: { type: ['string', 'null'] } }), {}, []);
	});

	test('a word that is never given any more; a new one passes', () => {
		const fewer = shaped({ status: { type: 'string', enum: ['done'] } });
		expectBreak({}, fewer, 'the output field "status" of "send" is never "failed" any more', /wait for ever/);
		expectAdditions(fewer, {}, ['"status" of "send" may be "failed"']);
	});

	test('a new one passes', () => {
		expectAdditions({}, shaped({ more: { type: 'string' } }), ['"send" gives the new field "more"']);
	});

	test('an operation whose output is no longer described', () => {
		const after = contractOf();
		for (const versions of Object.values(after.nodes)) for (const version of Object.values(versions)) version.fields = {};
		expect(compareContracts(contractOf(), after)).toMatchObject([{ breaking: true, what: expect.stringContaining('"send" is no longer described') as string }]);
	});
});

test('connections', () => {
	expectBreak({}, node({ inputs: [] }), 'its inputs have changed', /Connections/);
	expectBreak(node({ outputs: ['main', 'main'] }), {}, 'its outputs have changed', /Connections/);
	expectAdditions({}, node({ outputs: ['main', 'main'] }), []);
	expectBreak(node({ usableAsTool: true }), {}, 'it is no tool any more', /agents/);
});

test('webhooks', () => {
	expectBreak(node({ webhooks: [hook('webhook')] }), node({ webhooks: [hook('callback')] }), 'the path "webhook" has changed or is gone', /old URL/);
	expectBreak(node({ webhooks: [hook('webhook')] }), node({ webhooks: [{ ...hook('webhook'), httpMethod: 'GET' }] }), 'has changed', /old URL/);
	expectAdditions({}, node({ webhooks: [hook('webhook')] }), []);
});

test('credentials of a node', () => {
	const needs = (name: string, required: boolean) => node({ credentials: [{ name, required }] });
	expectBreak(needs('a', false), {}, 'it takes the credential "a" no more', /Go on/);
	expectBreak({}, needs('a', true), 'it must now have the credential "a"', /optional/);
	expectBreak(needs('a', false), needs('a', true), 'it must now have the credential "a"', /optional/);
	expectAdditions({}, needs('a', false), []);
});

test('names: package, node, type version, credential', () => {
	const before = contractOf();
	const first = before.nodes['small']?.['1'];
	if (!first) throw new Error('The small node has a version 1');
	const whats = (after: typeof before) => compareContracts(before, after).map(({ breaking, what }) => [breaking, what]);
	expect(whats({ ...before, package: 'n8n-nodes-other' })).toEqual([[true, expect.stringContaining('The package is called')]]);
	expect(whats({ ...before, nodes: { tiny: { 1: first } } })).toEqual([
		[true, 'small (version 1) is gone'],
		[false, 'tiny (version 1) is new'],
	]);
	expect(whats({ ...before, nodes: { small: { 2: first } } })).toEqual([
		[true, 'small (version 1) is gone'],
		[false, 'small (version 2) is new'],
	]);
	expect(whats({ ...before, nodes: { small: { 1: first, 2: first } } })).toEqual([[false, 'small (version 2) is new']]);
	expect(whats({ ...before, credentials: { otherApi: [] } })).toEqual([
		[true, 'credential smallApi is gone'],
		[false, 'credential otherApi is new'],
	]);
});
