/** n8n in queue mode: two workers that share one account, and long suspensions that survive a restart. */
import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';

import { says } from '../../harness/chatModel';
import type { StoredExecution } from '../../harness/n8n/execution';
import type { Sandbox } from '../../sandbox';
import { DEFAULT_SETTINGS } from '../../sandbox';
import { callsTool, withAgent } from '../support/agent';
import { agentName, byModel } from '../support/agentWorkflow';
import { expectAllHeard } from '../support/callbacks';
import { allowsTools, until } from '../support/n8n';
import { byUrl, hidreamName, videoItem } from '../support/workflows';
import { useQueue } from './support/queue';
import { requestsTo, settleAll } from './support/tasks';

jest.setTimeout(400_000);

const queue = useQueue({
	...allowsTools,
	// In its default mode n8n marks a suspended agent as crashed when it starts.
	N8N_EVENTBUS_RECOVERY_MODE: 'simple',
	// The example has a manual trigger: by default n8n runs such executions in main.
	OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
});

describe('two workers with one account', () => {
	/** More tasks per minute than HiDream allows, so that the test is short. */
	const account = { tasksPerMinute: 12, parallelTasks: 6 };
	const on = queue({
		tasksPerMinute: account.tasksPerMinute,
		parallelTasks: { ...DEFAULT_SETTINGS.parallelTasks, level4: account.parallelTasks },
		taskSeconds: 2,
	});

	const each = 8;
	const parameters: INodeParameters = { ...byUrl, operation: 'submitAndWait', options: { pollInterval: 2, concurrency: 6 } };

	/** Runs a batch on each worker concurrently with these limits in the credential; returns each worker's log of it. */
	async function runTwo(sandbox: Sandbox, limits: ICredentialDataDecryptedObject): Promise<string[]> {
		const { instance } = on.n8n;
		// The fake server's code for too many parallel tasks. HiDream's own code is unknown, so users have to set it.
		const credential = await on.n8n.credential(sandbox, { accountLevel: 'custom', retryCodes: '1402', ...limits });
		const workflows = [await on.n8n.workflow(credential, { parameters }), await on.n8n.workflow(credential, { parameters })];
		const earlier = await Promise.all(instance.workers.map(async (worker) => (await worker.log()).length));
		const videos = (first: number) => Array.from({ length: each }, (_, i) => videoItem(first + i));
		const ids = await Promise.all(workflows.map(async (workflow, i) => await on.n8n.start(workflow, videos(1 + i * each))));
		expectAllDone(sandbox, await Promise.all(ids.map(async (id) => await instance.execution(id, 200_000))));
		return await Promise.all(instance.workers.map(async (worker, i) => (await worker.log()).slice(earlier[i])));
	}

	/** Asserts that each video is one task and that each item has its result. */
	function expectAllDone({ tasks }: Sandbox, executions: StoredExecution[]): void {
		expect(executions.map(({ error, status }) => [error, status])).toEqual(executions.map(() => [undefined, 'success']));
		const items = executions.flatMap((execution) => execution.json(hidreamName));
		expect(items.map(({ prompt, status }) => [prompt, status])).toEqual(items.map((_, i) => [`video ${i + 1}`, 'succeeded']));
		expect(items.map((item) => item['task_id']).sort()).toEqual(tasks.map(({ taskId }) => taskId).sort());
		expect(tasks).toHaveLength(2 * each);
	}

	const acceptedIn = (log: string): number => [...log.matchAll(/HiDream accepted task /g)].length;

	test('limits divided by the number of workers, as the docs say: HiDream refuses nothing', async () => {
		const logs = await runTwo(on.sandbox, { tasksPerMinute: account.tasksPerMinute / 2, parallelTasks: account.parallelTasks / 2 });
		expect(logs.map(acceptedIn)).toEqual([each, each]);
		expect(requestsTo(on.sandbox, 'submit')).toBe(2 * each);
	});

	test('a limit that is not divided: the node retries what HiDream refuses, loses nothing and pays nothing twice', async () => {
		const unlimitedRate = await on.anotherSandbox({ tasksPerMinute: 0 });
		const logs = await runTwo(unlimitedRate, { tasksPerMinute: 0, parallelTasks: account.parallelTasks });
		expect(logs.map(acceptedIn)).toEqual([each, each]);
		expect(requestsTo(unlimitedRate, 'submit')).toBeGreaterThan(2 * each);
		expect(logs.join('\n')).toContain('is retried in');
	});
});

describe('main and all workers are killed with -9 and start again', () => {
	// Tasks only end when a test settles them.
	const on = queue({ taskSeconds: 3_600 });
	const agent = withAgent(on);

	/** Starts an agent; returns the execution's ID as soon as the tool waits for the callback. */
	async function suspendedAgent(): Promise<string> {
		const video = { video_url: 'https://example.com/cat.mp4', style: 'anime', prompt: '' };
		agent.model.converse(callsTool(video), says((responses) => `The tool said: ${responses.join(' and ')}`));
		const parameters: INodeParameters = { ...byModel, operation: 'submitAndWait', waitFor: 'callback' };
		const id = await on.n8n.call(await agent.workflow({ parameters, suspends: true }), { ask: 'Restyle my video, please.' });
		await until('the task is submitted', () => on.sandbox.tasks.length === 1);
		await on.n8n.untilSuspended(id);
		return id;
	}

	test('an agent continues with its video, which is submitted once', async () => {
		const { instance } = on.n8n;
		const agentId = await suspendedAgent();

		await Promise.all([instance, ...instance.workers].map(async (each) => await each.kill()));
		expect(await instance.executionStatus(agentId)).toBe('waiting');
		await instance.startMissing();

		settleAll(on.sandbox);
		await expectAllHeard(on.sandbox);
		const execution = await instance.execution(agentId);
		expect([execution.error, execution.status]).toEqual([undefined, 'success']);
		expect(on.sandbox.tasks).toHaveLength(1);
		const said = String(execution.json(agentName)[0]?.['output']);
		for (const word of [on.sandbox.tasks[0]?.taskId ?? 'no task', 'succeeded', '.mp4']) expect(said).toContain(word);
		expect(JSON.stringify(agent.model.requests)).not.toContain(on.sandbox.accessToken);
	});
});
