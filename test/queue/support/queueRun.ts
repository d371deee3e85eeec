/** One run of the durable queue: its rows and tasks, and its figures. */
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import type { StoredWorkflow } from '../../../harness/n8n/workflow';
import type { TaskRecord } from '../../../sandbox';
import { DEFAULT_SETTINGS } from '../../../sandbox';
import { until } from '../../support/n8n';
import { queueColumns, startVideoQueue, tableName, Tables } from '../../support/videoQueue';
import type { QueueSettings, QueueRow } from '../../support/videoQueue';
import type { QueueContext } from './queue';

/** How rows end whose request has no clear response. */
const UNRESOLVED = ['uncertain', 'already_submitted'];

const requestId = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/;

/** The limits of an account, which the fake HiDream server enforces. */
export interface QueueAccount {
	accountLevel: 'free' | 'level1';
	tasksPerMinute: number;
	taskSeconds: number;
}

/** The time of the shortest schedule in order: each task starts as soon as both limits allow it. */
function shortestSeconds(count: number, { accountLevel, tasksPerMinute, taskSeconds }: QueueAccount): number {
	const parallel = DEFAULT_SETTINGS.parallelTasks[accountLevel];
	const starts: number[] = [];
	while (starts.length < count) starts.push(Math.max(0, (starts.at(-tasksPerMinute) ?? -60) + 60, (starts.at(-parallel) ?? -taskSeconds) + taskSeconds));
	return (starts.at(-1) ?? 0) + taskSeconds;
}

/** Any `count` of the values. */
export function anyOf<T>(values: readonly T[], count: number): T[] {
	const left = [...values];
	return Array.from({ length: count }, () => left.splice(randomInt(left.length), 1)).flat();
}

export class QueueRun {
	/** The IDs of the running executions, one entry per second. */
	private readonly samples: string[][] = [];
	private readonly startedAt = Date.now();
	private sampling = true;

	private constructor(
		private readonly on: QueueContext,
		private readonly account: QueueAccount,
		private readonly workflow: StoredWorkflow,
		private readonly tables: Tables,
		private sampler: Promise<void> | undefined,
		private readonly tasksOf: (row: QueueRow) => TaskRecord[],
	) {}

	/**
	 * Puts these videos into the table as a CSV import does, and publishes the queue.
	 *
	 * @param tasksOf the tasks of a row; by default those with its URL
	 */
	static async start(
		on: QueueContext,
		account: QueueAccount,
		videos: string[],
		settings: QueueSettings,
		tasksOf = ({ video }: QueueRow) => on.sandbox.tasks.filter((task) => task.video.kind === 'url' && task.video.url === video),
	): Promise<QueueRun> {
		const tables = await Tables.of(on.n8n.instance.rest);
		await tables.create(tableName, await queueColumns());
		if (videos.length > 0) await tables.insert(videos.map((video) => ({ video, style: 'anime', status: 'queued' })));
		const { accountLevel, tasksPerMinute } = account;
		// The fake server's code for too many parallel tasks. HiDream's own code is unknown, so users have to set it.
		const credential = await on.n8n.credential(on.sandbox, { accountLevel, tasksPerMinute, retryCodes: '1402' });
		const workflow = await startVideoQueue(on.n8n.instance, credential, settings);
		const run = new QueueRun(on, account, workflow, tables, undefined, tasksOf);
		run.sampler = run.sample();
		return run;
	}

	/** Starts killed processes again, unpublishes the queue and removes its table. */
	async close(): Promise<void> {
		this.sampling = false;
		await this.sampler;
		await this.on.n8n.instance.startMissing();
		// For some seconds after much work, n8n may say that its database is not ready.
		await until('n8n unpublishes the queue', async () => await this.on.n8n.instance.deactivate(this.workflow).then(() => true, () => false));
		await this.tables.remove();
	}

	/** Sends a video to the webhook; false if n8n does not confirm it: its process or its job may be gone. */
	async send(video: string): Promise<boolean> {
		const body = new URLSearchParams({ video, style: 'anime' });
		const url = `${this.on.n8n.instance.url}/webhook/hidream-queue`;
		return await fetch(url, { method: 'POST', body, signal: AbortSignal.timeout(30_000) }).then(({ ok }) => ok, () => false);
	}

