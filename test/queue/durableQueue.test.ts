/** The durable queue in queue mode with four workers, while processes, connections and Redis end. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { N8nServer } from '../../harness/n8n/server';
import { readLog } from '../support/crash';
import { until } from '../support/n8n';
import { useQueue } from './support/queue';
import { anyOf, QueueRun } from './support/queueRun';
import type { QueueAccount } from './support/queueRun';

jest.setTimeout(900_000);

const queue = useQueue({ N8N_CONCURRENCY_PRODUCTION_LIMIT: '5', N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '8' }, { workers: 4, ownRedis: true });

const kill = async (servers: readonly N8nServer[]): Promise<void> => void (await Promise.all(servers.map(async (server) => await server.kill())));

let run: QueueRun;

afterEach(async () => await run.close());

const videos = (first: number, count: number): string[] => Array.from({ length: count }, (_, n) => `https://example.com/queue-${first + n}.mp4`);

/** Sends videos at the same time; returns those that n8n confirmed. */
async function send(first: number, count: number): Promise<string[]> {
	const sent = videos(first, count);
	const confirmed = await Promise.all(sent.map(async (video) => await run.send(video)));
	return sent.filter((_, n) => confirmed[n]);
}

/** The times of the queue, shortened. */
const times = { schedule: 5, interrupted: 10 };

describe('rounds that overlap', () => {
	/** One task at a time, so that two rounds that both submit exceed the limit. */
	const account: QueueAccount = { accountLevel: 'free', tasksPerMinute: 30, taskSeconds: 3 };
	const on = queue(account);

	test('each video of an import and of simultaneous webhook calls is submitted once, within the limits', async () => {
		// As if each round took longer than 30 s: every call and every turn of the schedule starts one more. Queries are
		// slow, so that other rounds find the same row before it is claimed.
		for (const endpoint of ['batch', 'result'] as const) on.sandbox.faults.add({ on: endpoint, times: Infinity, fault: { type: 'slow', delayMs: 1_000 } });
		run = await QueueRun.start(on, account, videos(0, 4), { ...times, round: 0 });
		expect(await send(4, 8)).toHaveLength(8);
		const rows = await run.allEnded(12);
		await run.report('The durable queue, overlapping rounds', rows);
		run.expectPaidOnce(rows);
		expect([rows.length, run.unresolved(rows).length, run.refusals]).toEqual([12, 0, 0]);
	});
});

describe('processes and connections end', () => {
	/** About as many tasks as the queue can send, so that it reaches the limits. */
	const account: QueueAccount = { accountLevel: 'level1', tasksPerMinute: 18, taskSeconds: 5 };
	const on = queue(account);

	test('workers, main, webhook process, Redis and connections end: each row has at most one task, and few are unresolved', async () => {
		const { instance, links } = on.n8n;
		const running = () => instance.workers.filter(({ runs }) => runs);
		// Three kills at an acceptance leave three rows unresolved, which would pause the queue.
		run = await QueueRun.start(on, account, videos(0, 54), { ...times, pause: 1 });
		await run.acceptance(4);
		await kill(running());
		await instance.startMissing();
		await run.acceptance(8);
		await kill(anyOf(running(), 1));
		await run.acceptance(11);
		await kill(anyOf(running(), 2));
		await instance.startMissing();
		await run.acceptance(20);
		await instance.kill();
		const confirmed = await send(100, 2);
		expect(confirmed).toHaveLength(2);
		await instance.startMissing();
		await run.acceptance(26);
		await instance.webhook.kill();
		await instance.startMissing();
		await run.acceptance(30);
		links.PostgreSQL.cut();
		await run.acceptance(34);
		// Some jobs are in Redis when it ends, so not every call gets a response.
		const interrupted = send(200, 5);
		await sleep(100);
		await on.n8n.restartRedis(2_000);
		await run.acceptance(38);
		await Promise.all(running().map(async (worker) => await worker.stop()));
		await instance.startMissing();
		await run.acceptance(42);
		const burst = await send(300, 6);
		expect(burst).toHaveLength(6);
		const rows = await run.allEnded(60);
		await run.report('The durable queue, disturbed', rows);
		run.expectPaidOnce(rows);
		expect(rows.map(({ video }) => video)).toEqual(expect.arrayContaining([...confirmed, ...(await interrupted), ...burst]));
		expect(run.unresolved(rows).length).toBeLessThanOrEqual(4);
		expect(run.refusals).toBeLessThanOrEqual(run.unresolved(rows).length);
	});
});

describe('files', () => {
	const account: QueueAccount = { accountLevel: 'level1', tasksPerMinute: 18, taskSeconds: 3 };
	const on = queue(account);

	const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

	test('four uploads of 30 MB through a shared folder, a worker killed in the middle of one: only its row is unresolved', async () => {
		const folder = join(on.n8n.files, 'uploads');
		await mkdir(folder);
		const tasksOf = ({ video }: { video: string }) => on.sandbox.tasks.filter((task) => task.video.kind === 'base64' && task.video.sha256 === sha256(readFileSync(video)));
		on.sandbox.faults.add({ on: 'submit', times: Infinity, fault: { type: 'slow', bytesPerSecond: 2_500_000 } });
		const earlier = await Promise.all(on.n8n.instance.workers.map(async (worker) => (await worker.log()).length));
		run = await QueueRun.start(on, account, [], { schedule: 5, interrupted: 60, folder }, tasksOf);

		const files = [1, 2, 3, 4].map((n) => Buffer.alloc(30 * 1024 * 1024, `video ${n}\0`));
		const answers = await Promise.all(files.map(async (bytes) => {
			const form = new FormData();
			form.set('style', 'anime');
			form.set('file', new Blob([new Uint8Array(bytes)], { type: 'video/mp4' }), 'clip.mp4');
			return await fetch(`${on.n8n.instance.url}/webhook/hidream-queue-file`, { method: 'POST', body: form });
		}));
		expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
		expect(readdirSync(folder).map((name) => sha256(readFileSync(join(folder, name)))).sort()).toEqual(files.map(sha256).sort());

		const underWay = () => on.sandbox.requests.find(({ endpoint, bodyBytes, completed }) => endpoint === 'submit' && bodyBytes > 4_000_000 && !completed);
		await until('an upload is under way', () => underWay() !== undefined);
		const cut = underWay();
		for (const [n, worker] of on.n8n.instance.workers.entries()) {
			const { sent, accepted } = readLog((await worker.log()).slice(earlier[n]));
			if (sent.size > accepted.size) await worker.kill();
		}
		on.sandbox.faults.clear();
		await on.n8n.instance.startMissing();

		const rows = await run.allEnded(4);
		await run.report('The durable queue, files of 30 MB', rows);
		run.expectPaidOnce(rows);
		expect(run.unresolved(rows)).toMatchObject([{ status: 'uncertain' }]);
		expect([on.sandbox.tasks.length, cut?.completed, run.refusals]).toEqual([3, false, 0]);
	});
});
