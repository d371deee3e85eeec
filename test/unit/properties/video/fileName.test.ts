/** Any name that a host sends: a safe file name. */
import fc from 'fast-check';
import { describeFile } from '../../../../nodes/video/fileName';

const names = fc.oneof(
	fc.string({ unit: 'binary', maxLength: 400 }),
	fc.constantFrom('../../etc/passwd', '..\\..\\x.mp4', '/', '.', '..', '...', 'a/../b', 'con', 'x\u202e4pm.exe', '%2e%2e%2fx', '\u0000.mp4', 'a.mp4\r\nX: 1'),
	fc.string({ unit: fc.constantFrom('🐈', '水', 'é', '.'), minLength: 60, maxLength: 300 }),
);

/** Without unpaired surrogates, which cannot be encoded. */
const wellFormed = (text: string): string => Buffer.from(text).toString();

const dispositions = fc.tuple(fc.constantFrom('attachment; filename=', 'inline; filename="', "attachment; filename*=UTF-8''", ''), names, fc.boolean()).map(
	([start, name, encoded]) => start + (encoded ? encodeURIComponent(wellFormed(name)) : name) + (start.endsWith('"') ? '"' : ''),
);

test('the file has a name and a type that every system accepts, whatever the host sends', () => {
	const types = fc.oneof(fc.string(), fc.constantFrom('video/mp4', 'video/webm; codecs=x', 'video/<script>', 'video/', 'VIDEO/MP4', 'application/octet-stream'));
	const paths = fc.tuple(names, fc.boolean()).map(([path, raw]) => (raw ? path : encodeURIComponent(wellFormed(path))));
	fc.assert(
		fc.property(fc.option(dispositions, { nil: undefined }), types, paths, (disposition, type, path) => {
			const written = `https://host.example/${path}`;
			fc.pre(URL.canParse(written));
			const headers = { 'content-type': type, 'content-disposition': disposition };
			const { fileName, mimeType } = describeFile(new URL(written), headers);
			expect(fileName).toMatch(/^[^/\\<>:"|?*\p{C}]+$/u);
			expect(fileName).not.toMatch(/^[\s.]|\.$/);
			expect(fileName).toMatch(/[^.]\.[a-z0-9]{1,5}$/i);
			expect(Buffer.byteLength(fileName)).toBeLessThanOrEqual(255);
			expect(mimeType).toMatch(/^video\/[a-z0-9.+-]{1,80}$/);
		}),
		{ numRuns: 500 },
	);
});
