/** Finding the file of a binary object. */
import { Readable } from 'node:stream';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { UnusableFile } from '../../../nodes/video/fileKind';
import { jsonBody } from '../../../nodes/video/jsonBody';
import { CHUNK_BYTES, findBinary } from '../../../nodes/video/source';
import type { BinaryFile } from '../../../nodes/video/source';
import { HEAD_BYTES } from '../../../nodes/video/textKind';
import { bytesOf, drain } from '../support/uploads';
import { strictDouble } from '../support/strictDouble';

type Helpers = IExecuteFunctions['helpers'];

const caller = (helpers: Partial<Helpers>) => ({ helpers: strictDouble<Helpers>('helpers', helpers) });
const inMemory = async (data: unknown) => await findBinary(caller({}), { data, mimeType: 'video/mp4' } as IDataObject);

/** The video that arrives at HiDream. */
async function sent({ video }: BinaryFile): Promise<Buffer> {
	const body = jsonBody({}, video);
	const { bytes } = await drain(body.open());
	expect(bytes).toHaveLength(body.length);
	const { video_name: base64 } = JSON.parse(bytes.toString()) as { video_name: string };
	const arrived = Buffer.from(base64, 'base64');
	expect(arrived.toString('base64')).toBe(base64);
	return arrived;
}

/** A store with one file. */
function store(bytes: Buffer, more: { fileSize?: unknown; mimeType?: string; id?: string } = {}) {
	const { id = 'filesystem-v2:1', ...metadata } = more;
	const streams: Readable[] = [];
	const chunkSizes: Array<number | undefined> = [];
	const file = caller({
		getBinaryMetadata: async () => ({ fileSize: bytes.length, ...metadata }) as { fileSize: number },
		getBinaryStream: async (_, chunkSize) => {
			const stream = new Readable({ read: () => undefined });
			for (let at = 0; at < bytes.length; at += chunkSize ?? bytes.length) stream.push(bytes.subarray(at, at + (chunkSize ?? bytes.length)));
			stream.push(null);
			streams.push(stream);
			chunkSizes.push(chunkSize);
			return stream;
		},
	});
	return { find: async (mimeType?: string) => await findBinary(file, { id, data: 'x', mimeType }), streams, chunkSizes };
}

describe("a file in n8n's store", () => {
	test('reads the head, closes the file, and opens it for each attempt, in chunks without padding', async () => {
		const bytes = bytesOf(2 * CHUNK_BYTES);
		const { find, streams, chunkSizes } = store(bytes);
		const file = await find('video/mp4');
		expect(streams.map(({ destroyed }) => destroyed)).toEqual([true]);
		expect((await sent(file)).equals(bytes)).toBe(true);
		expect((await sent(file)).equals(bytes)).toBe(true);
		expect(chunkSizes).toEqual([HEAD_BYTES, CHUNK_BYTES, CHUNK_BYTES]);
		expect(CHUNK_BYTES % 3).toBe(0);
	});

	test.each([
		['its content', Buffer.from('<html><title>Sign in</title>'), 'video/mp4', {}],
		['its type', bytesOf(600), 'text/html', {}],
		['its type in the store', bytesOf(600), undefined, { mimeType: 'image/x-raw' }],
	])('rejects another file by %s', async (_, bytes, type, metadata) => {
		await expect(store(bytes, metadata).find(type)).rejects.toThrow(/^is .*, not a video/);
	});

	test.each<[string, Partial<Helpers>, RegExp]>([
		['missing', { getBinaryMetadata: async () => await Promise.reject(new Error('File not found')) }, /File not found/],
		['without metadata', { getBinaryMetadata: async () => null as never }, /does not know its size/],
		...['12', -1, 1.5, NaN].map((fileSize): [string, Partial<Helpers>, RegExp] => [`of the size ${JSON.stringify(fileSize)}`, { getBinaryMetadata: async () => ({ fileSize }) as never }, /does not know its size/]),
		['cut short', { getBinaryMetadata: async () => ({ fileSize: 12 }), getBinaryStream: async () => Readable.from([bytesOf(5)]) }, /has 5 bytes, but n8n reported 12/],
		['unreadable', { getBinaryMetadata: async () => ({ fileSize: 12 }), getBinaryStream: async () => new Readable({ read() { this.destroy(new Error('disk error')); } }) }, /disk error/],
	])('reports a file that is %s', async (_, helpers, what) => {
		await expect(findBinary(caller(helpers), { id: 'filesystem:2' })).rejects.toThrow(what);
	});

	test('reports an empty file', async () => {
		await expect(store(Buffer.alloc(0)).find()).rejects.toThrow(/is empty/);
	});

	test('ignores errors of the stream after the head', async () => {
		const stream = new Readable({ read: () => undefined });
		stream.push(bytesOf(HEAD_BYTES));
		const file = { getBinaryMetadata: async () => ({ fileSize: 9_000 }), getBinaryStream: async () => stream };
		await findBinary(caller(file), { id: 's3:1' });
		expect(stream.destroyed).toBe(true);
		expect(() => stream.emit('error', new Error('closed late'))).not.toThrow();
	});

	test.each([7, {}, [], true])('rejects an "id" of the wrong type: %p', async (id) => {
		await expect(findBinary(caller({}), { id, data: 'filesystem-v2' } as IDataObject)).rejects.toThrow(/"id" that is not text/);
	});
});

