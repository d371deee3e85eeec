/** An execution that is suspended until HiDream's callback. Restarts are in `kill.test.ts`. */
import { expectAllHeard } from '../support/callbacks';
import { useN8n } from '../support/n8n';
import { expectOutputs, suspendedRun } from '../support/suspended';
import { callBack } from '../support/triggerWorkflow';

jest.setTimeout(120_000);

// Tasks only end when a test settles them.
const on = useN8n({ taskSeconds: 3_600 });

const settleAll = (): void => on.sandbox.tasks.forEach(({ taskId }) => on.sandbox.settle(taskId, 'succeeded'));

test('three concurrent callbacks resume the execution once, with all results', async () => {
	const id = await suspendedRun(on, 3);
	settleAll();
	expectOutputs(on, await on.n8n.instance.execution(id), 'succeeded');
	await expectAllHeard(on.sandbox);
});

test('n8n passes on the 503 to a forged callback, and resumes for a genuine one', async () => {
	const id = await suspendedRun(on, 1);
	const [task] = on.sandbox.tasks;
	expect(await callBack(task?.notifyUrl ?? '', { main_task_id: task?.taskId, sub_task_results: [{ task_status: 1, video: 'https://evil.example/x.mp4' }] })).toBe(503);
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
