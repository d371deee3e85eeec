/** The body of a submit, byte for byte what JSON.stringify makes of the same object. */
import { Readable } from 'node:stream';
import { jsonBody } from '../../../nodes/video/jsonBody';
import type { Video } from '../../../nodes/video/source';
import { bytesOf, cut, drain, storedVideo } from '../support/streams';

const FIELDS = { style: 'anime', prompt: 'soft light', request_id: 'r-1', notify_url: 'https://n.example/1' };
const MEBI = 1024 * 1024;

const expected = (fields: object, bytes: Buffer): Buffer =>
	Buffer.from(JSON.stringify({ ...fields, video_name: bytes.toString('base64') }));

async function sent(fields: Record<string, string | undefined>, bytes: Buffer, sizes: number[]) {
	const body = jsonBody(fields, storedVideo(cut(bytes, sizes), bytes.length));
	const upload = body.open();
	const { bytes: json, error } = await drain(upload);
	if (error) throw error;
	expect(upload.handedOver()).toBe(true);
	expect(upload.unreadable()).toBeUndefined();
	return { json, length: body.length };
}

describe.each([
	['byte by byte', [1]],
	['in pairs', [2]],
	['in fours', [4]],
	['in odd pieces', [1, 5, 2, 7, 3]],
	['in one piece', []],
])('small videos, read %s', (_, sizes) => {
	test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])('%i bytes', async (size) => {
		const bytes = bytesOf(size);
		const { json, length } = await sent(FIELDS, bytes, sizes);
		expect(json.toString()).toBe(expected(FIELDS, bytes).toString());
		expect(length).toBe(json.length);
	});
});

test('no bytes at all', async () => {
	const { json, length } = await sent({ style: 'anime' }, Buffer.alloc(0), [1]);
	expect(json.toString()).toBe('{"style":"anime","video_name":""}');
	expect(length).toBe(json.length);
});

test.each([
	[3 * MEBI - 1, [65_536]],
	[3 * MEBI, [192 * 1024]],
	[3 * MEBI + 1, [192 * 1024]],
	[3 * MEBI - 1, [10_007, 1, 99_991, 2, 500_000]],
	[3 * MEBI + 1, [10_007, 1, 99_991, 2, 500_000]],
])('%i bytes in chunks of %j', async (size, sizes) => {
	const bytes = bytesOf(size);
	const { json, length } = await sent(FIELDS, bytes, sizes);
	expect(json.equals(expected(FIELDS, bytes))).toBe(true);
	expect(length).toBe(json.length);
});

test('empty chunks in between', async () => {
	const bytes = bytesOf(7);
	const chunks = cut(bytes, [3]).flatMap((chunk) => [Buffer.alloc(0), chunk, Buffer.alloc(0)]);
	const video: Video = { kind: 'stored', size: 7, open: async () => Readable.from(chunks, { objectMode: true }), ownChunks: false };
	const { bytes: json } = await drain(jsonBody(FIELDS, video).open());
	expect(json.toString()).toBe(expected(FIELDS, bytes).toString());
});

const PROMPTS = [
	'"quotes" and \\backslashes\\ \\u0041',
	'lines\nand\r\nmore\tand \u0000\u0007\u001f\u007f',
	'emoji 🎬👨‍👩‍👧 and 水墨 and ü',
	'line separators \u2028 and \u2029, and a \ufeff',
	'half a pair \ud83c',
	'","video_name":"http://evil.example/"}',
	'</script>{{ $json }}',
	' spaces stay ',
];

test.each(PROMPTS)('a prompt arrives as typed, beside a stored video: %j', async (prompt) => {
	const bytes = bytesOf(5);
	const { json, length } = await sent({ prompt }, bytes, [2]);
	expect(json.equals(expected({ prompt }, bytes))).toBe(true);
	expect(length).toBe(json.length);
});

test.each(PROMPTS)('a prompt arrives as typed, beside a URL: %j', (prompt) => {
	const body = jsonBody({ prompt }, { kind: 'text', text: 'https://v.example/ü.mp4' });
	const { data } = body.open();
	expect(data).toBe(JSON.stringify({ prompt, video_name: 'https://v.example/ü.mp4' }));
	expect(body.length).toBe(Buffer.byteLength(String(data)));
});

test('fields that are empty are left out', async () => {
	const { json } = await sent({ style: undefined, prompt: '', request_id: 'r' }, bytesOf(3), [3]);
	expect(Object.keys(JSON.parse(json.toString()) as object)).toEqual(['request_id', 'video_name']);
	const none = jsonBody({}, { kind: 'text', text: 'https://v.example' }).open().data;
	expect(none).toBe('{"video_name":"https://v.example"}');
});

test.each([1, 2, 3, 4, 5, 3 * MEBI + 1])('base64 that n8n holds already, of %i bytes', async (size) => {
	const bytes = bytesOf(size);
	const body = jsonBody(FIELDS, { kind: 'base64', base64: bytes.toString('base64') });
	const { bytes: json } = await drain(body.open());
	expect(json.equals(expected(FIELDS, bytes))).toBe(true);
	expect(body.length).toBe(json.length);
});

test('a body is opened anew for each try', async () => {
	const bytes = bytesOf(10);
	const body = jsonBody(FIELDS, storedVideo(cut(bytes, [3]), bytes.length));
	const [first, second] = [await drain(body.open()), await drain(body.open())];
	expect(second.bytes.equals(first.bytes)).toBe(true);
	expect(first.bytes.length).toBe(body.length);
});

test('a URL is sent in one go: once it is on its way, HiDream may have all of it', () => {
	const upload = jsonBody(FIELDS, { kind: 'text', text: 'https://v.example' }).open();
	expect([upload.handedOver(), upload.unreadable(), upload.progress()]).toEqual([true, undefined, 0]);
	upload.close();
});