describe("a file in n8n's database", () => {
	const id = 'database:1';
	const image = Buffer.concat([Buffer.from('\x89PNG\r\n', 'latin1'), Buffer.alloc(1_000)]);

	test('is inspected before the upload if it is small', async () => {
		await expect(store(image, { id, fileSize: 4_000_000 }).find('video/mp4')).rejects.toThrow(/is an image/);
	});

	test('is inspected during the upload if it is large', async () => {
		const { find, streams } = store(image, { id, fileSize: 4_000_001 });
		await expect(find('image/png')).rejects.toThrow(/is an image/);
		const { video, fromDatabase } = await find('video/mp4');
		expect(fromDatabase).toBe(4_000_001);
		expect(streams).toEqual([]);
		const upload = jsonBody({}, video).open();
		expect((await drain(upload)).error).toBeDefined();
		expect(upload.handedOver()).toBe(false);
		expect(upload.unreadable()).toMatch(/it is an image, not a video/);
	});

	test('is sent completely if it is large', async () => {
		const bytes = bytesOf(4_000_001);
		expect((await sent(await store(bytes, { id }).find('text/plain'))).equals(bytes)).toBe(true);
	});
});

const urlSafe = (base64: string) => base64.replace(/\+/g, '-').replace(/\//g, '_');

describe('a file in memory: sends the bytes of', () => {
	test.each<[string, (bytes: Buffer) => unknown]>([
		['base64', (bytes) => bytes.toString('base64')],
		['base64 without padding', (bytes) => bytes.toString('base64').replace(/=+$/, '')],
		['URL-safe base64', (bytes) => urlSafe(bytes.toString('base64'))],
		['base64 in lines', (bytes) => bytes.toString('base64').replace(/.{76}/g, '$&\r\n')],
		['base64 with spaces around it', (bytes) => `\uFEFF \n${bytes.toString('base64')}\n`],
		['a data URL', (bytes) => `data:video/mp4;base64,${bytes.toString('base64')}`],
		['a data URL in upper case, with parameters', (bytes) => ` DATA:Video/MP4;codecs=avc1;Base64 ,${bytes.toString('base64')}\n`],
		['a data URL of a browser\'s recording', (bytes) => `data:video/webm;codecs=vp8,opus;base64,${bytes.toString('base64')}`],
		['a data URL with quotes, and a parameter after the base64 mark', (bytes) => `data:video/mp4;codecs="avc1,mp4a";base64;charset=utf-8,${bytes.toString('base64')}`],
		['a data URL without a type', (bytes) => `data:;base64,${bytes.toString('base64')}`],
		['a data URL, URL-safe', (bytes) => `data:video/mp4;base64,${urlSafe(bytes.toString('base64')).replace(/=+$/, '')}`],
		['a data URL, base64 and percent-encoded', (bytes) => `data:video/mp4;base64,${encodeURIComponent(bytes.toString('base64'))}`],
		['a data URL, percent-encoded only', (bytes) => `data:video/mp4,${bytes.toString('hex').replace(/../g, '%$&')}`],
		['a Buffer', (bytes) => bytes],
		['a Buffer that went through JSON', (bytes) => JSON.parse(JSON.stringify(bytes))],
		['a Uint8Array inside a larger buffer', (bytes) => new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)],
		['an ArrayBuffer', (bytes) => new Uint8Array(bytes).buffer],
	])('%s', async (_, write) => {
		for (const size of [1, 2, 3, 4, 5, 300, 301, 1_000]) {
			const bytes = bytesOf(size);
			const file = await inMemory(write(bytes));
			expect((await sent(file)).equals(bytes)).toBe(true);
			expect(file.identity).toBe((await inMemory(bytes.toString('base64'))).identity);
		}
	});

	test('zeros, whose base64 looks like hexadecimal digits', async () => {
		expect(await sent(await inMemory(Buffer.alloc(300).toString('base64')))).toHaveLength(300);
	});
});

