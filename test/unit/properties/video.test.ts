/** Any bytes, URL or file name. */
import { BlockList, isIP } from 'node:net';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import type { IBinaryData, IDataObject, IExecuteFunctions, IHttpRequestOptions, INodeExecutionData } from 'n8n-workflow';
import { findBinaryFile } from '../../../nodes/StylizeVideo/binaryInput';
import { InvalidInput } from '../../../nodes/shared/input';
import { NodeParameters } from '../../../nodes/shared/nodeParameters';
import { isPrivateHost } from '../../../nodes/hidream/hosts';
import { downloadVideo } from '../../../nodes/video/download';
import { nonVideo } from '../../../nodes/video/fileKind';
import { describeFile } from '../../../nodes/video/fileName';
import { jsonBody } from '../../../nodes/video/jsonBody';
import { CHUNK_BYTES, findBinary } from '../../../nodes/video/source';
import { readVideoUrl } from '../../../nodes/video/videoUrl';
import { VIDEO_HEADS } from '../support/heads';
import { fakeExecuteFunctions } from '../support/executeFunctions';
import { bytesOf, cut, drain, storedVideo } from '../support/uploads';
import { strictDouble } from '../support/strictDouble';
import { nastyJson } from './arbitraries';

describe('binaries', () => {
	const bytes = fc.uint8Array({ minLength: 1, maxLength: 2_000 }).map((array) => Buffer.from(array));
	/** No format begins like this. */
	const unknownBytes = bytes.map((any) => Buffer.concat([Buffer.from([0xfd, 0xfe]), any]));
	const sizes = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 8 });
	const fields = fc.dictionary(fc.constantFrom('style', 'prompt', 'request_id', 'notify_url'), fc.string({ unit: 'binary', maxLength: 50 }));

	/** What a service reads from it. */
	const read = (body: Buffer) => JSON.parse(body.toString()) as Record<string, string>;

	test('from the store', async () => {
		await fc.assert(
			fc.asyncProperty(bytes, sizes, fields, async (video, pieces, more) => {
				const body = jsonBody(more, storedVideo(cut(video, pieces), video.length));
				const sent = await drain(body.open());
				expect(sent.error).toBeUndefined();
				expect(sent.bytes.length).toBe(body.length);
				const { video_name: name = '', ...rest } = read(sent.bytes);
				expect(Buffer.from(name, 'base64').equals(video)).toBe(true);
				expect(name).toBe(video.toString('base64'));
				expect(rest).toEqual(Object.fromEntries(Object.entries(JSON.parse(JSON.stringify(more)) as object).filter(([, value]) => value !== '')));
			}),
			{ numRuns: 100 },
		);
	});

	test('from the store, in chunks shorter and longer than a piece', async () => {
		const video = bytesOf(3 * CHUNK_BYTES);
		const near = fc.integer({ min: -4, max: 4 });
		const around = (...sizes: number[]) => fc.tuple(fc.constantFrom(...sizes), near).map(([size, off]) => Math.max(1, size + off));
		// At least one long chunk, so that there are few.
		const chunks = fc.tuple(fc.array(around(4, CHUNK_BYTES / 2), { maxLength: 5 }), around(CHUNK_BYTES / 2, CHUNK_BYTES, 2 * CHUNK_BYTES));
		await fc.assert(
			fc.asyncProperty(chunks, near, async ([some, long], off) => {
				const bytes = video.subarray(0, 2 * CHUNK_BYTES + off);
				const body = jsonBody({}, storedVideo(cut(bytes, [...some, long]), bytes.length));
				const sent = await drain(body.open());
				expect(sent.bytes.equals(Buffer.from(JSON.stringify({ video_name: bytes.toString('base64') })))).toBe(true);
			}),
			{ numRuns: 60 },
		);
	});

	test('from memory, in any base64 of another node', async () => {
		const write = fc.constantFrom<(video: Buffer) => string>(
			(video) => video.toString('base64'),
			(video) => video.toString('base64url'),
			(video) => video.toString('base64').replace(/=+$/, ''),
			(video) => video.toString('base64').replace(/.{20}/g, '$&\r\n'),
		);
		const helpers = strictDouble<IExecuteFunctions['helpers']>('helpers', {});
		await fc.assert(
			fc.asyncProperty(unknownBytes, write, async (given, spell) => {
				const data: IBinaryData = { data: spell(given), mimeType: 'video/mp4' };
				const { video } = await findBinary({ helpers }, data);
				const body = jsonBody({}, video);
				const sent = await drain(body.open());
				expect(sent.bytes.length).toBe(body.length);
				expect(Buffer.from(read(sent.bytes)['video_name'] ?? '', 'base64').equals(given)).toBe(true);
			}),
			{ numRuns: 100 },
		);
	});

	test('any text as a URL', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), (text) => {
				const body = jsonBody({}, { kind: 'text', text });
				const sent = String(body.open().data);
				expect(Buffer.byteLength(sent)).toBe(body.length);
				expect(read(Buffer.from(sent))['video_name']).toBe(JSON.parse(JSON.stringify(text)));
			}),
		);
	});

	test('a wrong size in n8n never makes a complete request', async () => {
		await fc.assert(
			fc.asyncProperty(bytes, sizes, fc.integer({ min: -50, max: 50 }).filter((off) => off !== 0), async (video, pieces, off) => {
				const body = jsonBody({}, storedVideo(cut(video, pieces), Math.max(0, video.length + off)));
				const upload = body.open();
				const sent = await drain(upload);
				expect(sent.error).toBeDefined();
				expect(upload.handedOver()).toBe(false);
				expect(upload.unreadable()).toContain('binary store');
				expect(() => read(sent.bytes)).toThrow();
			}),
		);
	});

	test('anything as the binary object: its exact bytes, or invalid input', async () => {
		const spelled = unknownBytes.chain((given) =>
			fc.constantFrom<unknown>(given.toString('base64'), `data:video/mp4;base64,${given.toString('base64')}`, given, JSON.parse(JSON.stringify(given))).map((data) => ({ given, data })),
		);
		const stores = fc.constantFrom('filesystem-v2', 'database', 's3:x', '', 'null', 'data:,', 'data:;base64,%', 'AAAA');
		const data = fc.oneof(spelled, fc.oneof(stores, nastyJson).map((other) => ({ given: undefined, data: other })));
		const object = fc.record({ id: fc.oneof(nastyJson, fc.constant(undefined)), mimeType: nastyJson, more: nastyJson }, { requiredKeys: [] });
		const helpers = { getBinaryMetadata: async () => await Promise.reject(new Error('File not found')) };
		await fc.assert(
			fc.asyncProperty(data, object, fc.boolean(), fc.constantFrom('combined', 'separate', undefined), async (content, more, asParameter, binaryMode) => {
				const binary = { ...more, data: content.data } as IDataObject;
				const context = fakeExecuteFunctions({
					parameters: { binaryPropertyName: asParameter ? binary : 'data' },
					items: [{ json: {}, binary: { data: binary } } as unknown as INodeExecutionData],
					helpers,
					settings: { binaryMode },
				});
				const found = await findBinaryFile(context, new NodeParameters(context).forItem(0), 0).catch((error: unknown) => error as Error);
				if (found instanceof Error) return expect(found).toBeInstanceOf(InvalidInput);
				const sent = await drain(jsonBody({}, found.video).open());
				const name = read(sent.bytes)['video_name'] ?? '';
				expect(Buffer.from(name, 'base64').toString('base64')).toBe(name);
				if (content.given) expect(name).toBe(content.given.toString('base64'));
			}),
			{ numRuns: 150 },
		);
	});

	test('any first bytes have a verdict, and a known video is never refused', () => {
		const type = fc.oneof(fc.string(), fc.constantFrom('text/html', 'application/json', 'image/png', 'application/pdf'));
		const start = fc.constantFrom(Buffer.alloc(0), ...['<', '{', '\xff\xfe', '\xfe\xff', 'RIFF', 'OggS', 'MZ', '\xff\xfb', 'BM'].map((text) => Buffer.from(text, 'latin1')));
		fc.assert(fc.property(start, bytes, type, (first, rest, mimeType) => void nonVideo(Buffer.concat([first, rest]).subarray(0, 512), mimeType)));
		fc.assert(
			fc.property(fc.constantFrom(...Object.values(VIDEO_HEADS)), bytes, type, (head, rest, mimeType) => {
				expect(nonVideo(Buffer.concat([head, rest]).subarray(0, 512), mimeType)).toBeUndefined();
			}),
		);
	});

	test('accepts random bytes as a video', () => {
		const random = fc.uint8Array({ minLength: 1, maxLength: 512 }).filter((array) => array.length < 8 || array.some((byte) => byte > 0xf4));
		fc.assert(fc.property(random, (array) => expect(nonVideo(Buffer.from(array), 'application/octet-stream')).toBeUndefined()), { numRuns: 150 });
	});
});

