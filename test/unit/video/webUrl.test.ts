/** The one URL in a value: unchanged, corrected if it is unambiguous, or rejected. */
import { readWebUrl } from '../../../nodes/video/webUrl';

const A = 'https://a.example.com/x.mp4';
const B = 'https://b.example.com/y.mp4';

const read = (value: unknown, sameMachine = false) => {
	const result = readWebUrl(value, sameMachine);
	return result.ok ? result.text : result.error.join('. ');
};

describe('keeps', () => {
	test.each([
		A,
		'http://a.example.com:8080/x.mp4?a=1&b=2#t=3',
		'https://user:secret@a.example.com/x.mp4',
		'https://8.8.8.8/x.mp4',
		'https://a.example.com/a,b;c=1/x.mp4?list=1,2,3',
		'https://a.example.com/%E8%A7%86%e9%A2%91%20x.mp4?sig=a%2Bb%3D%3D&x=%252F',
		'https://a.example.com/x.mp4?X-Amz-Credential=K%2F20260101%2Fus-east-1&X-Amz-Signature=0a',
		'https://a.example.com/x.mp4?sig=ab+/c==&title=it\'s',
		'https://proxy.example.com/?url=https://a.example.com/x.mp4',
		'https://proxy.example.com/?https://a.example.com/x.mp4',
		'https://res.example.com/fetch/w_100,h_50/https://a.example.com/x.mp4',
		'https://proxy.example.com/?url=https%3A%2F%2Fa.example.com%2Fx.mp4&then=x',
		'https://a.example.com/undefined-behaviour.mp4?from=nullable',
		'https://a.example.com/a[1](2)!*.mp4?x[]=1',
		'https://xn--r8jz45g.jp/x.mp4',
		'https://a.example.com',
		'https://a.example.com?x=1',
		'https://a.example.com/download.aspx?UniqueId=%7B3F2504E0-4F89-11D3-9A0C-0305E82C3301%7D',
		'https://a.example.com/%7B3F2504E0-4F89%7D/x.mp4',
		'https://a.example.com/x?data=%7B%22a%22%3A%7B%22b%22%3A1%7D%7D',
		'https://a.example.com/x.mp4?sig=abc,',
		'https://a.example.com/x.mp4?a=?b',
	])('%s', (url) => expect(read(url)).toBe(url));
});

