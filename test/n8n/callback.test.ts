/** An execution that is suspended until HiDream's callback. Restarts are in `kill.test.ts`. */
import { request } from 'undici';

import { executionSuspended } from '../../harness/n8n/execution';
import { expectAllHeard } from '../support/callbacks';
import { useN8n } from '../support/n8n';
import { expectOutputs, suspendedRun } from '../support/suspended';

jest.setTimeout(120_000);

// Tasks only end when a test settles them.
const on = useN8n({ taskSeconds: 3_600 });

const settleAll = (): void => on.sandbox.tasks.forEach(({ taskId }) => on.sandbox.settle(taskId, 'succeeded'));

test('three concurrent callbacks are accepted, and resume the execution once with all results', async () => {
	const id = await suspendedRun(on, 3);
	settleAll();
	expectOutputs(on, await on.n8n.instance.execution(id), 'succeeded');
	await expectAllHeard(on.sandbox);
});

test('a forged callback does not resume the execution; a genuine one does', async () => {
	const id = await suspendedRun(on, 2);
	const notifyUrl = on.sandbox.tasks[0]?.notifyUrl ?? '';
	const forge = async (body: unknown) => {
		const response = await request(notifyUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
		await response.body.dump();
		return response.statusCode;
	};
	const lie = { sub_task_results: [{ task_status: 1, video: 'https://evil.example/x.mp4' }] };
	expect(await forge({ main_task_id: on.sandbox.tasks[0]?.taskId, ...lie })).toBe(503);
	expect(await forge({ main_task_id: 'no-such-task', ...lie })).toBe(200);
	await executionSuspended(on.n8n.instance.rest, id);
	settleAll();
	const execution = await on.n8n.instance.execution(id);
	expectOutputs(on, execution, 'succeeded');
	expect(execution.raw).not.toContain('evil.example');
});

test('n8n resumes the execution when "Max Wait" is over: the output has the task IDs', async () => {
	const id = await suspendedRun(on, 2, { options: { maxWait: 0.1 } });
	const execution = await on.n8n.instance.execution(id);
	expectOutputs(on, execution, 'timed_out');
});
