/** The finished video in the item's binary: its bytes, its name, and what goes to its host. */
import { readFileSync } from 'node:fs';
import { DEFAULT_SETTINGS } from '../../sandbox';
import { bytesOf } from '../../harness/engine/binaries';
import { useBench } from './support/hidream';
import { all, fetched, makeTask, makeTasks } from './support/tasks';
import { until, waiting } from './support/waiting';

const bench = useBench({ taskSeconds: 0 });
const video = readFileSync(DEFAULT_SETTINGS.resultVideo);

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

test('it can be put in another field', async () => {
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
