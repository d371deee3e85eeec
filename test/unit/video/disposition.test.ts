/** File names in Content-Disposition, as servers write them and browsers read them. */
import { dispositionName } from '../../../nodes/video/disposition';
import { describeFile } from '../../../nodes/video/fileName';

/** As Node.js gives a header whose bytes are UTF-8. */
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
])('%s', (header, name) => {
	expect(dispositionName(header)).toBe(name);
});

test('uses the first of several headers', () => {
	const headers = { 'content-disposition': ['attachment; filename=a.mp4', 'attachment; filename=b.mp4'] };
	expect(describeFile(new URL('https://media.example.com/x'), headers).fileName).toBe('a.mp4');
});
