/** Any bytes in any pieces: what arrives decodes to exactly them, and is as long as announced. */
import fc from 'fast-check';
import { CHUNK_BYTES, findBinary } from '../../../nodes/video/source';
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { jsonBody } from '../../../nodes/video/jsonBody';
import { bytesOf, cut, drain, storedVideo } from '../support/streams';
import { strictDouble } from '../support/strictDouble';

const bytes = fc.uint8Array({ minLength: 1, maxLength: 2_000 }).map((array) => Buffer.from(array));
const sizes = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 8 });
const fields = fc.dictionary(fc.constantFrom('style', 'prompt', 'request_id', 'notify_url'), fc.string({ unit: 'binary', maxLength: 50 }));

/** What a service reads out of it. */
const read = (body: Buffer) => JSON.parse(body.toString()) as Record<string, string>;

test('from the store', async () => {
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
		{ numRuns: 300 },
	);
});

test('from the store, in chunks shorter and longer than a piece that is sent', async () => {
	const video = bytesOf(5 * CHUNK_BYTES);
	const near = fc.integer({ min: -4, max: 4 });
	const long = fc.array(fc.tuple(fc.constantFrom(4, CHUNK_BYTES / 2, CHUNK_BYTES, 3 * CHUNK_BYTES), near).map(([size, off]) => Math.max(1, size + off)).filter((size) => size > 4), { minLength: 1, maxLength: 6 });
	await fc.assert(
		fc.asyncProperty(long, near, async (pieces, off) => {
			const some = video.subarray(0, 4 * CHUNK_BYTES + off);
			const body = jsonBody({}, storedVideo(cut(some, pieces), some.length));
			const sent = await drain(body.open());
			expect(sent.bytes.equals(Buffer.from(JSON.stringify({ video_name: some.toString('base64') })))).toBe(true);
		}),
		{ numRuns: 60 },
	);
});

test('from memory, however another node wrote its base64', async () => {
	const write = fc.constantFrom<(video: Buffer) => string>(
		(video) => video.toString('base64'),
		(video) => video.toString('base64url'),
		(video) => video.toString('base64').replace(/=+$/, ''),
		(video) => video.toString('base64').replace(/.{20}/g, '$&\r\n'),
	);
	const helpers = strictDouble<IExecuteFunctions['helpers']>('helpers', {});
	await fc.assert(
		fc.asyncProperty(bytes, write, async (given, spell) => {
			const data: IBinaryData = { data: spell(given), mimeType: 'video/mp4' };
			const { video, size } = await findBinary({ helpers }, data);
			expect(size).toBe(given.length);
			const body = jsonBody({}, video);
			const sent = await drain(body.open());
			expect(sent.bytes.length).toBe(body.length);
			expect(Buffer.from(read(sent.bytes)['video_name'] ?? '', 'base64').equals(given)).toBe(true);
		}),
		{ numRuns: 300 },
	);
});

test('a URL, any text', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'binary' }), (text) => {
			const body = jsonBody({}, { kind: 'text', text });
			const sent = String(body.open().data);
			expect(Buffer.byteLength(sent)).toBe(body.length);
			expect(read(Buffer.from(sent))['video_name']).toBe(JSON.parse(JSON.stringify(text)));
		}),
	);
});

test('bytes that are not as many as n8n said never make a whole request', async () => {
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
