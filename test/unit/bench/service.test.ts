import { request } from 'undici';
import { startService } from '../../../bench/machine/service';
import type { Service } from '../../../bench/machine/service';

const SUBMIT = '/api-pub/gw/v2/video/video_edit/async';

let service: Service | undefined;
afterEach(async () => await service?.close());

const submit = async ({ url, accessToken }: Service) =>
	(
		await request(url + SUBMIT, {
			method: 'POST',
			headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
			body: JSON.stringify({ style: 'anime', video_name: 'https://videos.example/cat.mp4' }),
		})
	).statusCode;

test('the stand-in runs in a process of its own, with any number of tasks, and ends', async () => {
	service = await startService({ taskSeconds: 1000 });
	expect(service.pid).not.toBe(process.pid);
	expect([await submit(service), await submit(service), await submit(service)]).toEqual([200, 200, 200]);
	expect((await service.counts()).requests.submit).toBe(3);
	const { requests, tasks, log } = await service.state();
	expect([requests.submit, tasks.length, log.length]).toEqual([3, 3, 3]);
	await service.close();
	await service.close();
	await expect(submit(service)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
	expect(() => process.kill(service?.pid ?? 0, 0)).toThrow('ESRCH');
}, 60_000);

test('settings reach it', async () => {
	service = await startService({ accessToken: 'sk-mine', bodies: 'count', tasksPerMinute: 1 });
	expect(service.accessToken).toBe('sk-mine');
	expect([await submit(service), await submit(service)]).toEqual([200, 429]);
	expect((await service.state()).tasks).toMatchObject([{ video: { kind: 'counted' } }]);
}, 60_000);

test('a stand-in that cannot start is an error', async () => {
	service = await startService();
	const port = Number(new URL(service.url).port);
	await expect(startService({ port })).rejects.toThrow(/did not start: .*EADDRINUSE/);
}, 60_000);
