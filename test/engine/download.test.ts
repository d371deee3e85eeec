/** The finished video in the item's binary: its bytes, what goes to its host, and what becomes of one that cannot be had. */
import dns from 'node:dns';
import { readFileSync } from 'node:fs';
import { DEFAULT_SETTINGS, type Fault } from '../../sandbox';
import { bytesOf } from './harness/binaries';
import { useBench, type SubmitOptions } from './harness/hidream';
import { all, itemsOf, makeTask, makeTasks } from './harness/tasks';
import { until, waiting } from './harness/waiting';

const bench = useBench({ taskSeconds: 0 });
const video = readFileSync(DEFAULT_SETTINGS.resultVideo);

/** Asks for these tasks and their videos. */
const fetched = (taskIds: unknown[], { parameters, ...more }: SubmitOptions = {}): SubmitOptions => ({
	parameters: { operation: 'getResult', downloadVideo: true, ...parameters },
	items: itemsOf(taskIds),
	...more,
});

test.each(['filesystem', 'default'] as const)('the bytes arrive whole, with name, type and size (%s)', async (binaryMode) => {
	const outcome = await bench().submit(fetched([await makeTask(bench().sandbox)], { binaryMode }));
	const [item] = outcome.items();
	const binary = item?.binary?.['data'];
	expect((await bytesOf(binary)).equals(video)).toBe(true);
	expect(binary).toMatchObject({ mimeType: 'video/mp4', fileExtension: 'mp4', bytes: video.length });
	expect(binary?.fileName).toBe(`${bench().sandbox.tasks[0]?.subTaskIds[0]}.mp4`);
	expect(binary?.fileSize).toMatch(/\d/);
	expect(item?.json).toMatchObject({ status: 'succeeded', video_url: bench().sandbox.url + bench().downloads[0]?.path });
	expect(item?.json).not.toHaveProperty('download_error');
	expect(bench().downloads.map(({ status }) => status)).toEqual([200]);
});

test('it can be put in another field, and a second video of a task is not lost', async () => {
	const parameters = { outputBinaryPropertyName: 'film' };
	const outcome = await bench().submit(fetched([await makeTask(bench().sandbox)], { parameters }));
	expect(Object.keys(outcome.items()[0]?.binary ?? {})).toEqual(['film']);
});

describe('a task of two sub tasks', () => {
	const pair = useBench({ taskSeconds: 0, subTasks: 2 });

	test('gives both videos', async () => {
		const outcome = await pair().submit(fetched([await makeTask(pair().sandbox)]));
		const [item] = outcome.items();
		expect(item?.json['video_urls']).toHaveLength(2);
		const binaries = Object.values(item?.binary ?? {});
		expect(binaries.map(({ bytes }) => bytes)).toEqual([video.length, video.length]);
		expect(new Set(pair().downloads.map(({ path }) => path)).size).toBe(2);
	});
});

test('submit and wait downloads too, once for each task', async () => {
	const parameters = { ...waiting([]).parameters, downloadVideo: true };
	const outcome = await bench().submit({ ...waiting(['a', '[fail]', 'c']), parameters });
	const [a, failed, c] = outcome.items();
	expect((await bytesOf(a?.binary?.['data'])).equals(video)).toBe(true);
	expect((await bytesOf(c?.binary?.['data'])).equals(video)).toBe(true);
	expect(failed?.binary).toBeUndefined();
	expect(bench().downloads).toHaveLength(2);
});

test('neither token nor key goes to the host of the video', async () => {
	await bench().submit(fetched([await makeTask(bench().sandbox)]));
	const [{ headers } = { headers: {} }] = bench().downloads;
	expect(bench().downloads).toHaveLength(1);
	expect(JSON.stringify(headers)).not.toContain(bench().sandbox.accessToken);
	expect(headers).not.toHaveProperty('authorization');
});

test('a redirect to another place of the service is followed, without the token', async () => {
	const [first = '', other = ''] = await makeTasks(bench().sandbox, 2);
	const target = bench().sandbox.tasks.find(({ taskId }) => taskId === other);
	const Location = `/media/${target?.subTaskIds[0]}.mp4`;
	bench().sandbox.faults.add({ on: 'video', fault: { type: 'status', status: 302, headers: { Location } } });
	const outcome = await bench().submit(fetched([first]));
	expect((await bytesOf(outcome.items()[0]?.binary?.['data'])).equals(video)).toBe(true);
	expect(bench().downloads.map(({ status }) => status)).toEqual([302, 200]);
	for (const { headers } of bench().downloads) expect(headers).not.toHaveProperty('authorization');
});

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

test('stopping the execution ends the download', async () => {
	bench().sandbox.faults.add({ on: 'video', fault: { type: 'slow', bytesPerSecond: 1000 } });
	const execution = await bench().start(fetched([await makeTask(bench().sandbox)]));
	await until(() => bench().downloads.length === 1);
	execution.cancel();
	expect((await execution.outcome()).run.finished).not.toBe(true);
});

describe('a task that has no video', () => {
	const slow = useBench({ taskSeconds: 100 });

	test('is not downloaded', async () => {
		const [goesOn = '', failed = ''] = await makeTasks(slow().sandbox, 2);
		slow().sandbox.settle(failed, 'failed');
		const outcome = await slow().submit(fetched([goesOn, failed, 'no-such-task']));
		expect(all(outcome.json(), 'status')).toEqual(['waiting', 'failed', 'not_found']);
		expect(outcome.items().map(({ binary }) => binary)).toEqual([undefined, undefined, undefined]);
		expect(slow().downloads).toEqual([]);
	});
});
