/** A worker is killed with -9 while a large file goes out of n8n's database, where queue mode keeps files. */
import type { IDataObject } from 'n8n-workflow';

import { removeFolder, temporaryFolder } from '../../harness/guard';
import type { StoredWorkflow } from '../../harness/n8n/workflow';
import { byFileWithKey, expectCutOff, expectPaid, largeVideo, slowDown, untilUnderWay } from '../support/upload';
import { useOpened } from '../support/n8n';
import { hidreamName } from '../support/workflows';
import { lostSooner, TestQueue } from './support/queue';

jest.setTimeout(400_000);

let folder: string;
let filePath: string;

beforeAll(async () => {
	folder = await temporaryFolder('videos');
	filePath = await largeVideo(folder);
});
afterAll(async () => await removeFolder(folder));

const on = useOpened(async () => await TestQueue.open({ ...lostSooner, N8N_RESTRICT_FILE_ACCESS_TO: folder }), {});

const newWorkflow = async (): Promise<StoredWorkflow> =>
	await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters: byFileWithKey, readFile: true });

/** Sends the file through the workflow; gives what comes out. */
async function sent(workflow: StoredWorkflow, key?: string): Promise<IDataObject[]> {
	const execution = await on.n8n.instance.execution(await on.n8n.start(workflow, [{ filePath, key }]));
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	return execution.json(hidreamName);
}

/** The same, but the worker dies while the file goes out. Gives what starts the worker again and sees the run end. */
async function crash(workflow: StoredWorkflow, key?: string): Promise<() => Promise<void>> {
	slowDown(on.sandbox);
	const lost = await on.n8n.start(workflow, [{ filePath, key }]);
	await untilUnderWay(on.sandbox);
	const { worker, log } = await on.n8n.endWorkerOf(lost);
	await expectCutOff(on.sandbox, log);
	return async () => {
		await worker.start();
		expect(['error', 'crashed']).toContain((await on.n8n.instance.execution(lost, 200_000)).status);
	};
}

test('there is no task, the log tells the request, and running it again on another worker pays once', async () => {
	const workflow = await newWorkflow();
	const startAgain = await crash(workflow);
	expectPaid(on.sandbox, await sent(workflow));
	await startAgain();
	expect(on.sandbox.tasks).toHaveLength(1);
});

test('with a "Submit Once Key": run again, it says that the key was claimed and pays nothing; with another key it pays once', async () => {
	const workflow = await newWorkflow();
	const startAgain = await crash(workflow, 'first');
	expect(await sent(workflow, 'first')).toMatchObject([{ status: 'already_submitted', task_id: null }]);
	expect(on.sandbox.tasks).toEqual([]);
	expectPaid(on.sandbox, await sent(workflow, 'second'));
	await startAgain();
	expect(on.sandbox.tasks).toHaveLength(1);
});
