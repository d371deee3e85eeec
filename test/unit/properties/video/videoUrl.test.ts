/** Any text as a video URL: a reason, or one URL that stays unchanged. */
import fc from 'fast-check';
import { isPrivateHost } from '../../../../nodes/hidream/hosts';
import { readVideoUrl } from '../../../../nodes/video/videoUrl';

const A = 'https://a.example.com/x.mp4';
const piece = fc.oneof(
	fc.string({ unit: 'binary', maxLength: 12 }),
	fc.webUrl({ withQueryParameters: true, withFragments: true }),
	fc.constantFrom(A, 'https://', 'http:', '\\', '%', '%2', '%41', '"', '<', '>', '(', ')', '[', ']', '\u200b', '\ufeff', '\n', '\t', ' ', ',', '|', 'undefined', '{{', '?url=', '/', '@', ':', '#', 'ü', '视频', '👨‍👩‍👧', '&amp;', '\\u0026', '\\/'),
);
const text = fc.oneof(
	fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join('')),
	fc.array(piece, { maxLength: 4 }).map((pieces) => `${A}${pieces.join('')}`),
	fc.tuple(fc.domain(), fc.string({ unit: 'binary' })).map(([host, rest]) => `https://${host}/${rest}`),
);
const value = fc.oneof({ weight: 4, arbitrary: text }, fc.array(text, { maxLength: 3 }), fc.json(), fc.anything());

test('a reason, or exactly one absolute http(s) URL in ASCII that stays unchanged', () => {
	let taken = 0;
	fc.assert(
		fc.property(value, (given) => {
			const read = readVideoUrl(given, false);
			if (!read.ok) {
				expect(read.error[0]).toMatch(/^(is|must|contains|does|points) ?.*\S$/);
				return void expect(read.error[1]).toMatch(/^\w.*\.$/s);
			}
			taken += 1;
			expect(read.text).toMatch(/^https?:\/\/[\x21-\x7e]+$/);
			expect(isPrivateHost(new URL(read.text).hostname)).toBe(false);
			const { href } = new URL(read.text);
			expect(new URL(href).href).toBe(href);
			expect(readVideoUrl(read.text, false)).toEqual(read);
		}),
		{ numRuns: 150, examples: [[A], [[A]], [`<${A}>`]] },
	);
	expect(taken).toBeGreaterThan(15);
});

test('keeps a well-formed signed URL byte for byte', () => {
	// `fc.domain()` also makes names of private networks, such as a.lan.
	const publicDomains = fc.domain().filter((host) => !isPrivateHost(host));
	const escaped = fc.string({ unit: 'binary' }).map((part) => encodeURIComponent(Buffer.from(part).toString()));
	const names = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_.~'), minLength: 1, maxLength: 12 }).map((name) => `v${name}`);
	const query = fc.dictionary(names, escaped, { minKeys: 1, maxKeys: 5 });
	fc.assert(
		fc.property(publicDomains, fc.array(escaped, { maxLength: 3 }), query, (host, folders, values) => {
			const search = Object.entries(values).map(([name, part]) => `${name}=${part}x`).join('&');
			const url = `https://${host}/${[...folders, 'v.mp4'].map((part) => `f${part}`).join('/')}?${search}`;
			fc.pre(!/%7B%7B|%7D%7D|%24%7B/i.test(url));
			expect(readVideoUrl(url, false)).toMatchObject({ ok: true, text: url });
		}),
		{ numRuns: 100 },
	);
});
