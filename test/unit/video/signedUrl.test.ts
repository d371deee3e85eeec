/** The expiry of signed URLs, in the format of each provider. */
import { expiryOf, isExpired } from '../../../nodes/video/signedUrl';
import { readVideoUrl } from '../../../nodes/video/videoUrl';

const TIME = '2026-03-01T12:00:00.000Z';
const SECONDS = Date.parse(TIME) / 1_000;
const HEX = SECONDS.toString(16);
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
const policy = (condition: object) =>
	base64({ Statement: [{ Resource: 'https://d1.cloudfront.net/???', Condition: condition }] }).replace(/[+=/]/g, (c) => ({ '+': '-', '=': '_' })[c] ?? '~');
const token = (claims: object) => `eyJhbGciOiJIUzI1NiJ9.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

const expiry = (url: string) => {
	const at = expiryOf(new URL(url));
	return at === undefined ? undefined : new Date(at).toISOString();
};

test.each([
	['S3 V4', 'https://b.s3.amazonaws.com/x.mp4?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20260301T110000Z&X-Amz-Expires=3600&X-Amz-Signature=0a'],
	['S3 V4 in lower case', 'https://b.s3.amazonaws.com/x.mp4?x-amz-date=20260301T110000Z&x-amz-expires=3600'],
	['S3 V2', `https://b.s3.amazonaws.com/x.mp4?AWSAccessKeyId=AK&Expires=${SECONDS}&Signature=a%3D`],
	['Google V4', 'https://storage.googleapis.com/b/x.mp4?X-Goog-Date=20260301T110000Z&X-Goog-Expires=3600&X-Goog-Signature=0a'],
	['Google V2', `https://storage.googleapis.com/b/x.mp4?GoogleAccessId=a&Expires=${SECONDS}&Signature=a`],
	['Azure SAS', 'https://a.blob.core.windows.net/c/x.mp4?sv=2022-11-02&se=2026-03-01T12%3A00%3A00Z&sp=r&sig=a%3D'],
	['Azure SAS with an offset', 'https://a.blob.core.windows.net/c/x.mp4?se=2026-03-01T12:00:00%2B00:00&sig=a'],
	['Azure SAS without seconds', 'https://a.blob.core.windows.net/c/x.mp4?se=2026-03-01T12:00Z&sig=a'],
	['CloudFront, canned', `https://d1.cloudfront.net/x.mp4?Expires=${SECONDS}&Signature=a~&Key-Pair-Id=K1`],
	['CloudFront, custom', `https://d1.cloudfront.net/x.mp4?Policy=${policy({ DateLessThan: { 'AWS:EpochTime': SECONDS } })}&Signature=a&Key-Pair-Id=K1`],
	['Alibaba OSS V1', `https://b.oss-cn-hangzhou.aliyuncs.com/x.mp4?OSSAccessKeyId=a&Expires=${SECONDS}&Signature=a`],
	['Alibaba OSS V4', 'https://b.oss-cn-hangzhou.aliyuncs.com/x.mp4?x-oss-date=20260301T110000Z&x-oss-expires=3600&x-oss-signature=a'],
	['Tencent COS', `https://b.cos.ap-guangzhou.myqcloud.com/x.mp4?q-sign-time=${SECONDS - 60}%3B${SECONDS}&q-signature=a`],
	['Discord', `https://cdn.discordapp.com/attachments/1/2/x.mp4?ex=${HEX}&is=${HEX}&hm=0a`],
	['Facebook', `https://video.xx.fbcdn.net/v/x.mp4?oh=0a&oe=${HEX.toUpperCase()}`],
	['YouTube', `https://rr1.googlevideo.com/videoplayback?expire=${SECONDS}&sig=a`],
	['TikTok', `https://p16.tiktokcdn.com/x.mp4?x-expires=${SECONDS}&x-signature=a`],
	['Weibo', `https://f.video.weibocdn.com/o0/x.mp4?label=mp4_720p&Expires=${SECONDS}&ssig=a&KID=unistore,video`],
	['Tencent VOD', `https://1.vod2.myqcloud.com/a/b/x.mp4?t=${(SECONDS - 300).toString(16)}&us=1&sign=a`],
	['Notion', `https://file.notion.so/f/f/1/clip.mp4?table=block&expirationTimestamp=${SECONDS}000&signature=a`],
	['nginx', `https://a.example.com/x.mp4?md5=a&expires=${SECONDS}`],
	['Akamai', `https://a.example.com/x.mp4?hdnts=exp=${SECONDS}~acl=/*~hmac=0a`],
	['Akamai in the path', `https://a.example.com/exp=${SECONDS}~acl=%2F*~hmac=0a/x.mp4`],
	['a token with claims', `https://a.supabase.co/storage/v1/object/sign/x.mp4?token=${token({ url: 'x', exp: SECONDS })}`],
])('reads the expiry of %s', (_, url) => expect(expiry(url)).toBe(TIME));