describe('the identity of a file', () => {
	const identityOf = async (id: string) => (await store(bytesOf(600), { id }).find()).identity;

	test('is the same after n8n has moved the file of a webhook', async () => {
		expect(await identityOf('filesystem-v2:workflows/1/executions/temp/binary_data/ab')).toBe(await identityOf('filesystem-v2:workflows/1/executions/7/binary_data/ab'));
		expect(await identityOf('filesystem-v2:workflows/1/executions/7/binary_data/ab')).not.toBe(await identityOf('filesystem-v2:workflows/1/executions/7/binary_data/ac'));
	});

	test('differs in memory by any byte', async () => {
		const bytes = bytesOf(300_000);
		const others = [0, 150_000, 299_999].map((at) => Buffer.from(bytes.map((byte, n) => (n === at ? byte ^ 1 : byte))));
		const identities = await Promise.all([bytes, ...others].map(async (file) => (await inMemory(file)).identity));
		expect(new Set(identities).size).toBe(4);
	});
});

test.each([undefined, null, ''])('a file with the ID %p is in memory', async (id) => {
	const file = await findBinary(caller({}), { id, data: bytesOf(300).toString('base64'), mimeType: 'video/mp4' } as IDataObject);
	expect((await sent(file)).equals(bytesOf(300))).toBe(true);
});

test('the MIME type of a data URL counts if n8n has none', async () => {
	const data = `data:image/x-raw;base64,${bytesOf(300).toString('base64')}`;
	await expect(findBinary(caller({}), { data })).rejects.toThrow(/is an image/);
	expect((await sent(await inMemory(data))).equals(bytesOf(300))).toBe(true);
});

