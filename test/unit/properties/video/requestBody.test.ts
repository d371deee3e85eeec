/** Any video: sent complete as valid JSON, or not at all. */
import fc from 'fast-check';
import type { IBinaryData, IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { findBinaryFile } from '../../../../nodes/StylizeVideo/binaryInput';
import { InvalidInput } from '../../../../nodes/shared/input';
import { NodeParameters } from '../../../../nodes/shared/nodeParameters';
import { nonVideo } from '../../../../nodes/video/fileKind';
import { jsonBody } from '../../../../nodes/video/jsonBody';
import { CHUNK_BYTES, findBinary } from '../../../../nodes/video/source';
import { VIDEO_HEADS } from '../../support/heads';
import { fakeExecuteFunctions } from '../../support/executeFunctions';
import { bytesOf, cut, drain, storedVideo } from '../../support/uploads';
import { strictDouble } from '../../support/strictDouble';
import { nastyJson } from '../arbitraries';

const bytes = fc.uint8Array({ minLength: 1, maxLength: 2_000 }).map((array) => Buffer.from(array));
/** No format begins like this. */
const unknownBytes = bytes.map((any) => Buffer.concat([Buffer.from([0xfd, 0xfe]), any]));
const sizes = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 8 });
const fields = fc.dictionary(fc.constantFrom('style', 'prompt', 'request_id', 'notify_url'), fc.string({ unit: 'binary', maxLength: 50 }));

/** What a service reads from it. */
const read = (body: Buffer) => JSON.parse(body.toString()) as Record<string, string>;

test("a video in n8n's store is sent byte for byte", async () => {
	await fc.assert(
		fc.asyncProperty(bytes, sizes, fields, async (video, pieces, more) => {
			const body = jsonBody(more, storedVideo(cut(video, pieces), video.length));
			const sent = await drain(body.open());
			expect(sent.error).toBeUndefined();
			expect(sent.bytes.length).toBe(body.length);
			const { video_name: name = '', ...rest } = read(sent.bytes);
			expect(Buffer.from(name, 'base64').equals(video)).toBe(true);
			expect(name).toBe(video.toString('base64'));
			expect(rest).toEqual(Object.fromEntries(Object.entries(JSON.parse(JSON.stringify(more)) as object).filter(([, value]) => value !== '')));
		}),
		{ numRuns: 100 },
	);
});

test("the store's chunks can be shorter and longer than a piece of the body", async () => {
	const video = bytesOf(3 * CHUNK_BYTES);
	const near = fc.integer({ min: -4, max: 4 });
	const around = (...sizes: number[]) => fc.tuple(fc.constantFrom(...sizes), near).map(([size, off]) => Math.max(1, size + off));
	// At least one long chunk, so that there are few.
	const chunks = fc.tuple(fc.array(around(4, CHUNK_BYTES / 2), { maxLength: 5 }), around(CHUNK_BYTES / 2, CHUNK_BYTES, 2 * CHUNK_BYTES));
	await fc.assert(
		fc.asyncProperty(chunks, near, async ([some, long], off) => {
			const bytes = video.subarray(0, 2 * CHUNK_BYTES + off);
			const body = jsonBody({}, storedVideo(cut(bytes, [...some, long]), bytes.length));
			const sent = await drain(body.open());
			expect(sent.bytes.equals(Buffer.from(JSON.stringify({ video_name: bytes.toString('base64') })))).toBe(true);
		}),
		{ numRuns: 60 },
	);
});

test('a video in memory is sent byte for byte, whatever base64 another node wrote', async () => {
	const write = fc.constantFrom<(video: Buffer) => string>(
		(video) => video.toString('base64'),
		(video) => video.toString('base64url'),
		(video) => video.toString('base64').replace(/=+$/, ''),
		(video) => video.toString('base64').replace(/.{20}/g, '$&\r\n'),
	);
	const helpers = strictDouble<IExecuteFunctions['helpers']>('helpers', {});
	await fc.assert(
		fc.asyncProperty(unknownBytes, write, async (given, spell) => {
			const data: IBinaryData = { data: spell(given), mimeType: 'video/mp4' };
			const { video } = await findBinary({ helpers }, data);
			const body = jsonBody({}, video);
			const sent = await drain(body.open());
			expect(sent.bytes.length).toBe(body.length);
			expect(Buffer.from(read(sent.bytes)['video_name'] ?? '', 'base64').equals(given)).toBe(true);
		}),
		{ numRuns: 100 },
	);
});

