/** Many concurrent callbacks for a suspended execution. */
import type { IHttpRequestOptions } from 'n8n-workflow';
import { SuspendedExecution, tasksAre, tasksIn } from '../../support/webhookFunctions';

const ids = Array.from({ length: 2_000 }, (_, n) => `task-${n}`);

const callAll = async (suspended: SuspendedExecution, service: (request: IHttpRequestOptions) => Promise<{ statusCode: number; body: string }>) =>
	await Promise.all(ids.map(async (id) => await suspended.call({ body: { main_task_id: id }, service })));

test('2,000 concurrent callbacks share two rounds of batch requests, and the execution resumes', async () => {
	const suspended = new SuspendedExecution(ids);
	const heard = await callAll(suspended, tasksAre(1));
	expect(new Set(heard.map(({ status }) => status))).toEqual(new Set([200]));
	expect(suspended.statusRequests.length).toBeLessThanOrEqual(40);
	expect(suspended.reads).toBeLessThanOrEqual(2);
	const resumed = heard.flatMap(({ result }) => result.workflowData ?? []);
	expect(resumed.length).toBeGreaterThan(0);
	for (const items of resumed) expect(items.map(({ json }) => json['task_id'])).toEqual(ids);
});

test('does not request the status of an ended task again', async () => {
	const suspended = new SuspendedExecution(['a', 'b']);
	const ended = new Set(['a']);
	const service = async ({ body }: IHttpRequestOptions) => {
		const result = tasksIn(body).map((id) => ({
			task_id: id,
			sub_task_results: [{ task_status: ended.has(id) ? 3 : 2 }],
		}));
		return { statusCode: 200, body: JSON.stringify({ code: 0, result }) };
	};
	expect(await suspended.call({ body: { main_task_id: 'a' }, service })).toMatchObject({ status: 200 });
	expect(await suspended.call({ body: { main_task_id: 'b' }, service })).toMatchObject({ status: 503 });
	ended.add('b');
	const { result } = await suspended.call({ body: { main_task_id: 'b' }, service });
	expect(result.workflowData?.[0]?.map(({ json }) => json['status'])).toEqual(['failed', 'failed']);
	expect(suspended.statusRequests.map(({ body }) => tasksIn(body))).toEqual([['a', 'b'], ['b'], ['b']]);
});

test('asks for another callback while a task of the execution cannot be queried: its own callback may be lost', async () => {
	const suspended = new SuspendedExecution(['a', 'b']);
	const service = async (request: IHttpRequestOptions) =>
		request.url.endsWith('/batch') ? await tasksAre(3)({ ...request, body: '{"task_id_list":["a"]}' }) : { statusCode: 500, body: '' };
	expect(await suspended.call({ body: { main_task_id: 'a' }, service })).toMatchObject({ status: 503 });
	const { result } = await suspended.call({ body: { main_task_id: 'a' }, service: tasksAre(3) });
	expect(result.workflowData?.[0]?.map(({ json }) => json['task_id'])).toEqual(['a', 'b']);
});

test('responds with 503 in time to a round that hangs, and does not block the next one', async () => {
	jest.useFakeTimers();
	try {
		const suspended = new SuspendedExecution(['a']);
		const hangs = async () => await new Promise<never>(() => undefined);
		const first = suspended.call({ body: { main_task_id: 'a' }, service: hangs });
		await jest.advanceTimersByTimeAsync(4_500);
		expect((await first).status).toBe(503);
		const { result } = await suspended.call({ body: { main_task_id: 'a' }, service: tasksAre(1) });
		expect(result.workflowData).toHaveLength(1);
	} finally {
		jest.useRealTimers();
	}
});

test('responds with 503 in time to a callback that arrives while another round hangs', async () => {
	jest.useFakeTimers();
	try {
		const suspended = new SuspendedExecution(['a', 'b']);
		const call = async (id: string) => await suspended.call({ body: { main_task_id: id }, service: async () => await new Promise<never>(() => undefined) });
		const statuses: number[] = [];
		void call('a').then(({ status }) => statuses.push(status));
		await jest.advanceTimersByTimeAsync(2_000);
		void call('b').then(({ status }) => statuses.push(status));
		await jest.advanceTimersByTimeAsync(4_900);
		expect(statuses).toEqual([503, 503]);
	} finally {
		jest.useRealTimers();
	}
});
