/** The durable queue of `examples/queue.json`, in an n8n in regular mode with SQLite. */
import type { IDataObject } from 'n8n-workflow';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { executionIds } from '../../harness/n8n/execution';
import type { StoredWorkflow } from '../../harness/n8n/workflow';
import { importExample } from '../support/examples';
import { sampleVideo } from '../support/media';
import { until, useN8n } from '../support/n8n';
import { queueColumns, startVideoQueue, tableName, Tables } from '../support/videoQueue';
import type { QueueSettings, Row } from '../support/videoQueue';

jest.setTimeout(120_000);

const on = useN8n({ accountLevel: 'level1' });

let tables: Tables;
let workflow: StoredWorkflow | undefined;

beforeAll(async () => {
	tables = await Tables.of(on.n8n.instance.rest);
});

afterEach(async () => {
	if (workflow) await on.n8n.instance.deactivate(workflow);
	await tables.remove();
});

const usual = { schedule: 3, interrupted: 5 };

/** Publishes the queue for an account that runs three tasks at once. */
async function start(settings: QueueSettings = usual): Promise<StoredWorkflow> {
	const credential = await on.n8n.credential(on.sandbox, { accountLevel: 'level1' });
	return (workflow = await startVideoQueue(on.n8n.instance, credential, settings));
}

const video = (n: number): string => `${on.sandbox.url}/media/sample.mp4?n=${n}`;

async function send(n: number): Promise<void> {
	expect((await on.n8n.instance.callWebhook('hidream-queue', { video: video(n), style: 'anime' })).status).toBe(200);
}

/** Creates the table and puts rows in, as a CSV import does. */
async function importRows(rows: IDataObject[]): Promise<void> {
	await tables.create(tableName, await queueColumns());
	await tables.insert(rows);
}

async function untilRows(what: string, condition: (rows: Row[]) => boolean): Promise<Row[]> {
	for (const deadline = Date.now() + 90_000; ; await sleep(250)) {
		const rows = await tables.rows();
		if (condition(rows)) return rows;
		if (Date.now() > deadline) throw new Error(`Within 90 s it did not happen: ${what}. ${JSON.stringify(rows)}`);
	}
}

const untilAll = async (status: string, count: number): Promise<Row[]> =>
	await untilRows(`${count} rows are ${status}`, (rows) => rows.length === count && rows.every((row) => row.status === status));

const submits = (): number => on.sandbox.requests.filter(({ endpoint }) => endpoint === 'submit').length;

test('creates its table and submits each video once, within the limits of the credential, oldest first', async () => {
	await start();
	await Promise.all([1, 2, 3, 4, 5].map(async (n) => await send(n)));
	const rows = await untilAll('succeeded', 5);
	expect(rows.map(({ task_id }) => task_id)).toEqual(on.sandbox.tasks.map(({ taskId }) => taskId));
	expect(rows.map(({ video_url }) => video_url)).toEqual(rows.map(() => expect.stringMatching(/^http/)));
	expect(submits()).toBe(5);
});

test('outputs each row once when its task has ended, also if it failed', async () => {
	const stored = await start();
	await send(1);
	await untilRows('the table exists', (rows) => rows.length === 1);
	await tables.insert([{ video: video(2), style: 'anime', prompt: '[fail]', status: 'queued' }]);
	await untilRows('both are done', (rows) => rows.every(({ status }) => ['succeeded', 'failed'].includes(status)));
	const ids = await executionIds(on.n8n.instance.rest, stored.id);
	const ended = await Promise.all(ids.map(async (id) => (await on.n8n.instance.execution(id)).json('Done?')));
	expect(ended.flat().map(({ id, status }) => [id, status]).sort()).toEqual([[1, 'succeeded'], [2, 'failed']]);
});

test('finds rows that were imported, and its own table among others with similar names', async () => {
	await importRows([1, 2].map((n) => ({ video: video(n), style: 'anime', status: 'queued' })));
	await tables.create(`${tableName}, old`, await queueColumns());
	await start();
	await untilAll('succeeded', 2);
	expect(await tables.rows(`${tableName}, old`)).toEqual([]);
	await tables.remove(`${tableName}, old`);
});

test('keeps its rows while the account has no credits', async () => {
	on.sandbox.faults.add({ on: 'submit', times: Infinity, fault: { type: 'code', code: 2007, message: 'no credits' } });
	await importRows([1, 2, 3].map((n) => ({ video: video(n), style: 'anime', status: 'queued' })));
	await start({ ...usual, schedule: 60 });
	await send(4);
	const rows = await untilRows('the first row says why', ([first]) => /no credits/.test(first?.note ?? ''));
	expect(rows.map(({ status }) => status)).toEqual(['queued', 'queued', 'queued', 'queued']);
	expect(submits()).toBe(1);
});

