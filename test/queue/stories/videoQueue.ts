
import type { N8nServer } from '../../../harness/n8n/server';
import type { StoredWorkflow } from '../../../harness/n8n/workflow';
import { queueColumns, startVideoQueue, tableName, Tables } from '../../support/videoQueue';
import type { Row } from '../../support/videoQueue';
import type { QueueContext } from '../support/queue';

/** How rows end whose request has no clear response. */
const inDoubt = ['uncertain', 'already_submitted'];

const ended = ['succeeded', ...inDoubt];

/** The limits of the account, which the fake HiDream server enforces. */
export const queueAccount = { accountLevel: 'level2', tasksPerMinute: 30, taskSeconds: 3 } as const;

/** The durable queue of `examples/queue.json` while processes and connections end. */
export function videoQueue(on: QueueContext): void {
	let tables: Tables;
	let workflow: StoredWorkflow;

	beforeEach(async () => {
		tables = await Tables.of(on.n8n.instance.rest);
		const { accountLevel, tasksPerMinute } = queueAccount;
		const credential = await on.n8n.credential(on.sandbox, { accountLevel, tasksPerMinute });
		workflow = await startVideoQueue(on.n8n.instance, credential, { schedule: 5, interrupted: 10 });
	});

	afterEach(async () => {
		await on.n8n.instance.startMissing();
		await on.n8n.instance.deactivate(workflow);
		await tables.remove();
	});

	const video = (n: number): string => `https://example.com/queue-${n}.mp4`;

	/** Creates the table and puts rows in, as a CSV import does. */
	async function importRows(count: number): Promise<void> {
		await tables.create(tableName, await queueColumns());
		await tables.insert(Array.from({ length: count }, (_, n) => ({ video: video(n), style: 'anime', status: 'queued' })));
	}

	/** Waits until a number of tasks was accepted, and looks often: what follows is to hit the moment. */
	async function accepted(count: number): Promise<void> {
		for (const deadline = Date.now() + 90_000; on.sandbox.tasks.length < count; await new Promise((resolve) => setTimeout(resolve, 2))) {
			if (Date.now() > deadline) throw new Error(`HiDream has ${on.sandbox.tasks.length} tasks instead of ${count}.`);
		}
	}

	/** Waits until every row has ended. */
	async function allEnded(count: number): Promise<Row[]> {
		let rows: Row[] = [];
		const isOver = () => rows.length === count && rows.every(({ status }) => ended.includes(status));
		for (const deadline = Date.now() + 240_000; !isOver(); await new Promise((resolve) => setTimeout(resolve, 500))) {
			if (Date.now() > deadline) throw new Error(`The queue stands still: ${JSON.stringify(rows.map(({ id, status, note }) => [id, status, note]))}`);
			rows = await tables.rows().catch(() => rows);
		}
		return rows;
	}

	/** Asserts that no row has two tasks, and that at most so many rows are in doubt. */
	function expectPaidOnce(rows: Row[], doubtful: number): void {
		const made = rows.map((row) => on.sandbox.tasks.filter((task) => task.video.kind === 'url' && task.video.url === row.video));
		expect(made.filter(({ length }) => length > 1)).toEqual([]);
		const withoutTask = rows.filter((_, n) => made[n]?.length === 0);
		expect(withoutTask.filter(({ status }) => status !== 'uncertain')).toEqual([]);
		for (const [n, { status, task_id }] of rows.entries()) if (status === 'succeeded') expect(task_id).toBe(made[n]?.[0]?.taskId);
		expect(rows.filter(({ status }) => inDoubt.includes(status)).length).toBeLessThanOrEqual(doubtful);
	}

	/** How many submits HiDream refused, for a limit that was reached. */
	const refusals = (): number => on.sandbox.requests.filter(({ endpoint }) => endpoint === 'submit').length - on.sandbox.tasks.length;

	const end = async (servers: readonly N8nServer[], signal: 'SIGKILL' | 'SIGTERM'): Promise<void> =>
		void (await Promise.all(servers.map(async (server) => await (signal === 'SIGKILL' ? server.kill() : server.stop()))));

	test('rows of many webhook calls: each is submitted once, within the limits, by whichever worker', async () => {
		const send = async (n: number) => await on.n8n.instance.callWebhook('hidream-queue', { video: video(n), style: 'anime' });
		const answers = await Promise.all(Array.from({ length: 12 }, async (_, n) => await send(n)));
		expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
		expectPaidOnce(await allEnded(12), 0);
		expect(refusals()).toBe(0);
	});

	test('rounds that overlap: no row is sent twice', async () => {
		await importRows(8);
		const rounds = Array.from({ length: 10 }, async (_, n) => await on.n8n.instance.callWebhook('hidream-queue', { video: video(8 + n), style: 'anime' }));
		await Promise.all(rounds);
		expectPaidOnce(await allEnded(18), 0);
		expect(refusals()).toBe(0);
	});

	test('workers killed at an acceptance, main, webhook process and connections lost: each row has at most one task, and few are in doubt', async () => {
		const { instance, links } = on.n8n;
		await importRows(20);
		await accepted(3);
		await end(instance.workers, 'SIGKILL');
		await instance.startMissing();
		await accepted(6);
		await end(instance.workers.slice(0, 1), 'SIGKILL');
		await accepted(9);
		await instance.startMissing();
		await instance.kill();
		await accepted(11);
		await instance.startMissing();
		await instance.webhook.kill();
		links.PostgreSQL.cut();
		await accepted(14);
		links.Redis.cut();
		await accepted(17);
		await end(instance.workers, 'SIGTERM');
		await instance.startMissing();
		expectPaidOnce(await allEnded(20), 4);
	});
}
