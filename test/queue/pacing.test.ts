/** Two workers use one account and do not know of each other. */
import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';

import type { Execution } from '../../harness/n8n/execution';
import { DEFAULT_SETTINGS } from '../../sandbox';
import { byUrl, hidreamName, videoItem } from '../support/workflows';
import { useQueue } from './support/queue';

jest.setTimeout(600_000);

/** What the account may do: HiDream's minute, with more in it than HiDream gives, so that the test is short. */
const account = { tasksPerMinute: 12, parallelTasks: 6 };
const settings = {
	tasksPerMinute: account.tasksPerMinute,
	parallelTasks: { ...DEFAULT_SETTINGS.parallelTasks, level4: account.parallelTasks },
	taskSeconds: 2,
};

// One execution at a time for each worker: of two executions, each worker runs one.
const on = useQueue(settings, { N8N_CONCURRENCY_PRODUCTION_LIMIT: '1' });

const each = 8;
// The stand-in's code for too many tasks at once: nobody knows HiDream's, so the user has to name it.
const options = { pollInterval: 2, concurrency: 3, retryCodes: '1402' };
const parameters: INodeParameters = { ...byUrl, operation: 'submitAndWait', options };

/** Both workers run a batch at the same time, with these limits in the credential; gives what each worker wrote meanwhile. */
async function runTwo(limits: ICredentialDataDecryptedObject): Promise<string[]> {
	const { instance } = on.n8n;
	const credential = await on.n8n.credential(on.sandbox, { accountLevel: 'custom', ...limits });
	const workflows = [await on.n8n.workflow(credential, { parameters }), await on.n8n.workflow(credential, { parameters })];
	const earlier = await Promise.all(instance.workers.map(async (worker) => (await worker.log()).length));
	const videos = (first: number) => Array.from({ length: each }, (_, i) => videoItem(first + i));
	const ids = await Promise.all(workflows.map(async (workflow, i) => await on.n8n.start(workflow, videos(1 + i * each))));
	const executions = await Promise.all(ids.map(async (id) => await instance.execution(id, 400_000)));
	expectAllDone(executions);
	return await Promise.all(instance.workers.map(async (worker, i) => (await worker.log()).slice(earlier[i])));
}

/** Every video is one task, and came out done, in its place. */
function expectAllDone(executions: Execution[]): void {
	expect(executions.map(({ error, status }) => [error, status])).toEqual(executions.map(() => [undefined, 'success']));
	const items = executions.flatMap((execution) => execution.json(hidreamName));
	expect(items.map(({ prompt, status }) => [prompt, status])).toEqual(items.map((_, i) => [`video ${i + 1}`, 'succeeded']));
	expect(items.map((item) => item['task_id']).sort()).toEqual(on.sandbox.tasks.map(({ taskId }) => taskId).sort());
	expect(on.sandbox.tasks).toHaveLength(2 * each);
}

const acceptedIn = (log: string): number => [...log.matchAll(/HiDream accepted task /g)].length;
const submits = (): number => on.sandbox.requests.filter(({ endpoint }) => endpoint === 'submit').length;

test('limits divided by the number of workers, as the page says: HiDream refuses nothing', async () => {
	const logs = await runTwo({ tasksPerMinute: account.tasksPerMinute / 2, parallelTasks: account.parallelTasks / 2 });
	expect(logs.map(acceptedIn)).toEqual([each, each]);
	expect(submits()).toBe(2 * each);
});

test('limits that nobody divided: what HiDream refuses is waited out, nothing is lost, nothing is paid twice', async () => {
	const logs = await runTwo(account);
	expect(logs.map(acceptedIn)).toEqual([each, each]);
	expect(submits()).toBeGreaterThan(2 * each);
	expect(logs.join('\n')).toContain('is retried in');
});
