/** Finding an item's video without reading it. */
import { Readable } from 'node:stream';
import type { IExecuteFunctions } from 'n8n-workflow';
import { jsonBody } from '../../../nodes/video/jsonBody';
import { CHUNK_BYTES, findBinary } from '../../../nodes/video/source';
import { bytesOf, drain } from '../support/streams';
import { strictDouble } from '../support/strictDouble';

type Helpers = IExecuteFunctions['helpers'];

const caller = (helpers: Partial<Helpers>) => ({ helpers: strictDouble<Helpers>('helpers', helpers) });
const inMemory = async (data: string) => await findBinary(caller({}), { data, mimeType: 'video/mp4' });

test('in n8n\'s store: its size is asked for, its bytes are not', async () => {
	const found = await findBinary(
		caller({
			getBinaryMetadata: async (id) => {
				expect(id).toBe('filesystem:1');
				return { fileSize: 77 };
			},
		}),
		{ id: 'filesystem:1', data: 'filesystem', mimeType: 'video/mp4' },
	);
	expect(found).toMatchObject({ size: 77, video: { kind: 'stored', size: 77 } });
});

test('in n8n\'s store: it is opened anew each time, in chunks that need no padding', async () => {
	const opened: Array<number | undefined> = [];
	const { video } = await findBinary(
		caller({
			getBinaryMetadata: async () => ({ fileSize: 6 }),
			getBinaryStream: async (id, chunkSize) => {
				expect(id).toBe('s3:1');
				opened.push(chunkSize);
				return Readable.from([bytesOf(6)], { objectMode: false });
			},
		}),
		{ id: 's3:1', data: 's3', mimeType: 'video/mp4' },
	);
	if (video.kind === 'text') throw new Error('It is a text');
	const body = jsonBody({}, video);
	expect((await drain(body.open())).bytes).toHaveLength(body.length);
	expect((await drain(body.open())).bytes).toHaveLength(body.length);
	expect(opened).toEqual([CHUNK_BYTES, CHUNK_BYTES]);
	expect(CHUNK_BYTES % 3).toBe(0);
});

test('in n8n\'s store, but gone', async () => {
	const gone = caller({
		getBinaryMetadata: async () => {
			throw new Error('File not found');
		},
	});
	await expect(findBinary(gone, { id: 'filesystem:2', data: '', mimeType: '' })).rejects.toThrow('File not found');
});

test.each([1, 2, 3, 4, 5, 10, 1_000])('in memory: base64 of %i bytes is taken as it is', async (size) => {
	const base64 = bytesOf(size).toString('base64');
	expect(await inMemory(base64)).toEqual({ video: { kind: 'base64', base64 }, size });
});

test('in memory, and empty', async () => {
	expect(await inMemory('')).toMatchObject({ size: 0 });
});

test.each([1, 2, 4, 5, 10])('in memory, without the padding: %i bytes', async (size) => {
	const base64 = bytesOf(size).toString('base64');
	expect(await inMemory(base64.replace(/=+$/, ''))).toEqual({ video: { kind: 'base64', base64 }, size });
});

test.each([
	['URL-safe', (base64: string) => base64.replace(/\+/g, '-').replace(/\//g, '_')],
	['broken into lines', (base64: string) => base64.replace(/.{100}/g, '$&\n')],
	['broken into lines as in mails', (base64: string) => base64.replace(/.{76}/g, '$&\r\n')],
])('in memory, %s: it goes out as plain base64', async (_, rewrite) => {
	const bytes = bytesOf(300);
	const { video, size } = await inMemory(rewrite(bytes.toString('base64')));
	if (video.kind !== 'base64') throw new Error('It is no base64');
	const body = jsonBody({}, video);
	const sent = JSON.parse((await drain(body.open())).bytes.toString()) as { video_name: string };
	expect(sent.video_name).toBe(bytes.toString('base64'));
	expect(size).toBe(300);
});
