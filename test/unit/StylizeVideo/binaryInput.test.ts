/** "Input Binary Field" may be a name, a path, or the binary object itself, in both of n8n's binary modes. */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { findBinaryFile } from '../../../nodes/StylizeVideo/binaryInput';
import { InvalidInput } from '../../../nodes/shared/input';
import { NodeParameters } from '../../../nodes/shared/nodeParameters';
import { fakeExecuteFunctions } from '../support/executeFunctions';

const file = (content: string) => ({ data: Buffer.from(`\xff${content}`, 'latin1').toString('base64'), mimeType: 'video/mp4' });
const ONE = file('one');
const TWO = file('two');

async function find(binaryPropertyName: unknown, item: object, binaryMode?: 'combined' | 'separate') {
	const context = fakeExecuteFunctions({
		parameters: { binaryPropertyName } as IDataObject,
		items: [{ json: {}, ...item } as INodeExecutionData],
		settings: binaryMode ? { binaryMode } : {},
	});
	return await findBinaryFile(context, new NodeParameters(context).forItem(0), 0);
}

const MODES = [undefined, 'separate', 'combined'] as const;

describe.each(MODES)('binary mode %s', (mode) => {
	test.each<[string, unknown, object]>([
		['the name of a binary field', ' data\n', { binary: { data: ONE, other: TWO } }],
		['a name that looks like a path', 'a.b', { binary: { 'a.b': ONE } }],
		['the name of a file in the JSON', 'data', { json: { _files: { data: ONE } } }],
		['a path', '_files.data', { json: { _files: { data: ONE } } }],
		['a path with an index', 'clips[1].file', { json: { clips: [{}, { file: ONE }] } }],
		['a path with quotes', '_files["my clip.v2"]', { json: { _files: { 'my clip.v2': ONE } } }],
		['the binary object, of another item too', ONE, {}],
		['the binary object without a MIME type', { data: ONE.data }, {}],
		['bytes', Buffer.from(ONE.data, 'base64'), {}],
		['bytes instead of the object', 'data', { binary: { data: Buffer.from(ONE.data, 'base64') } }],
	])('%s', async (_, parameter, item) => {
		expect((await find(parameter, item, mode)).video).toEqual({ kind: 'base64', base64: ONE.data });
	});

	test.each<[string, unknown, object, RegExp]>([
		['a list', [ONE], {}, /"Input Binary Field" must be text, but it is a list/],
		['an object that is not a file', { json: {} }, {}, /object without a file/],
		['all files of the item', { data: ONE }, {}, /must have base64 text in "data", but it is of the type object/],
		['text instead of the object', 'data', { binary: { data: ONE.data } }, /field "data", which is of the type string, not a binary object/],
		['a list instead of the object', 'data', { binary: { data: [ONE] } }, /field "data", which is a list, not a binary object/],
		['no value instead of the object', 'data', { binary: { data: null } }, /no binary file there/],
		['an empty object', 'data', { binary: { data: {} } }, /neither "id" nor "data"/],
		['an object of the JSON that is not a file', 'data', { json: { data: { id: 'x', name: 'y' } } }, /no binary file there/],
		['a name on the prototype', '__proto__.mimeType', { json: {}, binary: {} }, /no binary file there/],
		['no files', 'data', { binary: 'what' }, /no binary file there/],
	])('invalid: %s', async (_, parameter, item, what) => {
		await expect(find(parameter, item, mode)).rejects.toBeInstanceOf(InvalidInput);
		await expect(find(parameter, item, mode)).rejects.toThrow(what);
	});
});

test('if both exist, the mode decides', async () => {
	const item = { binary: { data: ONE }, json: { _files: { data: TWO } } };
	expect((await find('data', item)).binary).toBe(ONE);
	expect((await find('data', item, 'combined')).binary).toBe(TWO);
});

test('does not take JSON fields beside the file for the file', async () => {
	const item = { json: { data: { id: 5, title: 'x' }, _files: { data: ONE } } };
	expect((await find('data', item, 'combined')).binary).toBe(ONE);
});

test('the hint names the existing files, also those in the JSON', async () => {
	const found = find('data', { binary: { movie: ONE }, json: { _files: { clip: TWO } } }, 'combined');
	await expect(found).rejects.toHaveProperty('hint', expect.stringContaining('movie, clip'));
});