describe('corrects', () => {
	test.each<[unknown, string]>([
		['https://a.example.com/my video 视频.mp4', 'https://a.example.com/my%20video%20%E8%A7%86%E9%A2%91.mp4'],
		['https://a.example.com/\u017f\u212a.mp4', 'https://a.example.com/%C5%BF%E2%84%AA.mp4'],
		['https://a.example.com/a\tb.mp4', 'https://a.example.com/a%09b.mp4'],
		['https://a.example.com/a"b".mp4', 'https://a.example.com/a%22b%22.mp4'],
		['https://a.example.com/100%.mp4?q=5%&r=%zz%41', 'https://a.example.com/100%25.mp4?q=5%25&r=%25zz%41'],
		['https://a.example.com/a|b^c`d{1.mp4', 'https://a.example.com/a%7Cb%5Ec%60d%7B1.mp4'],
		['https://a.example.com/x.mp4?p=C:\\x', 'https://a.example.com/x.mp4?p=C:%5Cx'],
		['https://a.example.com/👨‍👩‍👧.mp4', 'https://a.example.com/%F0%9F%91%A8%E2%80%8D%F0%9F%91%A9%E2%80%8D%F0%9F%91%A7.mp4'],
		['https://a.example.com/a\u00a0b\u3000c.mp4', 'https://a.example.com/a%C2%A0b%E3%80%80c.mp4'],
		['https://例え.jp/ビデオ.mp4', 'https://xn--r8jz45g.jp/%E3%83%93%E3%83%87%E3%82%AA.mp4'],
		['https://mü:gé@a.example.com/x', 'https://m%C3%BC:g%C3%A9@a.example.com/x'],
		['https://me@home:se@cret@a.example.com/x', 'https://me%40home:se%40cret@a.example.com/x'],
		['https://a.example.com/x?a=1&#038;b=2&#38;c=3&#x26;d=4', 'https://a.example.com/x?a=1&b=2&c=3&d=4'],
		['https://a.example.com/x?a\\u003d1\\u0026b\\u003d2', 'https://a.example.com/x?a=1&b=2'],
		['https://a.example.com/x?a=1&amp;b=2&amp;amp;c=3', 'https://a.example.com/x?a=1&b=2&c=3'],
		['https:\\/\\/a.example.com\\/x?a=1\\u0026b=2', 'https://a.example.com/x?a=1&b=2'],
		['HTTPS://A.Example.COM:443/X.mp4', 'https://a.example.com/X.mp4'],
		['https://0x08080808/x', 'https://8.8.8.8/x'],
		[`  ${A}\r\n`, A],
		[`%20%20${A}`, A],
		[`\ufeff\u200b${A}\u200b\u2060`, A],
		[`"${A}"`, A],
		[`'${A}'`, A],
		[`“${A}”`, A],
		[`\`${A}\``, A],
		[`<${A}>`, A],
		[`<${A}|my video>`, A],
		[` "<${A}>"\n`, A],
		[`(${A})`, A],
		[`${A},`, A],
		[`\n, ${A};\n`, A],
		[`[my video](${A})`, A],
		[`![my video]( ${A} "title" )`, A],
		[`[${A}](${A})`, A],
		[`["${A}"]`, A],
		[`[ "${A}", "" ]`, A],
		[[A], A],
		[[[A]], A],
		[[A, null, '', undefined], A],
	])('%j', (value, url) => expect(read(value)).toBe(url));
});

describe('rejects several URLs', () => {
	const joined = ['\n', '\r\n', ',', ', ', ';', '; ', ' ', '\t', '|', ' | ', ' and ', ',\n', '%0A', '', '","'].map((by) => `${A}${by}${B}`);
	test.each<unknown>([
		...joined,
		`["${A}","${B}"]`,
		`<${A}> <${B}>`,
		`"${A}", "${B}"`,
		`[a](${A}) [b](${B})`,
		`- ${A}\n- ${B}`,
		`${A}, s3://bucket/y.mp4`,
		`${A}\nHTTP://b.example.com/y.mp4`,
		`https://a.example.com/x.mp4?sig=1,${B}`,
		[A, B],
		[A, 7],
	])('%j', (value) => expect(read(value)).toMatch(/^contains several URLs.* Split Out/));
});