describe('downloads', () => {
	const inside = new BlockList();
	for (const [net, prefix] of [['0.0.0.0', 8], ['10.0.0.0', 8], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.168.0.0', 16]] as const) {
		inside.addSubnet(net, prefix, 'ipv4');
	}
	for (const [net, prefix] of [['::', 127], ['fc00::', 7], ['fe80::', 10]] as const) inside.addSubnet(net, prefix, 'ipv6');

	function isInside(hostname: string): boolean {
		const host = hostname.replace(/^\[|\]$/g, '');
		const version = isIP(host);
		if (version === 0) return /(^|\.)localhost\.?$/.test(host) || !host.includes('.');
		return inside.check(host, version === 4 ? 'ipv4' : 'ipv6');
	}

	const hosts = fc.oneof(
		fc.domain(),
		fc.ipV4(),
		fc.ipV4Extended(),
		fc.ipV6().map((address) => `[${address}]`),
		fc.constantFrom('localhost', 'LOCALHOST.', '127.1', '0', '[::1]', '[::ffff:10.0.0.1]', '169.254.169.254', 'minio', 'media.example.com', 'u:p@10.0.0.1', 'example.com@127.0.0.1'),
	);
	const schemes = fc.constantFrom('http://', 'https://', 'HTTPS://', '//', 'file://', 'ftp://', 'data:', 'javascript:', '\\\\', '');
	const addresses = fc.oneof(
		fc.tuple(schemes, hosts, fc.webPath()).map((parts) => parts.join('')),
		fc.string({ unit: 'binary' }),
		fc.webUrl(),
	);

	test('wherever HiDream and the hosts redirect', async () => {
		let requestCount = 0;
		await fc.assert(
			fc.asyncProperty(addresses, fc.array(addresses, { maxLength: 7 }), async (url, locations) => {
				const requests: IHttpRequestOptions[] = [];
				const left = [...locations];
				const helpers = strictDouble<IExecuteFunctions['helpers']>('helpers', {
					httpRequest: async (options) => {
						requests.push(options);
						const location = left.shift();
						const headers = location === undefined ? {} : { location };
						return { statusCode: location === undefined ? 200 : 302, headers, body: Readable.from([Buffer.from('video')]) };
					},
					prepareBinaryData: async (stream) => {
						for await (const chunk of stream as Readable) void chunk;
						return { data: '', mimeType: 'video/mp4' } satisfies IBinaryData;
					},
				});
				const caller = strictDouble<IExecuteFunctions>('caller', { helpers });
				const downloaded = await downloadVideo(caller, { url, maxBytes: 0, sameMachine: false });
				requestCount += requests.length;
				expect(requests.length).toBeLessThanOrEqual(6);
				for (const options of requests) {
					const { protocol, hostname } = new URL(options.url);
					expect(['http:', 'https:']).toContain(protocol);
					expect(isInside(hostname)).toBe(false);
					expect(options.disableFollowRedirect).toBe(true);
					expect(Object.keys(options.headers ?? {}).sort()).toEqual(['Accept', 'Accept-Encoding']);
				}
				if (!downloaded.ok) expect(downloaded.reason).toMatch(/^The video could not be downloaded: its (address|URL|host) \S/);
			}),
			{ numRuns: 100 },
		);
		expect(requestCount).toBeGreaterThan(30);
	});
});

describe('file names', () => {
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

	test('whatever the host sends', () => {
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
});

describe('video URLs', () => {
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
});