	/** Waits for an acceptance, at the earliest the one with this number, and checks often: what follows is to hit the moment. */
	async acceptance(number: number): Promise<void> {
		const { tasks } = this.on.sandbox;
		const count = Math.max(number, tasks.length + 1);
		for (const deadline = Date.now() + 120_000; tasks.length < count; await sleep(2)) {
			if (Date.now() > deadline) throw new Error(`HiDream has ${tasks.length} tasks instead of ${count}. ${JSON.stringify(await this.rows())}`);
		}
	}

	/** Waits until at least so many rows are in the table and all have ended. */
	async allEnded(count: number): Promise<QueueRow[]> {
		for (const deadline = Date.now() + 300_000; ; await sleep(500)) {
			const rows = await this.rows();
			if (rows.length >= count && rows.every(({ status }) => ['succeeded', ...UNRESOLVED].includes(status))) return rows;
			if (Date.now() > deadline) throw new Error(`The queue stands still: ${JSON.stringify(rows.map(({ id, status, note }) => [id, status, note]))}`);
		}
	}

	/**
	 * Asserts that no video has two rows or two tasks, that each row succeeded or is unresolved, and that it names its task or
	 * its request.
	 */
	expectPaidOnce(rows: QueueRow[]): void {
		expect(new Set(rows.map(({ video }) => video)).size).toBe(rows.length);
		expect(rows.filter((row) => this.tasksOf(row).length > 1)).toEqual([]);
		for (const row of rows) {
			const [task] = this.tasksOf(row);
			if (row.status === 'succeeded') expect(row.task_id).toBe(task?.taskId);
			else expect(requestId.exec(row.note ?? '')?.[0]).toEqual(task?.requestId ?? expect.any(String));
		}
	}

	/** Rows that may have a task whose ID the queue does not know. */
	unresolved(rows: QueueRow[]): QueueRow[] {
		return rows.filter(({ status }) => UNRESOLVED.includes(status));
	}

	/** The number of submits that HiDream refused, for a limit that was reached. */
	get refusals(): number {
		return this.on.sandbox.requests.filter(({ endpoint, completed }) => endpoint === 'submit' && completed).length - this.on.sandbox.tasks.length;
	}

	/** Prints the figures of the run, which has ended. */
	async report(name: string, rows: QueueRow[]): Promise<void> {
		const seconds = (Date.now() - this.startedAt) / 1_000;
		const bound = shortestSeconds(rows.length, this.account);
		const perRow = [0, 1, 2].map((count) => `${rows.filter((row) => this.tasksOf(row).length === count).length} with ${count}`);
		const slots = await this.slots();
		const average = slots.reduce((sum, count) => sum + count, 0) / Math.max(1, slots.length);
		const figures = [
			`${rows.length} rows`,
			`tasks per row: ${perRow.join(', ')}`,
			`unresolved: ${this.unresolved(rows).length}`,
			`refusals: ${this.refusals}`,
			`slots: ${average.toFixed(1)}, at most ${Math.max(...slots)}`,
			`${seconds.toFixed(0)} s, ${(seconds / bound).toFixed(2)} of the shortest schedule`,
		];
		process.stdout.write(`${name}: ${figures.join('; ')}\n`);
	}

	/** None while main is down. */
	private async rows(): Promise<QueueRow[]> {
		return await this.tables.rows().catch(() => []);
	}

	private async sample(): Promise<void> {
		for (; this.sampling; await sleep(1_000)) {
			const running = await this.on.n8n.instance.query<{ id: string }>('SELECT id FROM execution_entity WHERE status = \'running\' AND "deletedAt" IS NULL');
			this.samples.push(running.map(({ id }) => id));
		}
	}

	/** Executions per second that had a slot. Those that a killed worker left behind never end, and have none. */
	private async slots(): Promise<number[]> {
		const ended = await this.on.n8n.instance.query<{ id: string }>('SELECT id FROM execution_entity WHERE status <> \'running\' AND status <> \'crashed\'');
		const ids = new Set(ended.map(({ id }) => id));
		return this.samples.map((running) => running.filter((id) => ids.has(id)).length);
	}
}
