/** What n8n does with a failed item: the error, the error output, and the Retry of an execution. */
import { useN8n } from '../support/n8n';
import { byUrl, failedName, hidreamName, videoItem } from '../support/workflows';

jest.setTimeout(120_000);

const on = useN8n();

const threeVideos = [1, 2, 3].map((number) => videoItem(number));
const prompts = (): Array<string | null> => on.sandbox.tasks.map(({ prompt }) => prompt);

/** HiDream refuses the second submit, once. */
function refuseTheSecond(): void {
	on.sandbox.faults.add({ on: 'submit', skip: 1, fault: { type: 'code', code: 1403, message: 'forbidden content' } });
}

test('"Continue (using error output)" sends the failed item to the error output, with its details', async () => {
	const settings = { onError: 'continueErrorOutput' as const };
	const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters: byUrl, settings });
	refuseTheSecond();
	const { execution } = await on.n8n.send(workflow, threeVideos);

	expect(execution.status).toBe('success');
	expect(execution.json(hidreamName, 0).map(({ status }) => status)).toEqual(['submitted', 'submitted']);
	const [failed, ...more] = execution.items(failedName);
	expect(more).toEqual([]);
	expect(failed?.json['details']).toMatchObject({ status: 'refused', code: 1403, task_id: null });
	expect(failed?.pairedItem).toBeDefined();
});

test('the Retry of a failed execution pays for no accepted video again', async () => {
	const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters: byUrl });
	refuseTheSecond();
	const { execution: failed } = await on.n8n.send(workflow, threeVideos);
	expect(failed.status).toBe('error');
	expect(failed.error?.message).toContain(on.sandbox.tasks[0]?.taskId);
	await on.n8n.instance.rest.call('POST', `/executions/${failed.id}/retry`, { loadWorkflow: false });
	const retried = await on.n8n.instance.newestExecution(workflow);

	expect(retried.id).not.toBe(failed.id);
	expect([retried.error, retried.status]).toEqual([undefined, 'success']);
	expect(prompts()).toEqual(['video 1', 'video 2', 'video 3']);
	expect(retried.json(hidreamName).map(({ task_id }) => task_id)).toEqual(on.sandbox.tasks.map(({ taskId }) => taskId));
});
