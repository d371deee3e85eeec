/** The durable queue of `examples/queue.json`, in an n8n in regular mode with SQLite. */
import type { IDataObject } from 'n8n-workflow';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { StoredExecution } from '../../harness/n8n/execution';
import { executionIds } from '../../harness/n8n/execution';
import type { StoredWorkflow } from '../../harness/n8n/workflow';
import type { Fault } from '../../sandbox';
import { importExample } from '../support/examples';
import { sampleVideo } from '../support/media';
import { until, useN8n } from '../support/n8n';
import { queueColumns, startVideoQueue, tableName, Tables } from '../support/videoQueue';
import type { QueueSettings, QueueRow } from '../support/videoQueue';

jest.setTimeout(120_000);

const on = useN8n({ accountLevel: 'level1' });

let tables: Tables;
let workflow: StoredWorkflow | undefined;

beforeAll(async () => {
	tables = await Tables.of(on.n8n.instance.rest);
});

afterEach(async () => {
	if (workflow) await end(workflow);
	await tables.remove();
});

/** Unpublishes the queue and stops its rounds: they would create the table again. */
async function end(stored: StoredWorkflow): Promise<void> {
	const { instance } = on.n8n;
	const { rest } = instance;
	await instance.deactivate(stored);
	const filter = encodeURIComponent(JSON.stringify({ workflowId: stored.id, status: ['new', 'running', 'waiting'] }));
	await until('no round is left', async () => {
		const { results } = await rest.call<{ results: Array<{ id: string }> }>('GET', `/executions?filter=${filter}`);
		await Promise.allSettled(results.map(async (execution) => await rest.call('POST', `/executions/${execution.id}/stop`, {})));
		return results.length === 0;
	});
}

const usual = { schedule: 3, interrupted: 5 };

/** Publishes the queue for an account that runs three tasks at the same time. */
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

async function untilRows(what: string, condition: (rows: QueueRow[]) => boolean, between = async () => await sleep(250)): Promise<QueueRow[]> {
	for (const deadline = Date.now() + 90_000; ; await between()) {
		const rows = await tables.rows();
		if (condition(rows)) return rows;
		if (Date.now() > deadline) throw new Error(`Within 90 s it did not happen: ${what}. ${JSON.stringify(rows)}`);
	}
}

const untilAll = async (status: string, count: number): Promise<QueueRow[]> =>
	await untilRows(`${count} rows are ${status}`, (rows) => rows.length === count && rows.every((row) => row.status === status));

/** Waits until so many rounds have begun since now. */
async function untilRounds(count: number): Promise<void> {
	const times = (rows: QueueRow[]) => rows.map(({ round_at }) => round_at).join();
	for (let seen = 0, last = times(await tables.rows()); seen < count; seen += 1) {
		last = times(await untilRows('a round begins', (rows) => times(rows) !== last));
	}
}

/** Lets the schedule start a round now, although the last one waits. */
async function endWait(): Promise<void> {
	await Promise.all((await tables.rows()).map(async ({ id }) => await tables.type(id, { round_at: null })));
}

const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

/** All executions of the queue, when they have ended. */
async function rounds({ id }: StoredWorkflow): Promise<StoredExecution[]> {
	const ids = await executionIds(on.n8n.instance.rest, id);
	return await Promise.all(ids.map(async (execution) => await on.n8n.instance.execution(execution)));
}

const outputs = (executions: StoredExecution[], node: string): IDataObject[] => executions.flatMap((execution) => execution.json(node));

const queued = (n: number): IDataObject => ({ video: video(n), style: 'anime', status: 'queued' });

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
	const ended = outputs(await rounds(stored), 'Done?');
	expect(ended.map(({ id, status }) => [id, status]).sort()).toEqual([[1, 'succeeded'], [2, 'failed']]);
});

