/** A video that cannot be read to its end, or is not what n8n said: its JSON is never completed. */
import { jsonBody } from '../../../nodes/video/jsonBody';
import type { RequestBody, Upload } from '../../../nodes/hidream/upload';
import { bytesOf, cut, drain, storedVideo } from '../support/streams';
import { strictDouble } from '../support/strictDouble';

const FIELDS = { style: 'anime', request_id: 'r' };
const isJson = (text: string): boolean => {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
};

/** The upload broke off, says why, and what went out is no JSON, neither whole nor cut at its Content-Length. */
async function expectUnreadable(body: RequestBody, reason: RegExp): Promise<Upload> {
	const upload = body.open();
	const { bytes, error } = await drain(upload);
	expect(error).toBeInstanceOf(Error);
	expect(isJson(bytes.toString())).toBe(false);
	expect(isJson(bytes.subarray(0, body.length).toString())).toBe(false);
	expect(upload.handedOver()).toBe(false);
	expect(upload.unreadable()).toMatch(/could not be read/);
	expect(upload.unreadable()).toMatch(reason);
	return upload;
}

async function* failing(chunks: Buffer[], error: Error): AsyncGenerator<Buffer> {
	yield* chunks;
	throw error;
}

describe.each([1, 2, 3, 4, 5, 6, 7, 100_000, 1_000_000])('n8n said %i bytes', (size) => {
	test.each([-1, 1, 2, 3])('but they are %i more', async (difference) => {
		const bytes = bytesOf(size + difference);
		await expectUnreadable(jsonBody(FIELDS, storedVideo(cut(bytes, [65_536]), size)), /n8n said/);
	});

	test('but there are none', async () => {
		await expectUnreadable(jsonBody(FIELDS, storedVideo([], size)), /0 bytes/);
	});
});

test.each([0, 1, 3, 100_000, 999_999])('the store fails after %i bytes', async (read) => {
	const chunks = cut(bytesOf(read), [65_536]);
	const video = storedVideo(failing(chunks, new Error('EIO: disk on fire')), 1_000_000);
	await expectUnreadable(jsonBody(FIELDS, video), /disk on fire/);
});

test('the store fails after the last byte', async () => {
	const video = storedVideo(failing([bytesOf(6)], new Error('EIO: disk on fire')), 6);
	await expectUnreadable(jsonBody(FIELDS, video), /disk on fire/);
});

test('the file cannot be opened', async () => {
	const video = {
		...storedVideo([], 6),
		open: async () => {
			throw new Error('ENOENT: no such file');
		},
	};
	await expectUnreadable(jsonBody(FIELDS, video), /no such file/);
});

test('a try that failed does not spoil the next one', async () => {
	let tries = 0;
	const good = storedVideo([bytesOf(6)], 6);
	const bad = storedVideo(failing([bytesOf(3)], new Error('once')), 6);
	const video = { ...good, open: async () => await ((tries += 1) === 1 ? open(bad) : open(good)) };
	const body = jsonBody(FIELDS, video);
	await expectUnreadable(body, /once/);
	const upload = body.open();
	expect((await drain(upload)).bytes).toHaveLength(body.length);
	expect(upload.unreadable()).toBeUndefined();
});

test('a body that is never read does not open the file', () => {
	const upload = jsonBody(FIELDS, strictDouble<ReturnType<typeof storedVideo>>('video', { kind: 'stored', size: 6 })).open();
	expect([upload.handedOver(), upload.unreadable()]).toEqual([false, undefined]);
	upload.close();
});

async function open(video: ReturnType<typeof storedVideo>) {
	if (video.kind !== 'stored') throw new Error('It is no stored video');
	return await video.open();
}