test('sends a refused row again when somebody types "queued"', async () => {
	on.sandbox.faults.add({ on: 'submit', fault: { type: 'code', code: 1403, message: 'not this one' } });
	await start();
	await send(1);
	const [refused] = await untilAll('refused', 1);
	expect(refused?.note).toContain('not this one');
	await tables.type(1, { status: 'queued' });
	await untilAll('succeeded', 1);
	expect(on.sandbox.tasks).toHaveLength(1);
});

test('never sends an uncertain row again by itself, and names its request', async () => {
	on.sandbox.faults.add({ on: 'submit', fault: { type: 'reset', when: 'afterAccept' } });
	await start();
	await send(1);
	await send(2);
	const [first] = await untilRows('the second is done', (rows) => rows[1]?.status === 'succeeded');
	expect(first).toMatchObject({ status: 'uncertain', note: expect.stringContaining(on.sandbox.tasks[0]?.requestId ?? 'a request ID') });
	expect(submits()).toBe(2);
	await tables.type(1, { status: 'queued' });
	await untilAll('succeeded', 2);
	expect(submits()).toBe(3);
});

test('sends a row that was claimed and never sent, and does not send one again that has a task', async () => {
	const sent_at = new Date(Date.now() - 60_000).toISOString();
	await importRows([{ video: video(1), style: 'anime', status: 'sending', sent_at, key: '1-0' }]);
	await start();
	await untilAll('succeeded', 1);
	expect(on.sandbox.tasks).toHaveLength(1);
	await tables.type(1, { status: 'sending', sent_at, key: '1-0' });
	await untilAll('already_submitted', 1);
	expect(submits()).toBe(1);
});

test('an empty queue runs nothing but its schedule', async () => {
	const stored = await start({ ...usual, schedule: 60 });
	await send(1);
	await untilAll('succeeded', 1);
	const count = async () => (await executionIds(on.n8n.instance.rest, stored.id)).length;
	await until('the last round is over', async () => {
		const before = await count();
		await sleep(12_000);
		return before === (await count());
	});
});

describe('files', () => {
	const videoFile = async (): Promise<{ kind: string; bytes: number; sha256: string }> => {
		const bytes = await readFile(sampleVideo);
		return { kind: 'base64', bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
	};

	/** A folder that n8n may use. */
	async function newFolder(name: string): Promise<string> {
		const folder = join(on.n8n.files, name);
		await mkdir(folder);
		return folder;
	}

	test('an uploaded file is saved, and sent from there; a URL still works', async () => {
		await start({ ...usual, folder: await newFolder('uploads') });
		const form = new FormData();
		form.set('style', 'anime');
		form.set('file', new Blob([await readFile(sampleVideo)], { type: 'video/mp4' }), 'clip.mp4');
		expect((await fetch(`${on.n8n.instance.url}/webhook/hidream-queue-file`, { method: 'POST', body: form })).status).toBe(200);
		await send(2);
		await untilAll('succeeded', 2);
		expect(on.sandbox.tasks).toMatchObject([{ style: 'anime', video: await videoFile() }, { video: { kind: 'url', url: video(2) } }]);
	});

	test('each file of a folder becomes one row, however often the folder is read', async () => {
		const folder = await newFolder('inbox');
		await copyFile(sampleVideo, join(folder, 'one.mp4'));
		const feeder = await importExample(on, 'queue-folder.json', { folder, style: 'cyberpunk' });
		for (const names of [['one.mp4'], ['one.mp4', 'two.mp4']]) {
			await copyFile(sampleVideo, join(folder, names.at(-1) ?? ''));
			expect((await on.n8n.instance.run(feeder)).status).toBe('success');
			expect((await tables.rows()).map((row) => row.video)).toEqual(names.map((name) => join(folder, name)));
		}
		await start({ ...usual, folder });
		await untilAll('succeeded', 2);
		expect(on.sandbox.tasks).toMatchObject(Array(2).fill({ video: await videoFile() }));
	});
});

test("a row in doubt gets its task ID from HiDream's call", async () => {
	const healing = await importExample(on, 'queue-callbacks.json', {});
	await on.n8n.instance.activate(healing);
	const notifyUrl = `${on.n8n.instance.url}/webhook/hidream-queue-calls/webhook?row={{ $('Claim').first().json.id }}&key={{ $('Claim').first().json.key }}`;
	on.sandbox.faults.add({ on: 'submit', fault: { type: 'reset', when: 'afterAccept' } });
	await start({ ...usual, notifyUrl });
	await send(1);
	const [row] = await untilAll('succeeded', 1);
	await on.n8n.instance.deactivate(healing);
	expect(row?.task_id).toBe(on.sandbox.tasks[0]?.taskId);
	expect(submits()).toBe(1);
});
