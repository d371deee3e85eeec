/** A video that cannot be had, or must not be: the item comes out all the same, with its URL and what happened. */
import dns from 'node:dns';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { DEFAULT_SETTINGS, type Fault } from '../../sandbox';
import { bytesOf } from '../../harness/engine/binaries';
import { useBench } from './support/hidream';
import { all, fetched, makeTask, makeTasks } from './support/tasks';

const bench = useBench({ taskSeconds: 0 });
const video = readFileSync(DEFAULT_SETTINGS.resultVideo);

const TROUBLE: [string, Fault, RegExp][] = [
	['HTTP 404', { type: 'status', status: 404 }, /404/],
	['HTTP 403', { type: 'status', status: 403 }, /403/],
	['HTTP 500', { type: 'status', status: 500 }, /500/],
	['a reset', { type: 'reset', when: 'before' }, /reset|broke/],
	['half the video', { type: 'truncated' }, /broke|incomplete/],
	['a page', { type: 'notJson' }, /not a video/],
	['nothing', { type: 'empty' }, /empty|not a video/],
	['redirects in a circle', { type: 'status', status: 302, headers: { Location: '/media/sample.mp4' } }, /redirect/],
];

test.each(TROUBLE)('%s instead of the video: the item comes out with its URL and what happened', async (_name, fault, words) => {
	bench().sandbox.faults.add({ on: 'video', times: Infinity, fault });
	const ids = await makeTasks(bench().sandbox, 2);
	const outcome = await bench().submit(fetched(ids));
	expect(outcome.error).toBeUndefined();
	expect(all(outcome.json(), 'task_id')).toEqual(ids);
	for (const { json, binary } of outcome.items()) {
		expect(json).toMatchObject({ status: 'succeeded', video_url: expect.stringContaining('/media/') as string });
		expect(json['download_error']).toMatch(words);
		expect(binary).toBeUndefined();
	}
	expect(bench().downloads.length).toBeLessThan(40);
});

test('a video over the limit is left where it is; one under it is not', async () => {
	const id = await makeTask(bench().sandbox);
	const limited = (maxDownloadSize: number) => fetched([id], { parameters: { options: { maxDownloadSize } } });
	const [large] = (await bench().submit(limited(0.02))).items();
	expect(large?.binary).toBeUndefined();
	expect(large?.json).toMatchObject({ status: 'succeeded', download_error: expect.stringContaining('limit') as string });
	const [small] = (await bench().submit(limited(0.05))).items();
	expect((await bytesOf(small?.binary?.['data'])).equals(video)).toBe(true);
});

describe('a host that compresses the video, though it was asked not to', () => {
	const packed = { gzip: gzipSync(video), deflate: deflateSync(video), br: brotliCompressSync(video) };
	let server: Server | undefined;

	/** Serves the first `length` bytes of the compressed video under its full Content-Length, and one task that has it. */
	async function serve(encoding: keyof typeof packed, length = packed[encoding].length): Promise<string> {
		server = createServer((_, response) => {
			response.writeHead(200, { 'content-type': 'video/mp4', 'content-encoding': encoding, 'content-length': packed[encoding].length });
			response.write(packed[encoding].subarray(0, length), () => (length < packed[encoding].length ? response.destroy() : response.end()));
		}).listen(0, '127.0.0.1');
		await once(server, 'listening');
		const id = await makeTask(bench().sandbox);
		const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.mp4`;
		const entry = { task_id: id, sub_task_results: [{ sub_task_id: 's', task_status: 1, task_completion: 1, video: url }] };
		bench().sandbox.faults.add({ on: 'batch', fault: { type: 'status', status: 200, body: { code: 0, message: '', result: [entry] } } });
		return id;
	}

	afterEach(() => void server?.close());

	test.each(['gzip', 'deflate', 'br'] as const)('%s: the video arrives, and the limit counts its own bytes', async (encoding) => {
		const id = await serve(encoding);
		const [item] = (await bench().submit(fetched([id], { parameters: { options: { maxDownloadSize: video.length / 1_000_000 } } }))).items();
		expect(item?.json['download_error']).toBeUndefined();
		expect((await bytesOf(item?.binary?.['data'])).equals(video)).toBe(true);
	});

	test('a connection that breaks half-way is noticed', async () => {
		const id = await serve('gzip', 5_000);
		const [item] = (await bench().submit(fetched([id]))).items();
		expect(item?.json['download_error']).toMatch(/broke/);
		expect(item?.binary).toBeUndefined();
	});
});

test('a host on the internet cannot send n8n to a private one', async () => {
	const id = await makeTask(bench().sandbox);
	const { port } = new URL(bench().sandbox.url);
	const path = `/media/${bench().sandbox.tasks[0]?.subTaskIds[0]}.mp4`;
	const entry = { task_id: id, sub_task_results: [{ sub_task_id: 's', task_status: 1, task_completion: 1, video: `http://media.example.com:${port}${path}` }] };
	bench().sandbox.faults.add({ on: 'batch', fault: { type: 'status', status: 200, body: { code: 0, message: '', result: [entry] } } });
	const headers = { Location: `${bench().sandbox.url}${path}` };
	bench().sandbox.faults.add({ on: 'video', fault: { type: 'status', status: 302, headers } });
	// The one public name in these tests leads to the stand-in.
	const real = dns.lookup;
	const lookup = jest.spyOn(dns, 'lookup').mockImplementation(((_host: string, options: object, done: never) => {
		real('127.0.0.1', options, done);
	}) as typeof dns.lookup);
	const outcome = await bench().submit(fetched([id]));
	lookup.mockRestore();
	expect(outcome.json()).toMatchObject([{ task_id: id, download_error: expect.stringContaining('127.0.0.1') as string }]);
	expect(bench().downloads.map(({ status }) => status)).toEqual([302]);
});
