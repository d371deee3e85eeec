/** n8n is killed with -9 and started again: nothing is lost, and nothing is paid twice. */
import type { INodeParameters } from 'n8n-workflow';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { says } from '../../harness/chatModel';
import { removeFolder, temporaryFolder } from '../../harness/guard';
import type { StoredWorkflow } from '../../harness/n8n/workflow';
import type { Sandbox } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import { callsTool, expectAgentSaid, suspendedAgent, withAgent } from '../support/agent';
import { agentName } from '../support/agentWorkflow';
import { crashItems, crashSettings, expectAccounted, expectPaidOnce, prepareFor, readLog, untilHalfThrough } from '../support/crash';
import type { Moment } from '../support/crash';
import { importExample } from '../support/examples';
import { resultVideo } from '../support/media';
import type { N8nContext } from '../support/n8n';
import { useOwnN8n } from '../support/n8n';
import { expectOutputs, suspendedRun } from '../support/suspended';
import { activeTrigger, callBack, expectStarted } from '../support/triggerWorkflow';
import { byFileWithKey, expectCutOff, expectPaid, largeVideo, slowDown, untilUnderWay } from '../support/upload';
import { byUrl, hidreamName, videoItem } from '../support/workflows';
import { commandsOf, runAsReader } from './support/commands';

jest.setTimeout(240_000);

// n8n's log in its default format, and also in a file. In the other recovery mode, n8n takes a suspended agent
// for a crashed one when it starts.
const env = { N8N_LOG_LEVEL: 'info', N8N_LOG_OUTPUT: 'console,file', N8N_EVENTBUS_RECOVERY_MODE: 'simple' };
const on = withAgent(useOwnN8n(crashSettings, env));

/** n8n's log of this test alone: all tests of the file share one n8n. */
let earlier = { console: 0, file: 0 };

const fileLog = async (): Promise<string> => await readFile(join(on.n8n.instance.userFolder, '.n8n', 'logs', 'n8n.log'), 'utf8');
const consoleLog = async (): Promise<string> => (await on.n8n.instance.log()).slice(earlier.console);

beforeEach(async () => {
	earlier = { console: (await on.n8n.instance.log()).length, file: (await fileLog()).length };
});

/** One restart is expensive, so these share one kill. Each has its own fake HiDream server, and returns its check. */
describe('after a restart', () => {
	const sandboxes: Sandbox[] = [];
	afterEach(async () => await Promise.all(sandboxes.splice(0).map(async (sandbox) => await sandbox.close())));

	async function context(): Promise<N8nContext> {
		const sandbox = await startSandbox({ ...crashSettings, taskSeconds: 3_600 });
		sandboxes.push(sandbox);
		return { n8n: on.n8n, sandbox };
	}

	const finish = ({ tasks, settle }: Sandbox): void => settle(tasks[0]?.taskId ?? '', 'succeeded');

	/** A suspended execution resumes with its video. */
	async function execution(): Promise<() => Promise<void>> {
		const own = await context();
		const id = await suspendedRun(own, 1, { downloadVideo: true, outputBinaryPropertyName: 'video' });
		return async () => {
			finish(own.sandbox);
			const ended = await on.n8n.instance.execution(id);
			expectOutputs(own, ended, 'succeeded');
			const [item] = ended.items(hidreamName);
			expect(item?.binary?.['video']).toMatchObject({ mimeType: 'video/mp4' });
			expect((await on.n8n.download(item?.binary?.['video'])).equals(await resultVideo())).toBe(true);
		};
	}

	/** A suspended agent resumes and names its video. */
	async function agent(): Promise<() => Promise<void>> {
		const video = { video_url: 'https://example.com/cat.mp4', style: 'anime', prompt: '[never]' };
		on.model.converse(callsTool(video), says((responses) => `The tool said: ${responses.join(' and ')}`));
		const { id } = await suspendedAgent(on);
		expect(on.model.requests).toHaveLength(1);
		return async () => {
			finish(on.sandbox);
			const ended = await on.n8n.instance.execution(id);
			expectAgentSaid(ended, on.sandbox, 1);
			expect(ended.json(agentName)[0]?.['output']).toContain(`${on.sandbox.tasks[0]?.subTaskIds[0]}.mp4`);
		};
	}

	/** The trigger does not start the workflow again for a task that has already started it. */
	async function trigger(): Promise<() => Promise<void>> {
		const own = await context();
		const { workflow, url } = await activeTrigger(own);
		const submitting = await on.n8n.workflow(await on.n8n.credential(own.sandbox), { parameters: byUrl });
		await on.n8n.send(submitting, [videoItem(1)]);
		finish(own.sandbox);
		const body = { main_task_id: own.sandbox.tasks[0]?.taskId, sub_task_results: [] };
		expect(await callBack(url, body)).toBe(200);
		await expectStarted(own, workflow, 1);
		return async () => {
			expect(await callBack(url, body)).toBe(200);
			await expectStarted(own, workflow, 1);
		};
	}

	test('a suspended execution, a suspended agent and the trigger\'s memory survive kill -9', async () => {
		const checks = [await execution(), await agent(), await trigger()];
		await on.n8n.instance.kill();
		await on.n8n.instance.restart();
		for (const check of checks) await check();
	});
});