describe('a file in memory: rejects', () => {
	test.each<[unknown, RegExp]>([
		...['filesystem-v2', 'filesystem', 'database', 's3', 'azure', ' filesystem-v2\n', 'filesystem-v2:workflows/1/executions/2/binary_data/3', 'database:5f0c'].map(
			(data): [unknown, RegExp] => [data, /only a reference/],
		),
		[undefined, /neither "id" nor "data"/],
		[null, /neither "id" nor "data"/],
		[5, /of the type number/],
		[true, /of the type boolean/],
		[{}, /of the type object/],
		[{ 0: 1, 1: 2 }, /of the type object/],
		...[[1, 256], [-1], [1.5], ['1']].map((data): [unknown, RegExp] => [{ type: 'Buffer', data }, /of the type object/]),
		[{ type: 'Blob', data: [1, 2] }, /of the type object/],
		[[1, 2], /a list/],
		['', /is empty/],
		[' \n', /is empty/],
		['data:video/mp4;base64,', /is empty/],
		['data:video/mp4;base64', /data URL without content/],
		['null', /the text "null"/],
		['undefined', /the text "undefined"/],
		['[object Object]', /not base64/],
		['https://example.com/a.mp4', /not base64/],
		['/files/a.mp4', /not base64/],
		['Zm9v*', /not base64/],
		['"Zm9v"', /not base64/],
		['Zg==Zg==', /not base64/],
		['Zm9vZ', /incomplete/],
		['data:video/mp4;base64,***', /not base64/],
		[`data:video/mp4;base64,${Buffer.from('<html><title>').toString('base64')}`, /is a web page/],
		['data:text/html,%3Chtml%3E%3Ctitle%3E', /is a web page/],
		[Buffer.from('\0\0\0\x18ftypisom\0\0\0\0', 'latin1').toString('hex'), /hexadecimal/],
		[Buffer.from('{"message":"Unauthorized"}').toString('base64'), /is JSON data/],
	])('%j', async (data, what) => {
		await expect(inMemory(data)).rejects.toBeInstanceOf(UnusableFile);
		await expect(inMemory(data)).rejects.toThrow(what);
	});
});

describe('base64 with spaces', () => {
	const random = Buffer.from(Array.from({ length: 3_000 }, (_, n) => (n * n * 31 + n * 7) % 251));
	const constant = Buffer.alloc(300, 7);
	const twoInARow = Buffer.concat([random, Buffer.from([0xfb, 0xef, 0xbe]), random]);
	const one = Buffer.concat([constant.subarray(48), Buffer.from('fb0000', 'hex'), constant]);
	const lostPlus = (text: string) => text.replace(/\+/g, ' ');

	test.each<[string, Buffer, (text: string) => string]>([
		['a "+" is restored', one, lostPlus],
		['each "+" is restored', random, lostPlus],
		['each "+" of a text without padding is restored', random.subarray(1), (text) => lostPlus(text).replace(/=+$/, '')],
		['each "+" of a text in lines is restored', random, (text) => lostPlus(text).replace(/.{76}/g, '$&\n')],
		['each "+" of several in a row is restored', twoInARow, lostPlus],
		['spaces between lines are removed', random, (text) => text.replace(/.{76}/g, '$& ')],
		['spaces between equal lines are removed', constant, (text) => text.replace(/.{100}(?=.)/g, '$&  ')],
		['spaces before lines are removed', random, (text) => text.replace(/.{76}/g, '$&\n  ')],
		['a space between two lines is removed', constant, (text) => text.replace(/.{304}/, '$& ')],
	])('%s', async (_, bytes, write) => {
		const text = write(bytes.toString('base64'));
		expect(text).toContain(' ');
		expect((await sent(await inMemory(text))).equals(bytes)).toBe(true);
	});

	test.each([
		['that could be four "+"', constant.toString('base64').replace(/.{100}/, '$&    ')],
		['between words', 'these are only words and no base64 of a video'],
		['between bytes', bytesOf(300).toString('hex').replace(/../g, '$& ')],
	])('spaces %s are rejected', async (_, text) => await expect(inMemory(text)).rejects.toThrow('probably lost'));
});

test.each(['data', 'clip', '/home/user/videos/clip', '0x000000186674797069736f6d0000020069736f6d', '00 00 00 18 66 74 79 70 69 73 6f 6d 00 00 02 00'])(
	'rejects %j in "data"',
	async (data) => await expect(inMemory(data)).rejects.toThrow(/a name or a path|hexadecimal/),
);
