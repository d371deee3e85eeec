/** The name and media type of a downloaded video. */
import { describeFile, dispositionName } from '../../../nodes/video/fileName';

const named = (path: string, headers: Record<string, string> = {}) => {
	const { fileName, mimeType } = describeFile(new URL(path, 'https://media.example.com'), headers);
	return [fileName, mimeType];
};
const disposition = (value: string) => ({ 'content-disposition': value });

test.each([
	['/a/b/clip.mp4?x=1', {}, 'clip.mp4', 'video/mp4'],
	['/clip.webm', {}, 'clip.webm', 'video/webm'],
	['/clip.MOV', { 'content-type': 'binary/octet-stream' }, 'clip.MOV', 'video/quicktime'],
	['/clip.bin', {}, 'clip.bin', 'video/mp4'],
	['/clip.mp4', { 'content-type': 'video/webm; codecs=vp9' }, 'clip.mp4', 'video/webm'],
	['/3f2a', {}, '3f2a.mp4', 'video/mp4'],
	['/3f2a', { 'content-type': 'video/webm' }, '3f2a.webm', 'video/webm'],
	['/', {}, 'video.mp4', 'video/mp4'],
	['/a/', { 'content-type': 'video/x-unknown' }, 'video.mp4', 'video/x-unknown'],
	['/%E5%8A%A8%E6%BC%AB.mp4', {}, '动漫.mp4', 'video/mp4'],
	['/%E5%8A.mp4', {}, '%E5%8A.mp4', 'video/mp4'],
])('names %s with %j as %s, %s', (path, headers: Record<string, string>, fileName, mimeType) => {
	expect(named(path, headers)).toEqual([fileName, mimeType]);
});

test.each([
	['attachment; filename="my clip.mp4"', 'my clip.mp4'],
	['attachment; filename=clip.mp4; size=7', 'clip.mp4'],
	['attachment; filename="a \\"b\\".mp4"', 'a _b_.mp4'],
	["attachment; filename=\"x.mp4\"; filename*=UTF-8''%E5%8A%A8.mp4", '动.mp4'],
	['attachment; filename="../../etc/passwd"', 'passwd.mp4'],
	['attachment; filename="C:\\\\Windows\\\\a.mp4"', 'a.mp4'],
	["attachment; filename*=UTF-8''..%2F..%2Fb.mp4", 'b.mp4'],
	['attachment; filename=".."', 'url.mp4'],
	['inline', 'url.mp4'],
])('reads Content-Disposition %s as %s', (value, fileName) => {
	expect(named('/url.mp4', disposition(value))[0]).toBe(fileName);
});

test('replaces control characters, and keeps the extension of a long name', () => {
	expect(named('/a%00b%0A.mp4')[0]).toBe('a_b_.mp4');
	const [long = ''] = named(`/${'x'.repeat(500)}.webm`);
	expect(long).toMatch(/^x+\.webm$/);
	expect(long.length).toBeLessThanOrEqual(60);
});

/** A header with UTF-8 bytes, as Node.js returns it. */
const raw = (text: string) => Buffer.from(text).toString('latin1');

test.each([
	[raw('attachment; filename="视频.mp4"'), '视频.mp4'],
	[raw('attachment; filename=视频.mp4'), '视频.mp4'],
	[raw('attachment; filename="café.mp4"'), 'café.mp4'],
	['attachment; filename="caf\xe9.mp4"', 'café.mp4'],
	['attachment; filename="视频.mp4"', '视频.mp4'],
	["attachment; filename*=UTF-8''%E8%A7%86%E9%A2%91.mp4", '视频.mp4'],
	["attachment; filename*=\"utf-8''%E8%A7%86%E9%A2%91.mp4\"", '视频.mp4'],
	["attachment; filename*=utf-8'zh-CN'%E8%A7%86.mp4; filename=x.mp4", '视.mp4'],
	["attachment; filename*=ISO-8859-1''caf%E9.mp4", 'café.mp4'],
	["attachment; filename*=GBK''%CA%D3%C6%B5.mp4", '视频.mp4'],
	["attachment; filename=\"plain.mp4\"; filename*=UTF-8''%E9.mp4", 'plain.mp4'],
	["attachment; filename=\"plain.mp4\"; filename*=nonsense''%41.mp4", 'plain.mp4'],
	['attachment; filename*=plain.mp4', 'plain.mp4'],
	['attachment; filename="%E8%A7%86%E9%A2%91.mp4"', '视频.mp4'],
	['attachment; filename="100%.mp4"', '100%.mp4'],
	['attachment; filename="%E9.mp4"', '%E9.mp4'],
	['attachment; filename="=?UTF-8?B?6KeG6aKRLm1wNA==?="', '视频.mp4'],
	['attachment; filename="=?utf-8?Q?caf=C3=A9_1.mp4?="', 'café 1.mp4'],
	['attachment; filename="=?UTF-8?B?6KeG?= =?UTF-8?B?6aKRLm1wNA==?="', '视频.mp4'],
	['attachment; filename="a;b.mp4"; size=7', 'a;b.mp4'],
	['attachment; filename="a \\"b\\".mp4"', 'a "b".mp4'],
	['attachment; name="x; filename=wrong.mp4"; filename=right.mp4', 'right.mp4'],
	['attachment; filename=first.mp4; filename=second.mp4', 'first.mp4'],
	['ATTACHMENT;FileName = "a.mp4"', 'a.mp4'],
	['filename=a.mp4', 'a.mp4'],
	['attachment; filename="open.mp4', 'open.mp4'],
	['attachment', ''],
	['attachment; filename=', ''],
	['', ''],
])('reads the file name of %s', (header, name) => {
	expect(dispositionName(header)).toBe(name);
});

test('uses the first of several headers', () => {
	const headers = { 'content-disposition': ['attachment; filename=a.mp4', 'attachment; filename=b.mp4'] };
	expect(describeFile(new URL('https://media.example.com/x'), headers).fileName).toBe('a.mp4');
});