test.each([
	'https://a.example.com/x.mp4',
	`https://a.example.com/x.mp4?expires=${SECONDS}`,
	'https://1.vod2.myqcloud.com/a/b/x.mp4?t=soon&sign=a',
	`https://a.example.com/x.mp4?t=${HEX}&sign=a`,
	`https://a.example.com/x.mp4?expirationTimestamp=${SECONDS}000`,
	'https://b.s3.amazonaws.com/x.mp4?X-Amz-Date=yesterday&X-Amz-Expires=3600',
	'https://b.s3.amazonaws.com/x.mp4?X-Amz-Date=20269901T110000Z&X-Amz-Expires=3600',
	'https://b.s3.amazonaws.com/x.mp4?X-Amz-Date=20260301T110000Z&X-Amz-Expires=-1',
	'https://b.s3.amazonaws.com/x.mp4?X-Amz-Date=20260301T110000Z',
	'https://b.s3.amazonaws.com/x.mp4?AWSAccessKeyId=AK&Expires=3600&Signature=a',
	'https://b.s3.amazonaws.com/x.mp4?AWSAccessKeyId=AK&Expires=never&Signature=a',
	'https://a.blob.core.windows.net/c/x.mp4?se=tomorrow&sig=a',
	'https://a.example.com/x.mp4?se=2026-03-01',
	'https://d1.cloudfront.net/x.mp4?Policy=%%%&Signature=a',
	`https://d1.cloudfront.net/x.mp4?Policy=${policy({ DateGreaterThan: { 'AWS:EpochTime': SECONDS } })}&Signature=a`,
	'https://b.cos.ap-guangzhou.myqcloud.com/x.mp4?q-sign-time=1',
	`https://a.example.com/x.mp4?ex=${HEX}&hm=0a&oe=${HEX}`,
	'https://a.example.com/x.mp4?token=eyJ.e30.x',
	'https://a.example.com/x.mp4?token=eyJhbGciOiJIUzI1NiJ9.bm90IGpzb24.c2ln',
])('ignores %s', (url) => expect(expiry(url)).toBeUndefined());

test('returns the earliest expiry', () => {
	const url = `https://a.example.com/x.mp4?X-Amz-Date=20260301T110000Z&X-Amz-Expires=3600&token=${token({ exp: SECONDS + 60 })}`;
	expect(expiry(url)).toBe(TIME);
});

test('accepts an expired URL and returns its expiry', () => {
	const url = `https://b.s3.amazonaws.com/x.mp4?AWSAccessKeyId=AK&Expires=1000000000&Signature=a`;
	expect(readVideoUrl(url, false)).toEqual({ ok: true, text: url, expiresAt: 1_000_000_000_000 });
});

test('expires a few seconds early', () => {
	expect(isExpired(undefined, 0)).toBe(false);
	expect([90_000, 94_999, 95_001, 100_000, 100_001].map((now) => isExpired(100_000, now))).toEqual([false, false, true, true, true]);
});
