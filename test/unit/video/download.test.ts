/** The download of a result video, with doubles for n8n's helpers. */
import type { IBinaryData, IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { constants, createUnzip, gzipSync } from 'node:zlib';
import { downloadVideo, type DownloadRequest } from '../../../nodes/video/download';
import { strictDouble } from '../support/strictDouble';

interface Answer {
	status?: number;
	headers?: Record<string, string>;
	body?: Readable | string;
}

const URL_OF_VIDEO = 'https://media.example.com/results/clip.mp4?sign=abc';

/** n8n's helpers: returns the responses in order (errors are thrown), and stores a stream in memory. */
function fakeDownloads(...answers: Array<Answer | Error>) {
	const asked: IHttpRequestOptions[] = [];
	const bodies: Readable[] = [];
	const stored: Buffer[] = [];
	const helpers = strictDouble<IExecuteFunctions['helpers']>('helpers', {
		httpRequest: async (options) => {
			asked.push(options);
			const answer = answers.shift();
			if (answer === undefined) throw new Error('One request too many');
			if (answer instanceof Error) throw answer;
			const { status = 200, headers = { 'content-type': 'video/mp4' }, body = 'a video' } = answer;
			const stream = typeof body === 'string' ? Readable.from(body === '' ? [] : [Buffer.from(body)]) : body;
			bodies.push(stream);
			return { statusCode: status, headers, body: stream };
		},
		prepareBinaryData: async (stream, fileName, mimeType) => {
			for await (const chunk of stream as Readable) stored.push(chunk as Buffer);
			return { data: '', fileName, mimeType: mimeType ?? '' } satisfies IBinaryData;
		},
	});
	const caller = strictDouble<IExecuteFunctions>('caller', { helpers });
	const download = async (more: Partial<DownloadRequest> = {}) =>
		await downloadVideo(caller, { url: URL_OF_VIDEO, maxBytes: 0, sameMachine: false, ...more });
	return { asked, bodies, download, bytes: () => Buffer.concat(stored).toString() };
}

const wireError = (code: string): Error => Object.assign(new Error(`${code} 10.0.0.1`), { code, isAxiosError: true });
const redirect = (location: string): Answer => ({ status: 302, headers: { location } });

test('stores the bytes with their name and type, and sends no credential', async () => {
	const { asked, bodies, download, bytes } = fakeDownloads({ headers: { 'content-type': 'video/mp4', 'content-length': '7' } });
	expect(await download()).toEqual({ ok: true, binary: { data: '', fileName: 'clip.mp4', mimeType: 'video/mp4' } });
	expect(bytes()).toBe('a video');
	expect(asked).toEqual([expect.objectContaining({ method: 'GET', url: URL_OF_VIDEO, disableFollowRedirect: true, timeout: 0 })]);
	expect(Object.keys(asked[0]?.headers ?? {})).toEqual(['Accept', 'Accept-Encoding']);
	expect(asked[0]?.auth).toBeUndefined();
	expect(bodies[0]?.destroyed).toBe(true);
});

test.each([
	[404, 'its host returned HTTP 404; the video may have expired'],
	[410, 'its host returned HTTP 410; the video may have expired'],
	[500, 'its host returned HTTP 500'],
	[204, 'its host returned HTTP 204'],
	[304, 'its host returned HTTP 304'],
])('fails on HTTP %i and closes the body', async (status, reason) => {
	const { bodies, download } = fakeDownloads({ status, body: 'gone' });
	expect(await download()).toEqual({ ok: false, reason: `The video could not be downloaded: ${reason}` });
	expect(bodies[0]?.destroyed).toBe(true);
});

test.each([
	['ECONNREFUSED', 'the host refuses connections'],
	['ENOTFOUND', 'there is no host with that name'],
	['ECONNRESET', 'the connection was reset'],
])('describes %s', async (code, words) => {
	const result = await fakeDownloads(wireError(code)).download();
	expect(result).toEqual({ ok: false, reason: `The video could not be downloaded: ${words}` });
});

test('rejects a web page', async () => {
	const result = await fakeDownloads({ headers: { 'content-type': 'text/html; charset=utf-8' } }).download();
	expect(result).toMatchObject({ ok: false, reason: expect.stringContaining('text/html') });
});

describe('redirects', () => {
	test('are followed, also relative ones', async () => {
		const { asked, download } = fakeDownloads(redirect('/other/a.webm'), redirect('https://cdn.example.org/b.mov'), { headers: {} });
		expect(await download()).toMatchObject({ ok: true, binary: { fileName: 'b.mov', mimeType: 'video/quicktime' } });
		expect(asked.map(({ url }) => url)).toEqual([
			URL_OF_VIDEO,
			'https://media.example.com/other/a.webm',
			'https://cdn.example.org/b.mov',
		]);
	});

	test.each([404, 206, 401])('are no response with HTTP %i', async (status) => {
		const { asked, download } = fakeDownloads({ status, headers: { location: '/other' } });
		expect(await download()).toMatchObject({ ok: false, reason: expect.stringContaining(`HTTP ${status}`) });
		expect(asked).toHaveLength(1);
	});

	test('end after five', async () => {
		const { asked, download } = fakeDownloads(...Array.from({ length: 6 }, (_, i) => redirect(`/${i}`)));
		expect(await download()).toMatchObject({ reason: expect.stringContaining('more than 5 times') });
		expect(asked).toHaveLength(6);
	});

	test.each(['http://169.254.169.254/latest', 'http://localhost:5678/', 'https://[::1]/', 'file:///etc/passwd', 'http://'])(
		'to %s are rejected',
		async (target) => {
			const { asked, bodies, download } = fakeDownloads(redirect(target));
			expect(await download()).toMatchObject({ ok: false });
			expect(asked).toHaveLength(1);
			expect(bodies[0]?.destroyed).toBe(true);
		},
	);

	test('from a public host to a private one are rejected, also if HiDream is on this machine', async () => {
		const { asked, download } = fakeDownloads(redirect('http://127.0.0.1/a.mp4'));
		expect(await download({ sameMachine: true })).toMatchObject({ ok: false, reason: expect.stringContaining('127.0.0.1') });
		expect(asked).toHaveLength(1);
	});
});

test.each([
	['http://127.0.0.1/a.mp4', true],
	['http://10.1.2.3/a.mp4', false],
	['http://minio/a.mp4', false],
])('downloads from %s if HiDream is on this machine: %s', async (url, isAllowed) => {
	const far = fakeDownloads();
	expect(await far.download({ url })).toMatchObject({ ok: false });
	expect(far.asked).toHaveLength(0);
	const near = fakeDownloads(...(isAllowed ? [{}] : []));
	expect(await near.download({ url, sameMachine: true })).toMatchObject({ ok: isAllowed });
});

describe('size', () => {
	test('rejects a Content-Length over the limit without reading, and names both sizes', async () => {
		const headers = { 'content-type': 'video/mp4', 'content-length': String(3_000_000) };
		const { bodies, download, bytes } = fakeDownloads({ headers });
		const reason = 'The video could not be downloaded: it has 3.0 MB, and the limit is 2.0 MB';
		expect(await download({ maxBytes: 2_000_000 })).toEqual({ ok: false, reason });
		expect(bytes()).toBe('');
		expect(bodies[0]?.destroyed).toBe(true);
	});

	test('stops when the counted bytes exceed the limit', async () => {
		const endless = Readable.from((function* () { for (;;) yield Buffer.alloc(1024); })());
		const { download } = fakeDownloads({ body: endless });
		expect(await download({ maxBytes: 10_000 })).toMatchObject({ ok: false, reason: expect.stringContaining('10000 bytes') });
		expect(endless.destroyed).toBe(true);
	});

	test('accepts exactly the limit', async () => {
		expect(await fakeDownloads({}).download({ maxBytes: 7 })).toMatchObject({ ok: true });
	});

	test('fails if there are fewer bytes than Content-Length', async () => {
		const result = await fakeDownloads({ headers: { 'content-length': '9' } }).download();
		expect(result).toMatchObject({ ok: false, reason: expect.stringContaining('broke after 7 bytes of 9 bytes') });
	});

	describe('of a body that n8n decompresses', () => {
		const packed = gzipSync('a video '.repeat(1_000));
		const served = (declared: number, body = packed) => ({
			headers: { 'content-length': String(declared) },
			body: Readable.from([body]).pipe(createUnzip({ finishFlush: constants.Z_SYNC_FLUSH })),
		});

		test('compares the Content-Length with the compressed bytes', async () => {
			const { bytes, download } = fakeDownloads(served(packed.length));
			expect(await download()).toMatchObject({ ok: true });
			expect(bytes()).toHaveLength(8_000);
		});

		test('fails if there are fewer bytes than Content-Length', async () => {
			const result = await fakeDownloads(served(packed.length, packed.subarray(0, -20))).download();
			expect(result).toMatchObject({ ok: false, reason: expect.stringContaining(`of ${packed.length} bytes`) });
		});

		test('compares the limit with the stored bytes', async () => {
			expect(await fakeDownloads(served(packed.length)).download({ maxBytes: 7_999 })).toMatchObject({ ok: false, reason: expect.stringContaining('limit') });
			const random = randomBytes(8_000);
			const larger = gzipSync(random);
			expect(larger.length).toBeGreaterThan(8_000);
			expect(await fakeDownloads(served(larger.length, larger)).download({ maxBytes: 8_000 })).toMatchObject({ ok: true });
		});

		test('ignores the Content-Length if only the headers show the compression', async () => {
			const headers = { 'content-encoding': 'gzip', 'content-length': '99' };
			expect(await fakeDownloads({ headers }).download()).toMatchObject({ ok: true });
		});
	});

	test('rejects an empty body', async () => {
		expect(await fakeDownloads({ body: '' }).download()).toMatchObject({ ok: false, reason: expect.stringContaining('empty') });
	});
});

test('describes a connection that breaks during the download', async () => {
	const body = Readable.from((async function* () {
		yield Buffer.from('half');
		throw wireError('ECONNRESET');
	})());
	const result = await fakeDownloads({ body }).download();
	expect(result).toEqual({ ok: false, reason: 'The video could not be downloaded: the connection broke after 4 bytes' });
});

describe('cancelling', () => {
	/** A body that stalls after a few bytes. */
	const stuck = () => {
		const body = new Readable({ read: () => undefined });
		body.push('half');
		return body;
	};

	test('ends a running download', async () => {
		const cancel = new AbortController();
		const body = stuck();
		const { asked, bytes, download } = fakeDownloads({ body });
		const result = download({ cancel: cancel.signal });
		while (bytes() === '') await new Promise(setImmediate);
		cancel.abort();
		expect(await result).toEqual({ ok: false, reason: 'The video could not be downloaded: the execution was cancelled' });
		expect(body.destroyed).toBe(true);
		expect(asked[0]?.abortSignal?.aborted).toBe(true);
	});

	test('before the start aborts the request', async () => {
		const body = stuck();
		const result = await fakeDownloads({ body }).download({ cancel: AbortSignal.abort() });
		expect(result).toMatchObject({ ok: false, reason: expect.stringContaining('cancelled') });
		expect(body.destroyed).toBe(true);
	});
});

test('ends after a minute without data', async () => {
	jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
	try {
		const body = new Readable({ read: () => undefined });
		body.push('half');
		const result = fakeDownloads({ body }).download();
		let ended = false;
		void result.then(() => (ended = true));
		await jest.advanceTimersByTimeAsync(58_000);
		expect(ended).toBe(false);
		await jest.advanceTimersByTimeAsync(5_000);
		expect(await result).toEqual({ ok: false, reason: 'The video could not be downloaded: no data was transferred for a minute' });
		expect(body.destroyed).toBe(true);
	} finally {
		jest.useRealTimers();
	}
});

test('describes a failure of the store without its code', async () => {
	const helpers = strictDouble<IExecuteFunctions['helpers']>('helpers', {
		httpRequest: async () => ({ statusCode: 200, headers: {}, body: Readable.from([Buffer.from('a')]) }),
		prepareBinaryData: async () => {
			throw new Error('ENOSPC: no space left on device, write');
		},
	});
	const caller = strictDouble<IExecuteFunctions>('caller', { helpers });
	const result = await downloadVideo(caller, { url: URL_OF_VIDEO, maxBytes: 0, sameMachine: false });
	const reason = 'The video could not be downloaded: n8n could not store it: no space left on device, write';
	expect(result).toEqual({ ok: false, reason });
});
