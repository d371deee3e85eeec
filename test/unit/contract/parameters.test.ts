/** Parameters: each change that would make a saved node do something else is found and explained. */
import type { INodeProperties } from 'n8n-workflow';
import { collection, expectAdditions, expectBreak, findings, operation, shownFor, text, type Small } from './support';

const nodes = (...properties: INodeProperties[]): Small => ({ properties: [operation, ...properties] });

test('nothing has changed; texts for people, their order and notices are no part of it', () => {
	const before = nodes(text('a'), text('b'), text('note', { type: 'notice' }));
	const after = nodes(text('b'), text('a', { displayName: 'Another Name', description: 'More', hint: 'Yes', placeholder: 'e.g.' }));
	expect(findings(before, after)).toEqual([]);
});

describe('breaks', () => {
	test('a parameter that is gone', () => {
		expectBreak(nodes(text('a')), nodes(), 'small (version 1): "a" is gone', /Keep the old name.*new typeVersion/);
	});

	test('a parameter that was renamed: the new name makes up for nothing', () => {
		expectBreak(nodes(text('url')), nodes(text('videoUrl')), '"url" is gone', /Keep the old name/);
	});

	test('an option that is gone from a collection, told once; a collection that is gone, told without its options', () => {
		expectBreak(nodes(collection([text('a'), text('b')])), nodes(collection([text('b')])), '"options.a" is gone', /old name/);
		expectBreak(nodes(collection([text('a'), text('b')])), nodes(), '"options" is gone', /old name/);
	});

	test('a field that is gone from a group of a fixed collection', () => {
		const fixed = (...values: INodeProperties[]) =>
			nodes(text('headers', { type: 'fixedCollection', default: {}, options: [{ name: 'header', displayName: 'Header', values }] }));
		expectBreak(fixed(text('name'), text('value')), fixed(text('name')), '"headers.header.value" is gone', /old name/);
	});

	test('a value that can no longer be chosen', () => {
		const [send] = operation.options ?? [];
		const after = { properties: [{ ...operation, options: send ? [send] : [] } as INodeProperties] };
		expectBreak({}, after, '"operation" no longer has the value "get"', /Keep the value/);
	});

	test('another default: n8n does not save what equals it', () => {
		expectBreak(nodes(text('a', { default: 'x' })), nodes(text('a', { default: 'y' })), '"a" has the default "y", and had "x"', /does not save/);
		expectBreak(nodes(text('a', { default: ['x'] })), nodes(text('a', { default: [] })), 'has the default [], and had ["x"]', /does not save/);
	});

	test('another type, and several values instead of one', () => {
		expectBreak(nodes(text('a')), nodes(text('a', { type: 'json' })), '"a" is of type json, and was of type string', /no longer fits/);
		expectBreak(nodes(text('a')), nodes(text('a', { typeOptions: { multipleValues: true } })), 'type string[]', /no longer fits/);
	});

	test('a display condition that hides what was shown, with the case in which it does', () => {
		expectBreak(nodes(text('a')), nodes(text('a', shownFor('send'))), '"a" is no longer shown when operation is "get"', /no longer use/);
		const both = nodes(text('a', shownFor('send', 'get')));
		expectBreak(both, nodes(text('a', { displayOptions: { hide: { operation: ['send'] } } })), 'no longer shown when operation is "send"', /no longer use/);
	});

	test('a condition on a parameter that saved nodes do not have: its default decides', () => {
		const extra = (preset: boolean) => text('extra', { type: 'boolean', default: preset });
		const after = (preset: boolean) => nodes(extra(preset), text('a', { displayOptions: { show: { extra: [true] } } }));
		expectBreak(nodes(text('a')), after(false), '"a" is no longer shown', /no longer use/);
		expectAdditions(nodes(text('a')), after(true), ['"extra" is new']);
	});

	test('a condition within a collection, on its root', () => {
		const hidden = { displayOptions: { hide: { '/operation': ['get'] } } };
		const words = '"options.a" is no longer shown when operation is "get"';
		expectBreak(nodes(collection([text('a')])), nodes(collection([text('a', hidden)])), words, /no longer use/);
	});

	test('one of two variants of a name', () => {
		const before = nodes(text('a', { ...shownFor('send'), default: '1' }), text('a', { ...shownFor('get'), default: '2' }));
		const after = nodes(text('a', { default: '1' }));
		expectBreak(before, after, '"a" has the default "1", and had "2" when operation is "get"', /does not save/);
	});

	test('a parameter that must be filled in, new or not', () => {
		expectBreak(nodes(), nodes(text('a', { required: true })), 'the new "a" must be filled in', /default/);
		expectBreak(nodes(text('a')), nodes(text('a', { required: true })), '"a" must now be filled in', /default/);
	});
});

describe('additions pass', () => {
	test.each([
		['a parameter', nodes(), nodes(text('a')), '"a" is new'],
		['one that must be filled in, with a default', nodes(), nodes(text('a', { required: true, default: 'x' })), '"a" is new'],
		['an option', nodes(collection([])), nodes(collection([text('a', { required: true })])), '"options.a" is new'],
		['a collection, told without its options', nodes(), nodes(collection([text('a')])), '"options" is new'],
	])('%s', (_name, before, after, words) => expectAdditions(before, after, [words]));

	test('an operation with a parameter of its own that must be filled in', () => {
		const more = { ...operation, options: [...(operation.options ?? []), { name: 'List', value: 'list' }] } as INodeProperties;
		const after = { properties: [more, text('page', { ...shownFor('list'), required: true })] };
		expectAdditions({}, after, ['"operation" has a new value "list"', '"page" is new']);
	});

	test('shown where it was not', () => {
		expectAdditions(nodes(text('a', shownFor('send'))), nodes(text('a')), []);
	});

	test('no longer asked for', () => {
		expectAdditions(nodes(text('a', { required: true })), nodes(text('a')), []);
	});
});

test('a credential is held to the same, and is told that it has no versions', () => {
	expectBreak({ credential: [text('token')] }, { credential: [text('key')] }, 'credential smallApi: "token" is gone', /no versions/);
	expectAdditions({}, { credential: [text('key')] }, ['credential smallApi: "key" is new']);
});
