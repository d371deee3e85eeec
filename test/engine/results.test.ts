/** Get Result. */
import { randomUUID } from 'node:crypto';
import type { Fault, TaskOutcome as TaskEnd } from '../../sandbox';
import { asFailure, onlyFailure, wordsOf } from './support/outputs';
import { type SubmitOptions, useEngine } from './support/engine';
import { pluck, downloading, itemsOf, makeTask, makeTasks } from './support/tasks';

describe('one task', () => {
	const engine = useEngine({ taskSeconds: 100 });

	/** Runs Get Result for these IDs. */
	const ask = async (taskIds: unknown[], { parameters, ...more }: SubmitOptions = {}) =>
		await engine().submit({ parameters: { operation: 'getResult', ...parameters }, items: itemsOf(taskIds), ...more });

	const KEYS = ['failure_reason', 'progress', 'status', 'sub_task_results', 'task_id', 'video_url', 'video_urls'];

	const ENDS: [string, TaskEnd, string][] = [
		['1', 'succeeded', 'succeeded'],
		['3', 'failed', 'failed'],
	];

	test.each(ENDS)('task_status %s becomes a status, and the run continues', async (_number, end, status) => {
		const id = await makeTask(engine().sandbox);
		engine().sandbox.settle(id, end);
		const outcome = await ask([id]);
		expect(outcome.error).toBeUndefined();
		const [json = {}] = outcome.json();
		expect(Object.keys(json).sort()).toEqual(KEYS);
		expect(json).toMatchObject({ task_id: id, status, sub_task_results: [{ sub_task_id: engine().sandbox.tasks[0]?.subTaskIds[0] }] });
		const url = `${engine().sandbox.url}/media/${engine().sandbox.tasks[0]?.subTaskIds[0]}.mp4`;
		expect(json['video_url']).toBe(status === 'succeeded' ? url : null);
		expect(json['video_urls']).toEqual(status === 'succeeded' ? [url] : []);
		if (status === 'succeeded') expect(json['progress']).toBe(1);
	});

	test('a finished task, with codes as text, a numeric ID and a bare file name', async () => {
		const taskId = '1234567890123456789';
		const video = '817cd5b0-0000-4000-8000-000000000000.mp4';
		const body = `{"code":"0","result":[{"task_id":${taskId},"sub_task_results":[{"task_status":"1","video":"${video}"}]}]}`;
		engine().sandbox.faults.add({ on: 'batch', fault: { type: 'status', status: 200, body } });
		const [json, ...more] = (await ask([taskId], { parameters: { downloadVideo: true } })).json();
		expect(more).toEqual([]);
		expect(json).toMatchObject({ task_id: taskId, status: 'succeeded', video_url: null, sub_task_results: [{ video }], download_error: expect.stringContaining('no URL') as string });
	});

	test('does not wait: sends one status request for a running task', async () => {
		const outcome = await ask([await makeTask(engine().sandbox)]);
		expect(outcome.json()).toMatchObject([{ status: 'waiting' }]);
		expect(engine().batches.length + engine().singles.length).toBe(1);
	});

	test('the task ID comes from the item unless Task ID is set', async () => {
		const [first = '', second = ''] = await makeTasks(engine().sandbox, 2);
		const outcome = await ask([first], { parameters: { taskId: second } });
		expect(outcome.json()).toMatchObject([{ task_id: second }]);
	});

	test('an unknown ID is "not_found", and no failure', async () => {
		const outcome = await ask(['no-such-task']);
		expect(outcome.error).toBeUndefined();
		expect(outcome.json()).toEqual([
			{ task_id: 'no-such-task', status: 'not_found', failure_reason: null, progress: 0, video_url: null, video_urls: [], sub_task_results: [] },
		]);
	});

	describe('On Task Failure: Throw Error', () => {
		const asError: SubmitOptions = { parameters: { options: { onTaskFailure: 'error' } } };

		test.each(['failed', 'rejected'] as const)('a task that is %s ends the run, and the error names it', async (end) => {
			const [good = '', bad = ''] = await makeTasks(engine().sandbox, 2);
			engine().sandbox.settle(good, 'succeeded');
			engine().sandbox.settle(bad, end);
			const outcome = await ask([good, bad], asError);
			expect(outcome.failure.message).toContain('[item 1]');
			expect(outcome.failure).toMatchObject({ context: { itemIndex: 1 } });
			expect(outcome.words).toContain(bad);
			expect(outcome.words).toContain('costs credits again');
			expect(outcome.words).toMatch(end === 'failed' ? /congestion/ : /content review/);
		});

		test('running and unknown tasks are not failures', async () => {
			const outcome = await ask([await makeTask(engine().sandbox), 'no-such-task'], asError);
			expect(outcome.error).toBeUndefined();
			expect(outcome.json()).toMatchObject([{ status: 'waiting' }, { status: 'not_found' }]);
		});

		test('goes to the error output alone, with its task ID', async () => {
			const [good = '', bad = ''] = await makeTasks(engine().sandbox, 2);
			engine().sandbox.settle(good, 'succeeded');
			engine().sandbox.settle(bad, 'rejected');
			const outcome = await ask([good, bad], { ...asError, onError: 'continueErrorOutput' });
			expect(outcome.json()).toMatchObject([{ task_id: good, status: 'succeeded' }]);
			const failed = onlyFailure(outcome);
			expect(failed.details).toMatchObject({ status: 'task_rejected', task_id: bad });
			expect(wordsOf(failed)).toContain(bad);
			expect(outcome.items('Failed')).toMatchObject([{ json: { from: { n: 1 } } }]);
		});
	});

	const INVALID: [string, unknown][] = [
		['no ID', ''],
		['an object', { task_id: 'x' }],
	];

	describe.each(INVALID)('%s as the Task ID of the second of three items', (_name, value) => {
		test('stops the run before any request', async () => {
			const [first, third] = await makeTasks(engine().sandbox, 2);
			const outcome = await ask([first, value, third]);
			expect(outcome.words).toContain('Task ID');
			expect(outcome.failure.message).toContain('[item 1]');
			expect(engine().batches.length + engine().singles.length).toBe(0);
		});

		test('fails only this item under "Continue"', async () => {
			const [first, third] = await makeTasks(engine().sandbox, 2);
			const outcome = await ask([first, value, third], { onError: 'continueRegularOutput' });
			const [one, two, three] = outcome.json();
			expect([one?.['task_id'], three?.['task_id']]).toEqual([first, third]);
			expect(asFailure(two).details).toEqual({ status: 'invalid', scope: 'item', code: null, request_id: null, task_id: null });
			expect(asFailure(two).message).toContain('Task ID');
		});
	});

	test('an item that names a task is never `invalid`, whatever else is wrong with it: its video must not be submitted again', async () => {
		const wrong = [
			{ parameters: { options: { maxDownloadSize: 'large' } } },
			{ parameters: { options: { onTaskFailure: 'maybe' } } },
			{ credential: engine().account({ baseUrl: 'nowhere' }) },
		];
		for (const more of wrong) {
			const [failure] = (await engine().submit(downloading(['task-1'], { ...more, onError: 'continueErrorOutput' }))).failures();
			expect(asFailure(failure).details).toMatchObject({ status: 'query_failed', task_id: 'task-1' });
		}
		const [empty] = (await engine().submit(downloading([''], { onError: 'continueErrorOutput' }))).failures();
		expect(asFailure(empty).details).toMatchObject({ status: 'invalid', task_id: null });
	});
});

