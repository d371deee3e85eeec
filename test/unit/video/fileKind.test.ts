/** The kind of a file, by its first bytes or else its MIME type. Unknown files may be videos. */
import { nonVideo } from '../../../nodes/video/fileKind';
import { HEAD_BYTES } from '../../../nodes/video/textKind';
import { OTHER_HEADS, VIDEO_HEADS } from '../support/heads';
import { bytesOf } from '../support/uploads';

const UNKNOWN = bytesOf(HEAD_BYTES);

test.each(Object.entries(VIDEO_HEADS))('accepts %s with any MIME type', (_, head) => {
	for (const type of ['video/mp4', 'text/html', 'application/zip', 'image/png', 'text/plain', '']) {
		expect(nonVideo(head, type)).toBeUndefined();
	}
});

test.each(OTHER_HEADS)('detects %s: %s, with the MIME type of a video', (kind, _, head) => {
	const problem = nonVideo(head.subarray(0, HEAD_BYTES), 'video/mp4');
	expect(problem?.message).toBe(`is ${kind}, not a video`);
	expect(problem?.hint).toMatch(/node before this one/);
});

test('detects a video that was decoded as text, also if the head is cut in the middle of a character', () => {
	const damaged = Buffer.from(Buffer.concat([Buffer.from('\0\0\0\x18ftypisom'), Buffer.alloc(HEAD_BYTES, Buffer.from([0xff, 0, 0xd8, 7, 0x41]))]).toString());
	for (const cut of [0, 1, 2]) expect(nonVideo(damaged.subarray(0, HEAD_BYTES - cut), 'video/mp4', 5_000_000)?.message).toMatch(/damaged/);
});

test('accepts a video that contains the bytes of U+FFFD by chance', () => {
	const head = Buffer.concat([Buffer.from('\0\0\0\x18ftypisom'), Buffer.from([0xef, 0xbf, 0xbd, 0xef, 0xbf, 0xbd, 0xff, 0xd8, 1, 2, 3, 4])]);
	expect(nonVideo(head, 'video/mp4')).toBeUndefined();
});

test('detects text that is cut in the middle of a character', () => {
	const head = Buffer.from('a' + '视'.repeat(HEAD_BYTES)).subarray(0, HEAD_BYTES);
	expect(nonVideo(head, '')?.message).toMatch(/text file/);
});

test.each(['video/mp4', 'application/octet-stream', 'application/mp4', 'application/vnd.ms-asf', '', 'nonsense', 'text/plain'])(
	'accepts unknown bytes of the type "%s"',
	(type) => expect(nonVideo(UNKNOWN, type)).toBeUndefined(),
);

test.each([
	['text/html', 'a web page'],
	['Text/HTML; charset=gbk', 'a web page'],
	['text/csv', 'a text file'],
	['application/json', 'JSON data'],
	['application/problem+json', 'JSON data'],
	['text/xml', 'an XML document'],
	['application/rss+xml', 'an XML document'],
	['image/svg+xml', 'an image'],
	['image/x-canon-cr2', 'an image'],
	['audio/mpeg', 'an audio file'],
	['application/pdf', 'a PDF document'],
	['application/zip', 'an archive'],
	['application/x-7z-compressed', 'an archive'],
	['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'an Office document'],
	['application/vnd.apple.mpegurl', 'a playlist'],
	['font/woff2', 'a font'],
	['multipart/form-data; boundary=x', 'a message or a form'],
])('takes unknown bytes of the type "%s" for %s', (type, kind) => {
	const problem = nonVideo(UNKNOWN, type);
	expect(problem?.message).toMatch(`is ${kind}, not a video (MIME type "`);
	expect(problem?.hint).toContain('correct its MIME type');
});

test('accepts a few letters, unless the MIME type is a text type', () => {
	expect(nonVideo(Buffer.from('video'), 'video/mp4')).toBeUndefined();
	expect(nonVideo(Buffer.from('OK'), 'text/plain')?.message).toMatch(/text file/);
});

test('accepts a long file that begins with text, because its format may have a text header', () => {
	const head = Buffer.from('MOVIE W640 H360 F25:1'.padEnd(HEAD_BYTES, ' x'));
	expect(nonVideo(head, 'video/mp4', 1_000_000)?.message).toMatch(/text file/);
	expect(nonVideo(head, 'video/mp4', 1_000_001)).toBeUndefined();
	expect(nonVideo(head, 'text/csv', 1_000_001)?.message).toMatch(/text file/);
	expect(nonVideo(Buffer.from('<html>'), 'video/mp4', 1_000_001)?.message).toMatch(/web page/);
});

const BASE64 = Buffer.from('\0\0\0 ftypisom\0\0\x02').toString('base64');

test.each([
	['base64', BASE64.repeat(20)],
	['base64 in lines', `${BASE64}\r\n`.repeat(20)],
	['base64 as a JSON text', `"${BASE64.repeat(20)}`],
	['hexadecimal', '0000002066747970'.repeat(40)],
])('detects a long file that holds a video in %s', (_, text) => {
	expect(nonVideo(Buffer.from(text).subarray(0, HEAD_BYTES), 'video/mp4', 2_000_000)?.message).toBe('is a text file, not a video');
});

test.each([
	['Latin-1', Buffer.from('Caf\u00e9: log in to see this page. '.repeat(8), 'latin1')],
	['UTF-16 without a byte order mark', Buffer.from('{"error":"login required"}', 'utf16le')],
	['UTF-16 without a byte order mark, other byte order', Buffer.from('{"error":"login required"}', 'utf16le').swap16()],
	['an HTML comment', Buffer.from('<!-- the link has expired -->')],
	['a message in front of a video', Buffer.concat([Buffer.from('<br />\n<b>Warning</b>: x\n'), Buffer.alloc(300)])],
	['a long CSV file', Buffer.from('a;b;c\n'.repeat(85))],
])('detects text, also in a long file: %s', (_, head) => {
	expect(nonVideo(head.subarray(0, HEAD_BYTES), 'application/octet-stream', 2_000_000)?.message).toMatch(/is (a text file|JSON data|a web page), not a video/);
});
