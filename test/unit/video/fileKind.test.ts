/** What a file is: its first bytes decide, then its MIME type; what nobody knows may be a video. */
import { nonVideo } from '../../../nodes/video/fileKind';
import { HEAD_BYTES } from '../../../nodes/video/textKind';
import { OTHER_HEADS, VIDEO_HEADS } from '../support/heads';
import { bytesOf } from '../support/uploads';

const UNKNOWN = bytesOf(HEAD_BYTES);

test.each(Object.entries(VIDEO_HEADS))('%s is a video, whatever the MIME type', (_, head) => {
	for (const type of ['video/mp4', 'text/html', 'application/zip', 'image/png', 'text/plain', '']) {
		expect(nonVideo(head, type)).toBeUndefined();
	}
});

test.each(OTHER_HEADS)('%s: %s, though its MIME type says video', (kind, _, head) => {
	const flaw = nonVideo(head.subarray(0, HEAD_BYTES), 'video/mp4');
	expect(flaw?.message).toBe(`is ${kind}, not a video`);
	expect(flaw?.hint).toMatch(/node before this one/);
});

test('text that is cut in the middle of a character is text', () => {
	const head = Buffer.from('a' + '视'.repeat(HEAD_BYTES)).subarray(0, HEAD_BYTES);
	expect(nonVideo(head, '')?.message).toMatch(/text file/);
});

test.each(['video/mp4', 'application/octet-stream', 'application/mp4', 'application/vnd.ms-asf', '', 'nonsense', 'text/plain'])(
	'unknown bytes of the type "%s" may be a video',
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
])('unknown bytes of the type "%s" are %s', (type, kind) => {
	const flaw = nonVideo(UNKNOWN, type);
	expect(flaw?.message).toMatch(`is ${kind}, not a video (MIME type "`);
	expect(flaw?.hint).toContain('correct its MIME type');
});

test('a few bytes that happen to be letters may be anything, unless the MIME type says text', () => {
	expect(nonVideo(Buffer.from('video'), 'video/mp4')).toBeUndefined();
	expect(nonVideo(Buffer.from('OK'), 'text/plain')?.message).toMatch(/text file/);
});

test('a long file that begins with text is sent: its format may have a text header', () => {
	const head = Buffer.from('MOVIE W640 H360 F25:1'.padEnd(HEAD_BYTES, ' x'));
	expect(nonVideo(head, 'video/mp4', 1_000_000)?.message).toMatch(/text file/);
	expect(nonVideo(head, 'video/mp4', 1_000_001)).toBeUndefined();
	expect(nonVideo(head, 'text/csv', 1_000_001)?.message).toMatch(/text file/);
	expect(nonVideo(Buffer.from('<html>'), 'video/mp4', 1_000_001)?.message).toMatch(/web page/);
});

test.each([
	['Latin-1', Buffer.from('Caf\u00e9: log in to see this page. '.repeat(8), 'latin1')],
	['UTF-16 without a byte order mark', Buffer.from('{"error":"login required"}', 'utf16le')],
	['a message in front of a video', Buffer.concat([Buffer.from('<br />\n<b>Warning</b>: x\n'), Buffer.alloc(300)])],
	['a long CSV file', Buffer.from('a;b;c\n'.repeat(85))],
])('text: %s', (_, head) => {
	expect(nonVideo(head.subarray(0, HEAD_BYTES), 'application/octet-stream', 2_000_000)?.message).toMatch(/is (a text file|JSON data|a web page), not a video/);
});
