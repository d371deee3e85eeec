/** Every parameter change that would change the behavior of a saved node is found and explained. */
import type { INodeProperties } from 'n8n-workflow';
import { collection, expectAdditions, expectBreak, findings, operation, shownFor, text, type Small } from './testSupport';

const nodes = (...properties: INodeProperties[]): Small => ({ properties: [operation, ...properties] });

test('an unchanged package passes; texts, their order and notices do not count', () => {
	const before = nodes(text('a'), text('b'), text('note', { type: 'notice' }));
	const after = nodes(text('b'), text('a', { displayName: 'Another Name', description: 'More', hint: 'Yes', placeholder: 'e.g.' }));
	expect(findings(before, after)).toEqual([]);
});

describe('breaks', () => {
	test('if a parameter is removed', () => {
		expectBreak(nodes(text('a')), nodes(), 'small (version 1): "a" was removed', /Keep the old name.*new typeVersion/);
	});

	test('if a parameter is renamed: the new name does not replace the old one', () => {
		expectBreak(nodes(text('url')), nodes(text('videoUrl')), '"url" was removed', /Keep the old name/);
	});

	test('if an option of a collection is removed, reported once; if a collection is removed, reported without its options', () => {
		expectBreak(nodes(collection([text('a'), text('b')])), nodes(collection([text('b')])), '"options.a" was removed', /old name/);
		expectBreak(nodes(collection([text('a'), text('b')])), nodes(), '"options" was removed', /old name/);
	});

	test('if a field of a fixed collection is removed', () => {
		const fixed = (...values: INodeProperties[]) =>
			nodes(text('headers', { type: 'fixedCollection', default: {}, options: [{ name: 'header', displayName: 'Header', values }] }));
		expectBreak(fixed(text('name'), text('value')), fixed(text('name')), '"headers.header.value" was removed', /old name/);
	});

	test('if a value is removed', () => {
		const [send] = operation.options ?? [];
		const after = { properties: [{ ...operation, options: send ? [send] : [] } as INodeProperties] };
		expectBreak({}, after, '"operation" no longer has the value "get"', /Keep the value/);
	});

	test('if a default changes: n8n does not save a value that equals the default', () => {
		expectBreak(nodes(text('a', { default: 'x' })), nodes(text('a', { default: 'y' })), '"a" has the default "y", and had "x"', /does not save/);
		expectBreak(nodes(text('a', { default: ['x'] })), nodes(text('a', { default: [] })), 'has the default [], and had ["x"]', /does not save/);
	});

	test('if a type changes, or one value becomes several', () => {
		expectBreak(nodes(text('a')), nodes(text('a', { type: 'json' })), '"a" is of type json, and was of type string', /no longer match/);
		expectBreak(nodes(text('a')), nodes(text('a', { typeOptions: { multipleValues: true } })), 'type string[]', /no longer match/);
	});

	test('if a display condition hides a parameter, with the case in which it does', () => {
		expectBreak(nodes(text('a')), nodes(text('a', shownFor('send'))), '"a" is no longer shown when operation is "get"', /no longer use/);
		const both = nodes(text('a', shownFor('send', 'get')));
		expectBreak(both, nodes(text('a', { displayOptions: { hide: { operation: ['send'] } } })), 'no longer shown when operation is "send"', /no longer use/);
	});

	test('if a condition depends on a parameter that saved nodes lack: its default decides', () => {
		const extra = (preset: boolean) => text('extra', { type: 'boolean', default: preset });
		const after = (preset: boolean) => nodes(extra(preset), text('a', { displayOptions: { show: { extra: [true] } } }));
		expectBreak(nodes(text('a')), after(false), '"a" is no longer shown', /no longer use/);
		expectAdditions(nodes(text('a')), after(true), ['"extra" is new']);
	});

	test('if a condition within a collection changes, relative to its root', () => {
		const hidden = { displayOptions: { hide: { '/operation': ['get'] } } };
		const words = '"options.a" is no longer shown when operation is "get"';
		expectBreak(nodes(collection([text('a')])), nodes(collection([text('a', hidden)])), words, /no longer use/);
	});

	test('if one of two variants of a name is removed', () => {
		const before = nodes(text('a', { ...shownFor('send'), default: '1' }), text('a', { ...shownFor('get'), default: '2' }));
		const after = nodes(text('a', { default: '1' }));
		expectBreak(before, after, '"a" has the default "1", and had "2" when operation is "get"', /does not save/);
	});

	test('if a parameter becomes required, new or not', () => {
		expectBreak(nodes(), nodes(text('a', { required: true })), 'the new "a" is required', /default/);
		expectBreak(nodes(text('a')), nodes(text('a', { required: true })), '"a" is now required', /default/);
	});
});

describe('additions pass', () => {
	test.each([
		['a parameter', nodes(), nodes(text('a')), '"a" is new'],
		['a required one with a default', nodes(), nodes(text('a', { required: true, default: 'x' })), '"a" is new'],
		['an option', nodes(collection([])), nodes(collection([text('a', { required: true })])), '"options.a" is new'],
		['a collection, reported without its options', nodes(), nodes(collection([text('a')])), '"options" is new'],
	])('%s', (_name, before, after, words) => expectAdditions(before, after, [words]));

	test('a required parameter of a new operation', () => {
		const more = { ...operation, options: [...(operation.options ?? []), { name: 'List', value: 'list' }] } as INodeProperties;
		const after = { properties: [more, text('page', { ...shownFor('list'), required: true })] };
		expectAdditions({}, after, ['"operation" has a new value "list"', '"page" is new']);
	});

	test('a parameter that is shown in more cases', () => {
		expectAdditions(nodes(text('a', shownFor('send'))), nodes(text('a')), []);
	});

	test('a parameter that is no longer required', () => {
		expectAdditions(nodes(text('a', { required: true })), nodes(text('a')), []);
	});
});

test('a credential follows the same rules, and the message says that it has no versions', () => {
	expectBreak({ credential: [text('token')] }, { credential: [text('key')] }, 'credential smallApi: "token" was removed', /no versions/);
	expectAdditions({}, { credential: [text('key')] }, ['credential smallApi: "key" is new']);
});