test('outputs a row once, however many rounds see at the same time that its task has ended', async () => {
	const stored = await start({ ...usual, schedule: 1 });
	await on.n8n.instance.callWebhook('hidream-queue', { video: video(1), prompt: '[never]' });
	await untilAll('processing', 1);
	on.sandbox.faults.add({ on: 'any', times: Infinity, fault: { type: 'slow', delayMs: 3_000 } });
	on.sandbox.settle(on.sandbox.tasks[0]?.taskId ?? '', 'succeeded');
	await untilRows('the row is done', ([row]) => row?.status === 'succeeded', endWait);
	const executions = await rounds(stored);
	expect(outputs(executions, 'HiDream Get Result').filter(({ status }) => status === 'succeeded').length).toBeGreaterThan(1);
	expect(outputs(executions, 'Done?')).toHaveLength(1);
});

test('finds rows that were imported, and its own table among others with similar names', async () => {
	await importRows([1, 2].map(queued));
	await tables.create(`${tableName}, old`, await queueColumns());
	await start();
	await untilAll('succeeded', 2);
	expect(await tables.rows(`${tableName}, old`)).toEqual([]);
	await tables.remove(`${tableName}, old`);
});

const hasNote = (rows: QueueRow[], id: number): boolean => (rows[id - 1]?.note ?? '') !== '';

test('keeps its rows while the account has no credits, and sends all of them when it has some', async () => {
	on.sandbox.faults.add({ on: 'submit', times: 2, fault: { type: 'code', code: 2007, message: 'no credits' } });
	await importRows([1, 2, 3].map(queued));
	await start();
	const rows = await untilRows('the first row says why', (now) => hasNote(now, 1));
	expect(rows.map(({ status }) => status)).toEqual(['queued', 'queued', 'queued']);
	expect(rows[0]?.note).toContain('no credits');
	expect(submits()).toBe(1);
	await endWait();
	await untilRows('the second row was tried', (now) => hasNote(now, 2));
	await endWait();
	await untilAll('succeeded', 3);
	expect(submits()).toBe(5);
});

test('a row that HiDream always refuses like an account does not block the others', async () => {
	const forbidden: Fault = { type: 'status', status: 403, body: '<html>Forbidden</html>' };
	on.sandbox.faults.add({ on: 'submit', fault: forbidden });
	on.sandbox.faults.add({ on: 'submit', skip: 3, times: Infinity, fault: forbidden });
	await importRows([1, 2, 3].map(queued));
	await start();
	await untilRows('the first row was tried', (rows) => hasNote(rows, 1));
	await endWait();
	await until('the others were sent, and it was tried again', () => submits() === 4);
	await untilRows('it says why', (rows) => hasNote(rows, 1));
	await endWait();
	const rows = await untilRows('the others are done', (now) => now.slice(1).every(({ status }) => status === 'succeeded'));
	expect(rows[0]).toMatchObject({ status: 'queued', note: expect.stringContaining('403') });
	expect(on.sandbox.tasks.map(({ video: sent }) => sent)).toMatchObject([{ url: video(2) }, { url: video(3) }]);
});

test('keeps the key of an interrupted row that the account cannot submit, and lets the others pass it', async () => {
	on.sandbox.faults.add({ on: 'submit', fault: { type: 'code', code: 2007, message: 'no credits' } });
	await importRows([{ ...queued(1), status: 'interrupted', key: '1-0', sent_at: minutesAgo(20) }, queued(2)]);
	await start();
	const [first] = await untilRows('it says why', (rows) => hasNote(rows, 1));
	expect(first).toMatchObject({ status: 'interrupted', key: '1-0' });
	await endWait();
	const [row] = await untilAll('succeeded', 2);
	expect(row?.key).toBe('1-0');
	expect(on.sandbox.tasks.map(({ video: sent }) => sent)).toMatchObject([{ url: video(2) }, { url: video(1) }]);
});

test('keeps its rows while the credential is deleted', async () => {
	const credential = await on.n8n.credential(on.sandbox);
	workflow = await startVideoQueue(on.n8n.instance, credential, usual);
	await on.n8n.instance.rest.call('DELETE', `/credentials/${credential.id}`);
	await send(1);
	const [row] = await untilRows('the row says why', (rows) => hasNote(rows, 1));
	expect(row).toMatchObject({ status: 'queued', note: expect.stringMatching(/credential/i) });
});

