import { useN8n } from '../support/n8n';
import { byUrl, failedName, hidreamName, videoItem } from '../support/workflows';

jest.setTimeout(180_000);

const on = useN8n();

const threeVideos = [1, 2, 3].map((number) => videoItem(number));
const prompts = (): Array<string | null> => on.sandbox.tasks.map(({ prompt }) => prompt);

/** The second submit is refused for good, once. */
function refuseTheSecond(): void {
	on.sandbox.faults.add({ on: 'submit', skip: 1, fault: { type: 'code', code: 1403, message: 'forbidden content' } });
}

test('a wrong token ends the run with what to do, and leaves no trace of the token', async () => {
	const accessToken = 'sk-wrong-token-4711-deadbeef';
	const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox, { accessToken }), { parameters: byUrl });
	const sent = await on.n8n.send(workflow, [videoItem(1)]);

	expect(sent.execution.status).toBe('error');
	const told = `${sent.execution.error?.message ?? ''} ${sent.execution.error?.description ?? ''}`;
	expect(told).toMatch(/token/i);
	expect(told).toMatch(/credential/i);
	expect(on.sandbox.tasks).toHaveLength(0);
	await on.n8n.expectNoTrace(accessToken, sent);
});

test('without "continue on fail" the error names the accepted tasks and how many were not tried', async () => {
	const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters: byUrl });
	refuseTheSecond();
	const { execution } = await on.n8n.send(workflow, threeVideos);

	expect(execution.status).toBe('error');
	expect(on.sandbox.tasks).toHaveLength(1);
	expect(execution.error?.message).toContain(on.sandbox.tasks[0]?.taskId);
	expect(execution.error?.message).toMatch(/1 (item|video)/);
});

test('under "Continue" a failed item says why, and the others go through', async () => {
	const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), {
		parameters: byUrl,
		settings: { onError: 'continueRegularOutput' },
	});
	refuseTheSecond();
	const { execution } = await on.n8n.send(workflow, threeVideos);

	expect(execution.status).toBe('success');
	const [first, second, third] = execution.json(hidreamName);
	expect(prompts()).toEqual(['video 1', 'video 3']);
	expect([first?.['task_id'], third?.['task_id']]).toEqual(on.sandbox.tasks.map(({ taskId }) => taskId));
	expect(Object.keys(second ?? {}).sort()).toEqual(['details', 'error', 'message']);
	expect(second?.['details']).toMatchObject({ status: 'refused', code: 1403, task_id: null });
});

test('under "Continue (using error output)" a failed item takes the error output and keeps its details', async () => {
	const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), {
		parameters: byUrl,
		settings: { onError: 'continueErrorOutput' },
	});
	refuseTheSecond();
	const { execution } = await on.n8n.send(workflow, threeVideos);

	expect(execution.status).toBe('success');
	expect(execution.json(hidreamName, 0).map(({ status }) => status)).toEqual(['submitted', 'submitted']);
	const [failed] = execution.items(failedName);
	expect(execution.items(failedName)).toHaveLength(1);
	expect(failed?.json['details']).toMatchObject({ status: 'refused', code: 1403 });
	expect(failed?.pairedItem).toBeDefined();
});

test.each([
	['stop', {}],
	['continue', { onError: 'continueRegularOutput' as const }],
	['error output', { onError: 'continueErrorOutput' as const }],
])('Retry On Fail (%s) submits what was refused again, and nothing twice', async (_name, settings) => {
	const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), {
		parameters: byUrl,
		settings: { retryOnFail: true, maxTries: 3, waitBetweenTries: 100, ...settings },
	});
	on.sandbox.faults.add({ on: 'submit', fault: { type: 'code', code: 1403 } });
	const { execution } = await on.n8n.send(workflow, threeVideos);

	expect(execution.status).toBe('success');
	expect(prompts().sort()).toEqual(['video 1', 'video 2', 'video 3']);
	const ids = execution.json(hidreamName).map(({ task_id }) => task_id);
	const promptOf = new Map(on.sandbox.tasks.map(({ taskId, prompt }) => [taskId, prompt]));
	expect(ids.map((id) => promptOf.get(String(id)))).toEqual(['video 1', 'video 2', 'video 3']);
});

test('Retry On Fail after the second of three was refused keeps the first task', async () => {
	const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), {
		parameters: byUrl,
		settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 100 },
	});
	refuseTheSecond();
	const { execution } = await on.n8n.send(workflow, threeVideos);

	expect(execution.status).toBe('success');
	expect(prompts()).toEqual(['video 1', 'video 2', 'video 3']);
	expect(execution.json(hidreamName).map(({ task_id }) => task_id)).toEqual(on.sandbox.tasks.map(({ taskId }) => taskId));
	const submits = on.sandbox.requests.filter(({ method }) => method === 'POST');
	expect(submits).toHaveLength(4);
});

test('a user\'s Retry of the failed run pays for no accepted video again', async () => {
	const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox), { parameters: byUrl });
	refuseTheSecond();
	const { execution: failed } = await on.n8n.send(workflow, threeVideos);
	expect(failed.status).toBe('error');
	await on.n8n.instance.rest.call('POST', `/executions/${failed.id}/retry`, { loadWorkflow: false });
	const retried = await on.n8n.instance.newestExecution(workflow);

	expect(retried.id).not.toBe(failed.id);
	expect([retried.error, retried.status]).toEqual([undefined, 'success']);
	expect(prompts()).toEqual(['video 1', 'video 2', 'video 3']);
	expect(retried.json(hidreamName).map(({ task_id }) => task_id)).toEqual(on.sandbox.tasks.map(({ taskId }) => taskId));
});
