/** The Base URL, which gets the token, and the URLs that HiDream downloads or calls. */
import { DEFAULT_BASE_URL, exchangeUrl, parseBaseUrl, resultUrl, submitUrl } from '../../../nodes/hidream/endpoints';
import { baseUrlText } from '../../../nodes/shared/messages/aboutInput';
import { unusableUrl } from '../../../nodes/shared/messages/aboutVideos';

describe('accepts the Base URL', () => {
	test.each([
		['https://www.hidreamai.com', 'https://www.hidreamai.com', false],
		['https://www.hidreamai.com/', 'https://www.hidreamai.com', false],
		['https://www.hidreamai.com///', 'https://www.hidreamai.com', false],
		['  https://www.hidreamai.com \n', 'https://www.hidreamai.com', false],
		['HTTPS://WWW.HiDreamAI.com', 'https://www.hidreamai.com', false],
		['https://www.hidreamai.com:443/', 'https://www.hidreamai.com', false],
		['https://www.hidreamai.com./', 'https://www.hidreamai.com', false],
		['https://proxy.example.com:8443/hidream/', 'https://proxy.example.com:8443/hidream', false],
		['https://10.0.0.5', 'https://10.0.0.5', false],
		['https://localhost:8443', 'https://localhost:8443', true],
		['http://localhost', 'http://localhost', true],
		['http://localhost:8080/', 'http://localhost:8080', true],
		['http://api.localhost', 'http://api.localhost', true],
		['http://127.0.0.1:8080', 'http://127.0.0.1:8080', true],
		['http://127.1:8080', 'http://127.0.0.1:8080', true],
		['http://[::1]:8080', 'http://[::1]:8080', true],
	])('%j', (text, url, sameMachine) => {
		expect(parseBaseUrl(text)).toEqual({ ok: true, url, sameMachine });
	});
});

describe('rejects the Base URL with a reason', () => {
	test.each([
		['', /not a URL/],
		['   ', /not a URL/],
		['www.hidreamai.com', /not a URL/],
		['https://', /not a URL/],
		['https://a b.com', /not a URL/],
		['http://[::1', /not a URL/],
		['http://www.hidreamai.com', /https:\/\//],
		['http://10.0.0.5', /https:\/\//],
		['http://192.168.1.2:8080', /https:\/\//],
		['http://0.0.0.0:8080', /https:\/\//],
		['http://minio', /https:\/\//],
		['http://localhost.example.com', /https:\/\//],
		['http://127.0.0.1.nip.io', /https:\/\//],
		['http://127.0.0.1@evil.example', /https:\/\//],
		['localhost:8080', /https:\/\//],
		['ftp://localhost', /https:\/\//],
		['file:///etc/passwd', /https:\/\//],
		['ws://localhost', /https:\/\//],
		['javascript:alert(1)', /https:\/\//],
		['https://user@www.hidreamai.com', /user name or password/],
		['https://user:secret@www.hidreamai.com', /user name or password/],
		['https://:secret@www.hidreamai.com', /user name or password/],
		['https://www.hidreamai.com?x=1', /"\?" or "#"/],
		['https://www.hidreamai.com/#top', /"\?" or "#"/],
	])('%j', (text, reason) => {
		const baseUrl = parseBaseUrl(text);
		expect(baseUrl.ok ? 'usable' : baseUrlText(baseUrl.reason)).toMatch(reason);
	});
});

test('has HiDream\'s endpoints', () => {
	expect(submitUrl(DEFAULT_BASE_URL)).toBe('https://www.hidreamai.com/api-pub/gw/v2/video/video_edit/async');
	expect(resultUrl(DEFAULT_BASE_URL)).toBe('https://www.hidreamai.com/api-pub/gw/v2/video/video_edit/async/results');
	expect(exchangeUrl(DEFAULT_BASE_URL)).toBe('https://www.hidreamai.com/prod-api/user/apikey2token');
});

describe('accepts the URL', () => {
	test.each([
		'https://example.com/video.mp4',
		'http://example.com/video.mp4?a=1&b=2#t=3',
		'https://user:secret@example.com/video.mp4',
		'https://例え.jp/ビデオ.mp4',
		'https://8.8.8.8/video.mp4',
	])('%s', (url) => {
		expect(unusableUrl(url, false)).toBeUndefined();
	});
});

describe('rejects the URL', () => {
	test.each([
		['', /not a URL/],
		['video.mp4', /not a URL/],
		['//example.com/video.mp4', /not a URL/],
		['ftp://example.com/video.mp4', /https?:\/\//],
		['data:video/mp4;base64,AAAA', /https?:\/\//],
		['file:///video.mp4', /https?:\/\//],
		['blob:https://example.com/1', /https?:\/\//],
		['s3://bucket/video.mp4', /https?:\/\//],
	])('%s, wherever the Base URL is', (url, reason) => {
		expect(unusableUrl(url, false)).toMatch(reason);
		expect(unusableUrl(url, true)).toMatch(reason);
	});

	test.each(['http://localhost/video.mp4', 'http://127.1/video.mp4', 'http://[::1]/video.mp4'])('%s, unless the Base URL is on this machine', (url) => {
		expect(unusableUrl(url, false)).toContain(new URL(url).hostname);
		expect(unusableUrl(url, true)).toBeUndefined();
	});

	test.each([
		'https://192.168.1.2/video.mp4',
		'http://minio:9000/video.mp4',
		'http://user@10.0.0.1/video.mp4',
		'http://169.254.169.254/latest/meta-data',
	])('%s, also if the Base URL is on this machine', (url) => {
		expect(unusableUrl(url, false)).toContain(new URL(url).hostname);
		expect(unusableUrl(url, true)).toContain(new URL(url).hostname);
	});
});
