import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { StoredWorkflow, WorkflowJson } from '../../../harness/n8n/workflow';
import { withCredentials } from '../../../harness/n8n/workflow';
import type { Value } from '../../../scripts/demo/examples';
import { example } from '../../../scripts/demo/examples';
import { resultVideo, sampleVideo } from '../../support/media';
import type { N8nContext } from '../../support/n8n';
import { until } from '../../support/n8n';

interface Folders {
	inbox: string;
	outbox: string;
}

let counter = 0;

async function folders(on: N8nContext, ...videos: string[]): Promise<Folders> {
	counter += 1;
	const [inbox, outbox] = ['inbox', 'outbox'].map((name) => join(on.n8n.files, `batch-${counter}`, name)) as [string, string];
	await mkdir(inbox, { recursive: true });
	await mkdir(outbox);
	await Promise.all(videos.map(async (name) => await copyFile(sampleVideo, join(inbox, name))));
	return { inbox, outbox };
}

/** The example for these folders; its schedule runs every two seconds. */
export async function folderWorkflow(on: N8nContext, values: Record<string, Value>): Promise<StoredWorkflow> {
	const workflow: WorkflowJson = await example('folder-on-a-schedule.json', values);
	const schedule = workflow.nodes.find(({ type }) => type.endsWith('.scheduleTrigger'));
	if (schedule) schedule.parameters = { rule: { interval: [{ field: 'seconds', secondsInterval: 2 }] } };
	const credential = await on.n8n.credential(on.sandbox);
	return await on.n8n.instance.importWorkflow(withCredentials(workflow, [credential]));
}

const record = async (outbox: string, video: string): Promise<unknown> =>
	JSON.parse(await readFile(join(outbox, `${video}.json`), 'utf8').catch(() => 'null'));

/** Waits until the schedule has triggered this many more times. */
async function rounds(outbox: string, count: number): Promise<void> {
	const seen = new Set<string>();
	await until(`${count} rounds`, async () => {
		seen.add(await readFile(join(outbox, 'last-round.txt'), 'utf8').catch(() => ''));
		return seen.size > count + 1;
	});
}

/** Waits until the workflow has recorded this status of a video. */
export const untilRecorded = (outbox: string, video: string, status: string) =>
	until(`${video} is ${status}`, async () => {
		const found = (await record(outbox, video).catch(() => null)) as { status?: string } | null;
		return found?.status === status;
	});

/** The folder batch: the content of the folders, and the number of paid tasks. */
export function folderTests(on: N8nContext): void {
	test('pays for each video once and saves it in the other folder, however often the schedule triggers', async () => {
		const { inbox, outbox } = await folders(on, 'dance.mp4', '雨 夜 [1].mov');
		await writeFile(join(inbox, 'notes.txt'), 'no video');
		const workflow = await folderWorkflow(on, { inbox, outbox });
		await on.n8n.instance.activate(workflow);
		await untilRecorded(outbox, 'dance.mp4', 'succeeded');
		await untilRecorded(outbox, '雨 夜 [1].mov', 'succeeded');
		await copyFile(sampleVideo, join(inbox, 'late.mp4'));
		await untilRecorded(outbox, 'late.mp4', 'succeeded');
		await rounds(outbox, 3);
		await on.n8n.instance.deactivate(workflow);
		expect(on.sandbox.tasks).toHaveLength(3);
		const videos = (await readdir(outbox)).filter((name) => name.endsWith('.mp4'));
		expect(videos.sort()).toEqual(['dance.mp4', 'late.mp4', '雨 夜 [1].mov.mp4']);
		for (const name of videos) expect((await readFile(join(outbox, name))).equals(await resultVideo())).toBe(true);
		const sha256 = createHash('sha256').update(await readFile(sampleVideo)).digest('hex');
		expect(on.sandbox.tasks.map(({ video }) => video)).toMatchObject(videos.map(() => ({ kind: 'base64', sha256 })));
	});

	test('two concurrent rounds pay for each video once', async () => {
		const { inbox, outbox } = await folders(on, 'one.mp4', 'two.mp4');
		const workflow = await folderWorkflow(on, { inbox, outbox });
		on.sandbox.faults.add({ on: 'submit', times: Infinity, fault: { type: 'slow', delayMs: 1_500 } });
		const both = await Promise.all([on.n8n.instance.run(workflow), on.n8n.instance.run(workflow)]);
		expect(both.map(({ status }) => status)).toEqual(['success', 'success']);
		expect(on.sandbox.tasks).toHaveLength(2);
		const submits = both.flatMap((execution) => execution.json('HiDream Submit').map(({ status }) => status));
		expect(submits.sort()).toEqual(['already_submitted', 'already_submitted', 'submitted', 'submitted']);
		expect((await on.n8n.instance.run(workflow)).status).toBe('success');
		expect((await readdir(outbox)).sort()).toEqual(['last-round.txt', 'one.mp4', 'one.mp4.json', 'two.mp4', 'two.mp4.json']);
	});

	test('records a failed task and does not pay for it again', async () => {
		const { inbox, outbox } = await folders(on, 'dance.mp4');
		const workflow = await folderWorkflow(on, { inbox, outbox, prompt: '[fail]' });
		await on.n8n.instance.activate(workflow);
		await untilRecorded(outbox, 'dance.mp4', 'failed');
		await rounds(outbox, 2);
		await on.n8n.instance.deactivate(workflow);
		expect(await record(outbox, 'dance.mp4')).toEqual({ fileName: 'dance.mp4', task_id: on.sandbox.tasks[0]?.taskId, status: 'failed' });
		expect(on.sandbox.tasks).toHaveLength(1);
	});

	test('an empty folder is no error; a missing folder for the results is one, before anything is paid', async () => {
		const empty = await folders(on);
		expect((await on.n8n.instance.run(await folderWorkflow(on, { ...empty }))).status).toBe('success');
		const { inbox } = await folders(on, 'dance.mp4');
		const execution = await on.n8n.instance.run(await folderWorkflow(on, { inbox, outbox: join(inbox, 'nowhere') }));
		expect(execution.status).toBe('error');
		expect(execution.runs('Is the outbox there?')).toHaveLength(1);
		expect(on.sandbox.requests.filter(({ method }) => method === 'POST')).toEqual([]);
	});
}
