/** Download Video. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { bytesOfBinary } from '../../harness/engine/binaries';
import { DEFAULT_SETTINGS, type Fault } from '../../sandbox';
import { untilTrue } from '../support/untilTrue';
import { useEngine } from './support/engine';
import { pluck, downloading, makeTask, makeTasks } from './support/tasks';
import { makePrompts, waiting } from './support/waiting';

describe('downloaded file', () => {
	const engine = useEngine({ taskSeconds: 0 });
	const video = readFileSync(DEFAULT_SETTINGS.resultVideo);

	test.each(['filesystem', 'default'] as const)('stores all bytes with name, type and size (%s)', async (binaryMode) => {
		const outcome = await engine().submit(downloading([await makeTask(engine().sandbox)], { binaryMode }));
		const [item] = outcome.items();
		const binary = item?.binary?.['data'];
		expect((await bytesOfBinary(binary)).equals(video)).toBe(true);
		expect(binary).toMatchObject({ mimeType: 'video/mp4', fileExtension: 'mp4', bytes: video.length });
		expect(binary?.fileName).toBe(`${engine().sandbox.tasks[0]?.subTaskIds[0]}.mp4`);
		expect(binary?.fileSize).toMatch(/\d/);
		expect(item?.json).toMatchObject({ status: 'succeeded', video_url: engine().sandbox.url + engine().downloads[0]?.path });
		expect(item?.json).not.toHaveProperty('download_error');
		expect(engine().downloads.map(({ status }) => status)).toEqual([200]);
	});

	test('stores the video in the field that Put Output File in Field names', async () => {
		const parameters = { outputBinaryPropertyName: 'film' };
		const outcome = await engine().submit(downloading([await makeTask(engine().sandbox)], { parameters }));
		expect(Object.keys(outcome.items()[0]?.binary ?? {})).toEqual(['film']);
	});

	describe('a task of two sub tasks', () => {
		const pair = useEngine({ taskSeconds: 0, subTasks: 2 });

		test('outputs both videos', async () => {
			const outcome = await pair().submit(downloading([await makeTask(pair().sandbox)]));
			const [item] = outcome.items();
			expect(item?.json['video_urls']).toHaveLength(2);
			const binaries = Object.values(item?.binary ?? {});
			expect(binaries.map(({ bytes }) => bytes)).toEqual([video.length, video.length]);
			expect(new Set(pair().downloads.map(({ path }) => path)).size).toBe(2);
		});
	});

	test('Submit and Wait downloads too, once for each task', async () => {
		const parameters = { ...waiting([]).parameters, downloadVideo: true };
		const outcome = await engine().submit({ ...waiting(['a', '[fail]', 'c']), parameters });
		const [a, failed, c] = outcome.items();
		expect((await bytesOfBinary(a?.binary?.['data'])).equals(video)).toBe(true);
		expect((await bytesOfBinary(c?.binary?.['data'])).equals(video)).toBe(true);
		expect(failed?.binary).toBeUndefined();
		expect(engine().downloads).toHaveLength(2);
	});

	test('Submit and Wait downloads at most five videos at the same time', async () => {
		engine().sandbox.faults.add({ on: 'video', times: Infinity, fault: { type: 'slow', bytesPerSecond: 1000 } });
		const execution = await engine().start(waiting(makePrompts(8), { concurrency: 8 }, { parameters: { downloadVideo: true } }));
		await untilTrue(() => engine().taskIds.length === 8 && engine().downloads.length >= 5);
		await sleep(200);
		expect(engine().downloads).toHaveLength(5);
		execution.cancel();
		await execution.outcome();
	});

	test('follows a redirect without the token', async () => {
		const [first = '', other = ''] = await makeTasks(engine().sandbox, 2);
		const target = engine().sandbox.tasks.find(({ taskId }) => taskId === other);
		const Location = `/media/${target?.subTaskIds[0]}.mp4`;
		engine().sandbox.faults.add({ on: 'video', fault: { type: 'status', status: 302, headers: { Location } } });
		const outcome = await engine().submit(downloading([first]));
		expect((await bytesOfBinary(outcome.items()[0]?.binary?.['data'])).equals(video)).toBe(true);
		expect(engine().downloads.map(({ status }) => status)).toEqual([302, 200]);
		for (const { headers } of engine().downloads) expect(headers).not.toHaveProperty('authorization');
	});

	test.each(['getResult', 'submitAndWait'])('stopping the execution ends the download (%s)', async (operation) => {
		engine().sandbox.faults.add({ on: 'video', fault: { type: 'slow', bytesPerSecond: 1000 } });
		const isWaiting = operation === 'submitAndWait';
		const execution = await engine().start(
			isWaiting ? waiting(['a'], {}, { parameters: { downloadVideo: true } }) : downloading([await makeTask(engine().sandbox)]),
		);
		await untilTrue(() => engine().downloads.length === 1);
		execution.cancel();
		expect((await execution.outcome()).run.finished).not.toBe(true);
	});

	describe('a task without a video', () => {
		const slow = useEngine({ taskSeconds: 100 });

		test('is not downloaded', async () => {
			const [goesOn = '', failed = ''] = await makeTasks(slow().sandbox, 2);
			slow().sandbox.settle(failed, 'failed');
			const outcome = await slow().submit(downloading([goesOn, failed, 'no-such-task']));
			expect(pluck(outcome.json(), 'status')).toEqual(['waiting', 'failed', 'not_found']);
			expect(outcome.items().map(({ binary }) => binary)).toEqual([undefined, undefined, undefined]);
			expect(slow().downloads).toEqual([]);
		});
	});
});

describe('failed downloads', () => {
	const engine = useEngine({ taskSeconds: 0 });
	const video = readFileSync(DEFAULT_SETTINGS.resultVideo);

	const TROUBLE: [string, Fault, RegExp][] = [
		['HTTP 404', { type: 'status', status: 404 }, /404/],
		['a reset', { type: 'reset', when: 'before' }, /reset|broke/],
		['half the video', { type: 'truncated' }, /broke|incomplete/],
	];

	test.each(TROUBLE)('%s instead of the video: outputs the item with its URL and the reason, and says so in a hint', async (_name, fault, words) => {
		engine().sandbox.faults.add({ on: 'video', times: Infinity, fault });
		const ids = await makeTasks(engine().sandbox, 2);
		const outcome = await engine().submit(downloading(ids));
		expect(outcome.error).toBeUndefined();
		expect(pluck(outcome.json(), 'task_id')).toEqual(ids);
		for (const { json, binary } of outcome.items()) {
			expect(json).toMatchObject({ status: 'succeeded', video_url: expect.stringContaining('/media/') as string });
			expect(json['download_error']).toMatch(words);
			expect(binary).toBeUndefined();
		}
		expect(engine().downloads.length).toBeLessThan(40);
		const hints = outcome.run.data.resultData.runData['Stylize']?.[0]?.hints;
		const reason = String(outcome.json()[0]?.['download_error']);
		expect(hints).toMatchObject([{ type: 'warning', message: `2 of 2 videos were not downloaded: ${reason}` }]);
	});

	test('does not download a video over Max Download Size', async () => {
		const id = await makeTask(engine().sandbox);
		const limited = (maxDownloadSize: number) => downloading([id], { parameters: { options: { maxDownloadSize } } });
		const [large] = (await engine().submit(limited(0.02))).items();
		expect(large?.binary).toBeUndefined();
		expect(large?.json).toMatchObject({ status: 'succeeded', download_error: expect.stringContaining('limit') as string });
		const [small] = (await engine().submit(limited(0.05))).items();
		expect((await bytesOfBinary(small?.binary?.['data'])).equals(video)).toBe(true);
	});

	describe('a host that compresses the video, though the request forbids it', () => {
		const packed = { gzip: gzipSync(video), deflate: deflateSync(video), br: brotliCompressSync(video) };
		let server: Server | undefined;

		/** Serves the first `length` bytes of the compressed video with its full Content-Length, and one task with this video. */
		async function serve(encoding: keyof typeof packed, length = packed[encoding].length): Promise<string> {
			server = createServer((_, response) => {
				response.writeHead(200, { 'content-type': 'video/mp4', 'content-encoding': encoding, 'content-length': packed[encoding].length });
				response.write(packed[encoding].subarray(0, length), () => (length < packed[encoding].length ? response.destroy() : response.end()));
			}).listen(0, '127.0.0.1');
			await once(server, 'listening');
			const id = await makeTask(engine().sandbox);
			const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.mp4`;
			const entry = { task_id: id, sub_task_results: [{ sub_task_id: 's', task_status: 1, task_completion: 1, video: url }] };
			engine().sandbox.faults.add({ on: 'batch', fault: { type: 'status', status: 200, body: { code: 0, message: '', result: [entry] } } });
			return id;
		}

		afterEach(() => void server?.close());

		test.each(['gzip', 'deflate', 'br'] as const)('%s: the video arrives, and the limit applies to its decompressed size', async (encoding) => {
			const id = await serve(encoding);
			const [item] = (await engine().submit(downloading([id], { parameters: { options: { maxDownloadSize: video.length / 1_000_000 } } }))).items();
			expect(item?.json['download_error']).toBeUndefined();
			expect((await bytesOfBinary(item?.binary?.['data'])).equals(video)).toBe(true);
		});

		test('stops a compressed video that exceeds Max Download Size when decompressed', async () => {
			const maxDownloadSize = (video.length - 1) / 1_000_000;
			expect(packed.gzip.length).toBeLessThan(video.length - 1);
			const id = await serve('gzip');
			const [item] = (await engine().submit(downloading([id], { parameters: { options: { maxDownloadSize } } }))).items();
			expect(item?.json['download_error']).toContain('limit');
			expect(item?.binary).toBeUndefined();
		});

		test('detects a connection that breaks during the download', async () => {
			const id = await serve('gzip', 5_000);
			const [item] = (await engine().submit(downloading([id]))).items();
			expect(item?.json['download_error']).toMatch(/broke/);
			expect(item?.binary).toBeUndefined();
		});
	});
});