test('any text as the URL of the video is sent unchanged', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'binary' }), (text) => {
			const body = jsonBody({}, { kind: 'text', text });
			const sent = String(body.open().data);
			expect(Buffer.byteLength(sent)).toBe(body.length);
			expect(read(Buffer.from(sent))['video_name']).toBe(JSON.parse(JSON.stringify(text)));
		}),
	);
});

test('a wrong size in n8n never makes a complete request', async () => {
	await fc.assert(
		fc.asyncProperty(bytes, sizes, fc.integer({ min: -50, max: 50 }).filter((off) => off !== 0), async (video, pieces, off) => {
			const body = jsonBody({}, storedVideo(cut(video, pieces), Math.max(0, video.length + off)));
			const upload = body.open();
			const sent = await drain(upload);
			expect(sent.error).toBeDefined();
			expect(upload.handedOver()).toBe(false);
			expect(upload.unreadable()).toContain('binary store');
			expect(() => read(sent.bytes)).toThrow();
		}),
	);
});

test('anything as the binary object: its exact bytes, or invalid input', async () => {
	const spelled = unknownBytes.chain((given) =>
		fc.constantFrom<unknown>(given.toString('base64'), `data:video/mp4;base64,${given.toString('base64')}`, given, JSON.parse(JSON.stringify(given))).map((data) => ({ given, data })),
	);
	const stores = fc.constantFrom('filesystem-v2', 'database', 's3:x', '', 'null', 'data:,', 'data:;base64,%', 'AAAA');
	const data = fc.oneof(spelled, fc.oneof(stores, nastyJson).map((other) => ({ given: undefined, data: other })));
	const object = fc.record({ id: fc.oneof(nastyJson, fc.constant(undefined)), mimeType: nastyJson, more: nastyJson }, { requiredKeys: [] });
	const helpers = { getBinaryMetadata: async () => await Promise.reject(new Error('File not found')) };
	await fc.assert(
		fc.asyncProperty(data, object, fc.boolean(), fc.constantFrom('combined', 'separate', undefined), async (content, more, asParameter, binaryMode) => {
			const binary = { ...more, data: content.data } as IDataObject;
			const context = fakeExecuteFunctions({
				parameters: { binaryPropertyName: asParameter ? binary : 'data' },
				items: [{ json: {}, binary: { data: binary } } as unknown as INodeExecutionData],
				helpers,
				settings: { binaryMode },
			});
			const found = await findBinaryFile(context, new NodeParameters(context).forItem(0), 0).catch((error: unknown) => error as Error);
			if (found instanceof Error) return expect(found).toBeInstanceOf(InvalidInput);
			const sent = await drain(jsonBody({}, found.video).open());
			const name = read(sent.bytes)['video_name'] ?? '';
			expect(Buffer.from(name, 'base64').toString('base64')).toBe(name);
			if (content.given) expect(name).toBe(content.given.toString('base64'));
		}),
		{ numRuns: 150 },
	);
});

test('any first bytes have a verdict, and a known video is never refused', () => {
	const type = fc.oneof(fc.string(), fc.constantFrom('text/html', 'application/json', 'image/png', 'application/pdf'));
	const start = fc.constantFrom(Buffer.alloc(0), ...['<', '{', '\xff\xfe', '\xfe\xff', 'RIFF', 'OggS', 'MZ', '\xff\xfb', 'BM'].map((text) => Buffer.from(text, 'latin1')));
	fc.assert(fc.property(start, bytes, type, (first, rest, mimeType) => void nonVideo(Buffer.concat([first, rest]).subarray(0, 512), mimeType)));
	fc.assert(
		fc.property(fc.constantFrom(...Object.values(VIDEO_HEADS)), bytes, type, (head, rest, mimeType) => {
			expect(nonVideo(Buffer.concat([head, rest]).subarray(0, 512), mimeType)).toBeUndefined();
		}),
	);
});

test('accepts random bytes as a video', () => {
	const random = fc.uint8Array({ minLength: 1, maxLength: 512 }).filter((array) => array.length < 8 || array.some((byte) => byte > 0xf4));
	fc.assert(fc.property(random, (array) => expect(nonVideo(Buffer.from(array), 'application/octet-stream')).toBeUndefined()), { numRuns: 150 });
});