test('an interrupted upload has no task, the log names the request, and a second run pays once', async () => {
	const filePath = await largeVideo(on.n8n.files);
	const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters: byFileWithKey, readFile: true });
	slowDown(on.sandbox);
	const call = on.n8n.instance.callWebhook(workflow.name, { items: [{ filePath }] }).catch(() => undefined);
	await untilUnderWay(on.sandbox);
	await on.n8n.instance.kill();
	await call;
	await expectCutOff(on.sandbox, await consoleLog());

	await on.n8n.instance.restart();
	await on.n8n.instance.activate(workflow);
	const { execution } = await on.n8n.send(workflow, [{ filePath }]);
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	expectPaid(on.sandbox, execution.json(hidreamName));
});

describe('a batch of twenty videos', () => {
	/** Runs the batch until n8n is killed in the middle of it, and starts n8n again. */
	async function crash(moment: Moment, concurrency: number): Promise<StoredWorkflow> {
		prepareFor(moment, on.sandbox);
		const parameters: INodeParameters = { ...byUrl, options: { concurrency, idempotencyKey: '={{ $json.videoUrl }}' } };
		const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters, settings: { onError: 'continueRegularOutput' } });
		const call = on.n8n.instance.callWebhook(workflow.name, { items: crashItems }).catch(() => undefined);
		await untilHalfThrough(moment, on.sandbox, concurrency);
		await on.n8n.instance.kill();
		await call;
		await on.n8n.instance.restart();
		on.sandbox.faults.clear();
		return workflow;
	}

	/** Runs the batch again, and asserts that no video is paid twice. */
	async function expectSecondRunPaysOnce(workflow: StoredWorkflow, concurrency: number): Promise<void> {
		const before = on.sandbox.tasks.length;
		await on.n8n.instance.activate(workflow);
		const { execution } = await on.n8n.send(workflow, crashItems);
		expect([execution.error, execution.status]).toEqual([undefined, 'success']);
		expectPaidOnce(on.sandbox, before, execution.json(hidreamName), concurrency);
	}

	test.each([1, 5])('killed at any time, %i concurrently: the log names every task, and with an "Idempotency Key" a second run pays for no video twice', async (concurrency) => {
		const workflow = await crash('at any moment', concurrency);
		expectAccounted(on.sandbox, await consoleLog(), concurrency);
		await expectSecondRunPaysOnce(workflow, concurrency);
	});

	/** A home in which the commands of the page find the log of this test. */
	async function readersHome(): Promise<string> {
		const home = await temporaryFolder('reader');
		await mkdir(join(home, '.n8n', 'logs'), { recursive: true });
		await writeFile(join(home, '.n8n', 'logs', 'n8n.log'), (await fileLog()).slice(earlier.file));
		await writeFile(join(home, 'docker.log'), await consoleLog());
		return home;
	}

	/** Runs the example workflow on pasted text; returns the IDs of the tasks with a video. */
	async function recovered(pasted: string): Promise<unknown[]> {
		const execution = await on.n8n.instance.run(await importExample(on, 'recover-task-ids.json', { pasted }));
		expect([execution.error, execution.status]).toEqual([undefined, 'success']);
		const items = execution.json('HiDream Stylize Video');
		expect(items.filter(({ status, video_url: url }) => status !== 'succeeded' || typeof url !== 'string')).toEqual([]);
		return items.map((json) => json['task_id']);
	}

	test('killed with responses outstanding: the commands of docs/recover-after-a-crash.md find every task, and the example gets the results', async () => {
		const concurrency = 5;
		const workflow = await crash('while responses are outstanding', concurrency);
		const log = await consoleLog();
		expectAccounted(on.sandbox, log, concurrency);
		const [findTasks = '', findUnanswered = ''] = await commandsOf('recover-after-a-crash.md');
		const [inDocker = '', inFile = ''] = findTasks.split('\n');
		const home = await readersHome();
		const taskIds = await runAsReader(inDocker, home);
		const unanswered = await runAsReader(findUnanswered, home);

		const { accepted, sent } = readLog(log);
		expect(taskIds).toEqual([...accepted.values()]);
		expect(await runAsReader(inFile, home)).toEqual(taskIds);
		const open = [...sent].filter((requestId) => !accepted.has(requestId));
		expect(open).toHaveLength(concurrency);
		expect(unanswered.map((line) => /^Submitting item \d+ to HiDream \(request_id (\S+)\)$/.exec(line)?.[1]).sort()).toEqual(open.sort());
		const found = on.sandbox.tasks.filter(({ taskId, requestId }) => taskIds.includes(taskId) || open.includes(requestId ?? ''));
		expect(found).toEqual(on.sandbox.tasks);

		expect(await recovered(taskIds.join('\n'))).toEqual(taskIds);
		expect(await recovered(log)).toEqual(taskIds);
		await removeFolder(home);
		await expectSecondRunPaysOnce(workflow, concurrency);
	});
});