test('keeps the key of a row whose node throws, and says so', async () => {
	await importRows([queued(1)]);
	await start({ ...usual, throws: true });
	const [first] = await untilRows('the row says so', (rows) => hasNote(rows, 1));
	expect(first).toMatchObject({ status: 'sending', note: expect.stringContaining('HiDream Submit ended with an error') });
	await endWait();
	const [second] = await untilRows('it was taken again', ([row]) => row?.status === 'sending' && row.sent_at !== first?.sent_at);
	expect(second?.key).toBe(first?.key);
});

test('sends a refused row again after its status is set to queued', async () => {
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

test('sends nothing for a while after three requests without a clear response', async () => {
	await importRows([...[1, 2, 3].map((n) => ({ ...queued(n), status: 'uncertain', sent_at: minutesAgo(n) })), queued(4)]);
	await start();
	await untilRounds(2);
	expect(submits()).toBe(0);
	await Promise.all([1, 2, 3].map(async (id) => await tables.type(id, { sent_at: minutesAgo(6) })));
	await untilRows('the other one is sent', (rows) => rows[3]?.status === 'succeeded');
});

test('queries an unknown task for 30 minutes, then sets not_found', async () => {
	await importRows([29, 31].map((minutes, n) => ({ ...queued(n), status: 'submitted', task_id: `unknown-${n}`, sent_at: minutesAgo(minutes) })));
	await start();
	const rows = await untilRows('the older one is given up', ([, older]) => older?.status === 'not_found');
	expect(rows[0]?.status).toBe('submitted');
});

test('frees the parallel task of a row without a task ID, or whose status cannot be queried for 24 hours', async () => {
	on.sandbox.faults.add({ on: 'batch', times: Infinity, fault: { type: 'status', status: 500 } });
	on.sandbox.faults.add({ on: 'result', times: Infinity, fault: { type: 'status', status: 500 } });
	const row = { status: 'submitted', task_id: 'unknown' };
	await importRows([
		{ ...queued(1), ...row, task_id: '' },
		{ ...queued(2), ...row, sent_at: minutesAgo(60 * 25) },
		{ ...queued(3), ...row, sent_at: minutesAgo(60 * 23) },
	]);
	await start();
	const rows = await untilRows('the older one is given up', ([, older]) => older?.status === 'timed_out');
	expect(rows.map(({ status }) => status)).toEqual(['not_found', 'timed_out', 'submitted']);
	expect(rows[2]?.note).toContain('500');
});

test('polls a task for 24 hours, then sets timed_out', async () => {
	await importRows([1, 2].map((n) => ({ ...queued(n), prompt: '[never]' })));
	await start();
	await untilAll('processing', 2);
	await Promise.all([23, 25].map(async (hours, n) => await tables.type(n + 1, { sent_at: minutesAgo(60 * hours) })));
	const rows = await untilRows('the older one is given up', ([, older]) => older?.status === 'timed_out');
	expect(rows[0]?.status).toBe('processing');
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
		await on.n8n.instance.callWebhook('hidream-queue', { video: video(2).replace('http:', 'HTTP:') });
		await untilAll('succeeded', 2);
		expect(on.sandbox.tasks).toMatchObject([{ style: 'anime', video: await videoFile() }, { video: { kind: 'url', url: video(2) } }]);
	});

	test('a file of n8n is not sent for somebody who only knows the webhook of URLs', async () => {
		const folder = await newFolder('private');
		const path = join(folder, 'private.mp4');
		await copyFile(sampleVideo, path);
		await start({ ...usual, folder });
		expect((await on.n8n.instance.callWebhook('hidream-queue', { video: path })).status).toBe(200);
		const [row] = await untilAll('invalid', 1);
		expect(row?.video).toBe('');
		expect(submits()).toBe(0);
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

test("an unresolved row gets its task ID from HiDream's call", async () => {
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