describe('rejects', () => {
	const PLACEHOLDERS = [
		['https://a.example.com/undefined', /contains undefined: an expression found no value/],
		['https://a.example.com/undefined.mp4', /contains undefined/],
		['https://a.example.com/v/undefined/x.mp4', /contains undefined/],
		['https://a.example.com/x.mp4?token=undefined', /contains undefined/],
		['https://a.example.com/x.mp4?token=null&a=1', /contains null/],
		['https://a.example.com/NaN.mp4', /contains NaN/],
		['https://undefined/x.mp4', /contains undefined/],
		['https://undefined:8080/x.mp4', /contains undefined/],
		['https://undefined.s3.amazonaws.com/x.mp4', /contains undefined/],
		[['https://null', 'null@a.example.com/x.mp4'].join(':'), /contains null/],
		['https://a.example.com/Invalid DateTime/x.mp4', /contains Invalid DateTime/],
		['https://a.example.com/[object Object]', /contains \[object Object\]/],
		['https://a.example.com/%5Bobject%20Object%5D.mp4', /contains \[object Object\]/],
		['https://a.example.com/{{ $json.file }}', /expression that was not evaluated/],
		['https://a.example.com/%7B%7B$json.file%7D%7D', /expression that was not evaluated/],
		['https://a.example.com/$json.file', /expression that was not evaluated/],
		['https://a.example.com/${file}', /expression that was not evaluated/],
		["https://a.example.com/$('Read').item.json.url", /expression that was not evaluated/],
		['https://a.example.com/<file id>/x.mp4', /placeholder <file id>/],
		['https://a.example.com/{id}?x=1', /placeholder {id}/],
		['https://<bucket>.s3.amazonaws.com/x.mp4', /placeholder <bucket>/],
	] as const;
	const INVISIBLE = ['\n', '\r', '\0', '\x7f', '\u200b', '\u202e', '\u2066', '\ufeff', '\u2028', '\u00ad'].map(
		(character) => [`https://a.example.com/vi${character}deo.mp4`, /invisible character/] as const,
	);
	test.each<readonly [unknown, RegExp]>([
		...PLACEHOLDERS,
		...INVISIBLE,
		['https://a.exam\u200bple.com/x.mp4', /invisible character/],
		['https://a.example.com/\ud800.mp4', /invisible character/],
		['https://a.example.com\\x.mp4', /backslash/],
		['https://a.example.com/v\\x.mp4', /backslash/],
		['https:\\\\a.example.com\\x.mp4', /does not begin|is not a URL/],
		['https:a.example.com/x.mp4', /does not begin with https/],
		['https:/a.example.com/x.mp4', /does not begin with https/],
		['https:///x.mp4', /does not begin with https/],
		['https://', /is not a URL/],
		['https://a b.example.com/x.mp4', /is not a URL/],
		['https://a.example.com:99999/x.mp4', /is not a URL/],
		['https://a.example.com:0/x.mp4', /is not a URL/],
		['https://a\u200d.example.com/x.mp4', /is not a URL/],
		['a.example.com/x.mp4', /is not a URL.*must begin with https/],
		['//a.example.com/x.mp4', /is not a URL/],
		['=https://a.example.com/x.mp4', /is not a URL/],
		['Video: https://a.example.com/x.mp4', /does not begin with https|is not a URL/],
		['undefined', /is not a URL/],
		['s3://bucket/x.mp4', /does not begin.*signed https URL/],
		['gs://bucket/x.mp4', /does not begin.*signed https URL/],
		['ftp://a.example.com/x.mp4', /does not begin.*Binary File/],
		['file:///videos/x.mp4', /does not begin.*Binary File/],
		['C:\\videos\\x.mp4', /Binary File/],
		['data:video/mp4;base64,AAAA', /does not begin.*Binary File/],
		[`data:video/mp4;base64,${'A'.repeat(99_999)}`, /too long.*Binary File/],
		['blob:https://a.example.com/1', /does not begin.*Binary File/],
		['http://minio:9000/x.mp4', /points to minio/],
		['https://192.168.1.2/x.mp4', /points to 192\.168\.1\.2/],
		['https://2130706433/x.mp4', /points to 127\.0\.0\.1/],
		['https://files.corp/x.mp4', /points to files\.corp/],
		['', /is empty/],
		[' \n\u200b', /is empty/],
		['""', /is empty/],
		[null, /is empty/],
		[undefined, /is empty/],
		[[], /is empty/],
		['[]', /is empty/],
		[{ url: A }, /is an object/],
		[[{ url: A }], /is an object/],
		[`{"url":"${A}"}`, /is an object/],
		[7, /is not a URL/],
		[true, /is not a URL/],
	])('%j', (value, words) => expect(read(value)).toMatch(words));
});

test('accepts loopback hosts if the service runs on this machine', () => {
	expect(read('http://localhost:9000/x.mp4', true)).toBe('http://localhost:9000/x.mp4');
});

test.each(['，', '、', '；', '&', '-', ' www.b.example.com/y.mp4 '])('rejects two URLs joined by %j', (separator) => {
	expect(read(`${A}${separator}${B}`)).toMatch(/contains several URLs/);
});