describe('many tasks', () => {
	const engine = useEngine({ taskSeconds: 10_000 });

	const ask = async (taskIds: unknown[], more: SubmitOptions = {}) =>
		await engine().submit({ parameters: { operation: 'getResult' }, items: itemsOf(taskIds), ...more });

	/** Tasks of which every third has succeeded and every fifth has failed, with the expected results. */
	async function manyTasks(count = 149) {
		const ids = await makeTasks(engine().sandbox, count);
		const statuses = ids.map((id, n) => {
			const end = n % 3 === 0 ? 'succeeded' : n % 5 === 0 ? 'failed' : undefined;
			if (end) engine().sandbox.settle(id, end);
			return end ?? 'waiting';
		});
		return { ids, statuses };
	}

	test('sends two status requests for 150 tasks; outputs keep the order and pairing of the inputs', async () => {
		const { ids, statuses } = await manyTasks(150);
		const outcome = await ask(ids);
		expect(pluck(outcome.json(), 'task_id')).toEqual(ids);
		expect(pluck(outcome.json(), 'status')).toEqual(statuses);
		expect(outcome.items('Done').map(({ json }) => json['from'])).toEqual(itemsOf(ids).map(({ json }) => json));
		expect(engine().batches.map(({ status }) => status)).toEqual([200, 200]);
		expect(engine().singles).toEqual([]);
	});

	describe.each(['omit', 'empty', 'refuse'] as const)('a service whose batch query does this about an unknown ID: %s', (unknownInBatch) => {
		const odd = useEngine({ taskSeconds: 10_000, unknownInBatch });

		test('an unknown ID among 150 does not affect the others, and is "not_found"', async () => {
			const good = await makeTasks(odd().sandbox, 149);
			good.forEach((id, n) => n % 2 === 0 && odd().sandbox.settle(id, 'succeeded'));
			const bad = randomUUID();
			const ids = [...good.slice(0, 120), bad, ...good.slice(120)];
			const outcome = await odd().submit({ parameters: { operation: 'getResult' }, items: itemsOf(ids) });
			expect(outcome.error).toBeUndefined();
			expect(pluck(outcome.json(), 'task_id')).toEqual(ids);
			const statusOf = (id: string) => (id === bad ? 'not_found' : good.indexOf(id) % 2 === 0 ? 'succeeded' : 'waiting');
			expect(pluck(outcome.json(), 'status')).toEqual(ids.map(statusOf));
			expect(odd().batches).toHaveLength(2);
			// If a whole chunk is refused, each task is queried separately; otherwise only the unknown ID is.
			if (unknownInBatch === 'refuse') expect([...odd().singles].sort()).toEqual(ids.slice(100).sort());
			else expect(odd().singles).toEqual([bad]);
		});
	});

	describe('a service whose batch responses do not name the tasks', () => {
		const nameless = useEngine({ taskSeconds: 10_000, batchTaskIds: false });

		test('requests each task separately and does not guess by the order', async () => {
			const ids = await makeTasks(nameless().sandbox, 3);
			nameless().sandbox.settle(ids[0] ?? '', 'succeeded');
			nameless().sandbox.settle(ids[1] ?? '', 'rejected');
			const outcome = await nameless().submit({ parameters: { operation: 'getResult' }, items: itemsOf(ids) });
			expect(pluck(outcome.json(), 'task_id')).toEqual(ids);
			expect(pluck(outcome.json(), 'status')).toEqual(['succeeded', 'rejected', 'waiting']);
			expect([...nameless().singles].sort()).toEqual([...ids].sort());
		});
	});

	test.each([
		['HTTP 404', { type: 'status', status: 404 }],
		['a page instead of JSON', { type: 'notJson' }],
		['HTTP 500', { type: 'status', status: 500 }],
	] satisfies [string, Fault][])('a batch query that always returns %s: uses the single query instead', async (_name, fault) => {
		engine().sandbox.faults.add({ on: 'batch', times: Infinity, fault });
		const { ids, statuses } = await manyTasks(7);
		const outcome = await ask(ids);
		expect(outcome.error).toBeUndefined();
		expect(pluck(outcome.json(), 'status')).toEqual(statuses);
		expect(new Set(engine().singles)).toEqual(new Set(ids));
	});

	test.each([
		['HTTP 500', { type: 'status', status: 500 }],
		['HTTP 401', { type: 'status', status: 401 }],
		['HTTP 403', { type: 'status', status: 403 }],
		['HTTP 502 with a page', { type: 'status', status: 502, body: '<html></html>' }],
		['half a response', { type: 'truncated', cut: 'connection' }],
		['a reset', { type: 'reset', when: 'before' }],
		['a page instead of JSON', { type: 'notJson' }],
	] satisfies [string, Fault][])('a service that always responds with %s: the items fail, and are not "not_found"', async (_name, fault) => {
		const ids = await makeTasks(engine().sandbox, 3);
		engine().sandbox.faults.add({ on: 'any', times: Infinity, fault });
		const outcome = await ask(ids, { onError: 'continueErrorOutput' });
		expect(outcome.items()).toEqual([]);
		const failures = outcome.failures().map(asFailure);
		expect(failures.map(({ details }) => [details.status, details.task_id])).toEqual(ids.map((id) => ['query_failed', id]));
		for (const failed of failures) expect(wordsOf(failed)).toContain('Run Get Result again with this task ID. Do not submit the video again');
		expect(outcome.items('Failed').map(({ json }) => json['from'])).toEqual(itemsOf(ids).map(({ json }) => json));
		expect(outcome.everything).not.toContain(engine().sandbox.accessToken);
		expect(engine().batches.length + engine().singles.length).toBeLessThan(20);
	});

	test('the same fault without "Continue" ends the run and names the item', async () => {
		const id = await makeTask(engine().sandbox);
		engine().sandbox.faults.add({ on: 'any', times: Infinity, fault: { type: 'status', status: 500 } });
		const outcome = await ask([id]);
		expect(outcome.failure.message).toContain('[item 0]');
		expect(outcome.words).toMatch(/500/);
	});

	test('queries each account only for its own tasks', async () => {
		const { sandbox } = engine();
		const { accessToken } = sandbox.addAccount();
		const accounts = [sandbox, { url: sandbox.url, accessToken }, sandbox];
		const ids = await Promise.all(accounts.map(async (account) => await makeTask(account)));
		const items = accounts.map((account, n) => ({ json: { task_id: ids[n], token: account.accessToken } }));
		const outcome = await ask([], { items, credential: engine().account({ accessToken: '={{ $json.token }}' }) });
		expect(pluck(outcome.json(), 'task_id')).toEqual(ids);
		expect(pluck(outcome.json(), 'status')).toEqual(['waiting', 'waiting', 'waiting']);
		expect([engine().batches.length, engine().singles]).toEqual([2, []]);
	});

	test('150 items with one ID: one status request, one output each', async () => {
		const id = await makeTask(engine().sandbox);
		engine().sandbox.settle(id, 'succeeded');
		const outcome = await ask(Array.from({ length: 150 }, () => id));
		expect(pluck(outcome.json(), 'status')).toEqual(Array.from({ length: 150 }, () => 'succeeded'));
		expect(engine().batches.length + engine().singles.length).toBe(1);
		expect(engine().batches[0]?.bodyBytes ?? 0).toBeLessThan(100);
	});

	test('Get Result renews a refused token within the run', async () => {
		const credential = engine().n8n.credentials.add(engine().keyAccount());
		const submitted = await engine().submit({ credential });
		engine().sandbox.expireTokens();
		const outcome = await ask(pluck(submitted.json(), 'task_id'), { credential });
		expect(outcome.json()).toMatchObject([{ task_id: engine().taskIds[0], status: 'waiting' }]);
		expect(engine().batches.map(({ status }) => status)).toEqual([401, 200]);
		expect(engine().singles).toEqual([]);
	});

	test('as a tool of an agent, returns the status of the task', async () => {
		const id = await makeTask(engine().sandbox);
		engine().sandbox.settle(id, 'succeeded');
		const parameters = { operation: 'getResult', taskId: id };
		const outcome = await engine().submit({ parameters, toolCalls: [{}] });
		expect(outcome.items('Agent').map(({ json }) => json)).toMatchObject([{ task_id: id, status: 'succeeded' }]);
	});
});
