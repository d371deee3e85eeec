/** n8n is killed with -9 in the middle of a batch: what can be found again, and what a second run pays for. */
import type { INodeParameters } from 'n8n-workflow';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { removeFolder, temporaryFolder } from '../../harness/guard';
import type { StoredWorkflow } from '../../harness/n8n/workflow';
import { example } from '../../scripts/demo/examples';
import { crashItems, crashSettings, expectAccounted, expectPaidOnce, prepareFor, readLog, untilHalfThrough } from '../support/crash';
import type { Moment } from '../support/crash';
import { commandsOf, runAsReader } from './support/commands';
import { useN8n } from '../support/n8n';
import { byUrl, hidreamName } from '../support/workflows';

jest.setTimeout(300_000);

// The log as n8n writes it by default, and into a file besides.
const on = useN8n(crashSettings, { N8N_LOG_LEVEL: 'info', N8N_LOG_OUTPUT: 'console,file' });

/** n8n's log of this test alone, since all tests of the file share one n8n. */
let earlier = { console: 0, file: 0 };

const fileLog = async (): Promise<string> => await readFile(join(on.n8n.instance.userFolder, '.n8n', 'logs', 'n8n.log'), 'utf8');
const consoleLog = async (): Promise<string> => (await on.n8n.instance.log()).slice(earlier.console);

beforeEach(async () => {
	earlier = { console: (await on.n8n.instance.log()).length, file: (await fileLog()).length };
});

/** Runs the batch until n8n is killed in the middle of it, and starts n8n again. The log then accounts for every task. */
async function crash(moment: Moment, concurrency: number, more: INodeParameters = {}): Promise<StoredWorkflow> {
	prepareFor(moment, on.sandbox);
	const options = { concurrency, ...more };
	const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters: { ...byUrl, options } });
	const call = on.n8n.instance.callWebhook(workflow.name, { items: crashItems }).catch(() => undefined);
	await untilHalfThrough(moment, on.sandbox, concurrency);
	await on.n8n.instance.kill();
	await call;
	await on.n8n.instance.restart();
	on.sandbox.faults.clear();
	expectAccounted(on.sandbox, await consoleLog(), concurrency);
	return workflow;
}

test.each<[number, Moment]>([
	[1, 'at any moment'],
	[5, 'at any moment'],
	[5, 'while answers are outstanding'],
])('%i at once, %s: the log accounts for every task, and with a "Submit Once Key" nothing is paid twice', async (concurrency, moment) => {
	const workflow = await crash(moment, concurrency, { submitOnceKey: '={{ $json.videoUrl }}' });
	const before = on.sandbox.tasks.length;
	await on.n8n.instance.activate(workflow);
	const { execution } = await on.n8n.send(workflow, crashItems);
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	expectPaidOnce(on.sandbox, before, execution.json(hidreamName), concurrency);
});

/** A home in which the commands of the page find the log of this test. */
async function readersHome(): Promise<string> {
	const home = await temporaryFolder('reader');
	await mkdir(join(home, '.n8n', 'logs'), { recursive: true });
	await writeFile(join(home, '.n8n', 'logs', 'n8n.log'), (await fileLog()).slice(earlier.file));
	await writeFile(join(home, 'docker.log'), await consoleLog());
	return home;
}

/** Runs the example workflow on what was pasted; gives the IDs of the tasks that it got a video for. */
async function recovered(pasted: string): Promise<unknown[]> {
	const workflow = await example('recover-task-ids.json', { pasted });
	const stored = await on.n8n.instance.importWorkflow(workflow, [await on.n8n.credential(on.sandbox)]);
	const execution = await on.n8n.instance.run(stored);
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	const items = execution.json('HiDream Stylize Video');
	expect(items.filter(({ status, video_url: url }) => status !== 'succeeded' || typeof url !== 'string')).toEqual([]);
	return items.map((json) => json['task_id']);
}

test('without a key: the page finds every task in the log, and the example gets their results', async () => {
	await crash('while answers are outstanding', 5);
	const log = await consoleLog();
	const [findTasks = '', findUnanswered = ''] = await commandsOf('after-a-crash.md');
	const [inDocker = '', inFile = ''] = findTasks.split('\n');
	const home = await readersHome();
	const taskIds = await runAsReader(inDocker, home);
	const unanswered = await runAsReader(findUnanswered, home);

	const { accepted, asked } = readLog(log);
	expect(taskIds).toEqual([...accepted.values()]);
	expect(await runAsReader(inFile, home)).toEqual(taskIds);
	const open = [...asked].filter((requestId) => !accepted.has(requestId));
	expect(open).toHaveLength(5);
	expect(unanswered.map((line) => /^Submitting item \d+ to HiDream \(request_id (\S+)\)$/.exec(line)?.[1]).sort()).toEqual(open.sort());
	const found = on.sandbox.tasks.filter(({ taskId, requestId }) => taskIds.includes(taskId) || open.includes(requestId ?? ''));
	expect(found).toEqual(on.sandbox.tasks);

	expect(await recovered(taskIds.join('\n'))).toEqual(taskIds);
	expect(await recovered(log)).toEqual(taskIds);
	await removeFolder(home);
});
