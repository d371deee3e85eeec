/** Checks before an execution is suspended: a wait that cannot work costs nothing. */
import { Socket } from 'node:net';
import type { INodeParameters } from 'n8n-workflow';
import { StylizeVideo } from '../../nodes/StylizeVideo/StylizeVideo.node';
import type { Fault } from '../../sandbox';
import { untilTrue } from '../support/untilTrue';
import { asFailure } from './support/outputs';
import { speedUp, type SubmitOptions, useEngine } from './support/engine';
import { waitingByCallback, makePrompts, suspend, useWebhooks } from './support/waiting';
import { pluck } from './support/tasks';

// The first status request follows after ten seconds.
speedUp(10);

describe('before and after the submit', () => {
	const webhooks = useWebhooks();
	const engine = useEngine({ taskSeconds: 1000 });
	const refusal: Fault = { type: 'code', code: 1403, message: 'forbidden' };

	test.each([
		['the account level', { accountLevel: 'level1' }],
		['a custom level', { accountLevel: 'custom', parallelTasks: 3 }],
	])('more items than %s allows at the same time are refused before anything is sent', async (_name, limits) => {
		const options = { ...waitingByCallback(makePrompts(4), {}, { limits }), waitingUrl: webhooks().url };
		const outcome = await engine().submit(options);
		expect(outcome.words).toMatch(/\b3\b/);
		expect(outcome.words).toMatch(/poll/i);
		expect(outcome.words).toMatch(/loop/i);
		expect(engine().sandbox.requests).toEqual([]);
		const few = await suspend(engine(), webhooks(), { ...options, items: options.items?.slice(0, 3) });
		expect(few.waits).toBe(true);
		expect(engine().taskIds).toHaveLength(3);
	});

	test('a suspended execution keeps no parallel task from other executions', async () => {
		const options = waitingByCallback(['a'], {}, { limits: { parallelTasks: 1 } });
		await suspend(engine(), webhooks(), options);
		await suspend(engine(), webhooks(), options);
		expect(engine().taskIds).toHaveLength(2);
	});

	test("n8n's engine v2 cannot suspend: refused before anything is sent", async () => {
		const outcome = await engine().submit({ ...waitingByCallback(['a']), settings: { engineType: 'v2' }, waitingUrl: webhooks().url });
		expect(outcome.words).toMatch(/engine/i);
		expect(engine().sandbox.requests).toEqual([]);
	});

	test('HiDream cannot call n8n on this machine: refused before a connection is made', async () => {
		const connect = jest.spyOn(Socket.prototype, 'connect');
		const credential = engine().account({ baseUrl: 'https://www.hidreamai.com' });
		const outcome = await engine().submit({ ...waitingByCallback(['a'], {}, { credential }), waitingUrl: 'http://localhost:5678/webhook-waiting' });
		expect(outcome.words).toContain('WEBHOOK_URL');
		expect(connect).not.toHaveBeenCalled();
		connect.mockRestore();
	});

	test('On Task Failure: Throw Error needs an error output, since a callback cannot fail a suspended run: refused before anything is sent', async () => {
		const outcome = await engine().submit({ ...waitingByCallback(['a'], { onTaskFailure: 'error' }), waitingUrl: webhooks().url });
		expect(outcome.words).toContain('On Task Failure');
		expect(engine().sandbox.requests).toEqual([]);
	});

	test('the resume URL is not replaced by a Notify URL', async () => {
		const notifyUrl = 'https://n8n.example.com/webhook/other';
		const execution = await engine().start({ ...waitingByCallback(['a'], { notifyUrl }), waitingUrl: webhooks().url });
		await execution.outcome();
		expect(engine().sandbox.tasks.map((task) => task.notifyUrl)).not.toContain(notifyUrl);
	});

	test('a failed submit ends the run without suspending it, and names the accepted task', async () => {
		engine().sandbox.faults.add({ on: 'submit', skip: 1, fault: refusal });
		const outcome = await engine().submit({ ...waitingByCallback(makePrompts(3), { concurrency: 1 }), waitingUrl: webhooks().url });
		expect(outcome.run.waitTill).toBeUndefined();
		expect(outcome.failure.message).toContain('[item 1]');
		expect(outcome.failure.message).toContain(engine().taskIds[0]);
		expect(engine().submits).toHaveLength(2);
	});

	test('Retry On Fail: the next attempt submits the missing items, is suspended with all and resumes with all', async () => {
		engine().sandbox.faults.add({ on: 'submit', skip: 1, fault: refusal });
		const suspended = await suspend(engine(), webhooks(), waitingByCallback(makePrompts(3), { concurrency: 1 }, { retryOnFail: true, maxTries: 2 }));
		expect(engine().sandbox.tasks.map(({ prompt }) => prompt)).toEqual(makePrompts(3));
		for (const id of engine().taskIds) engine().sandbox.settle(id, 'succeeded');
		const outcome = await (await suspended.resumed()).outcome();
		expect(pluck(outcome.json(), 'task_id')).toEqual(engine().taskIds);
		expect(pluck(outcome.json(), 'status')).toEqual(['succeeded', 'succeeded', 'succeeded']);
	});

	test('Retry On Fail with "Continue": n8n runs the suspended node again if the first item has failed, and nothing more is paid for', async () => {
		const { parameters, ...more } = waitingByCallback(['a', 'b', 'c'], {}, { retryOnFail: true, maxTries: 3, onError: 'continueRegularOutput' });
		// The first item would be valid in the second run, whose input is the output of the first one.
		const style = '={{ $json.n === 0 ? "oil" : "anime" }}';
		const execute = jest.spyOn(StylizeVideo.prototype, 'execute');
		const suspended = await suspend(engine(), webhooks(), { ...more, parameters: { ...parameters, style } });
		expect(execute).toHaveBeenCalledTimes(3);
		execute.mockRestore();
		expect(engine().sandbox.tasks.map(({ prompt }) => prompt)).toEqual(['b', 'c']);
		expect(engine().submits).toHaveLength(2);
		for (const id of engine().taskIds) engine().sandbox.settle(id, 'succeeded');
		const outcome = await (await suspended.resumed()).outcome();
		expect(asFailure(outcome.json()[0])).toMatchObject({ error: expect.stringContaining('"oil"') as string, details: { status: 'invalid' } });
		expect(pluck(outcome.json().slice(1), 'task_id')).toEqual(engine().taskIds);
		expect(pluck(outcome.json().slice(1), 'status')).toEqual(['succeeded', 'succeeded']);
	});

	test.each<[string, Fault[], INodeParameters, string]>([
		['accepted', [refusal, refusal], {}, 'code 1403'],
		['valid', [], { style: 'oil' }, '"Style"'],
	])('does not suspend the execution if no item is %s', async (_name, faults, parameters, reason) => {
		for (const fault of faults) engine().sandbox.faults.add({ on: 'submit', times: 1, fault });
		const outcome = await engine().submit({ ...waitingByCallback(makePrompts(2), {}, { onError: 'continueErrorOutput', parameters }), waitingUrl: webhooks().url });
		expect(outcome.run.waitTill).toBeUndefined();
		const reasons = outcome.failures().map((failure) => asFailure(failure).error);
		expect(reasons).toEqual([expect.stringContaining(reason), expect.stringContaining(reason)]);
		expect(engine().submits).toHaveLength(faults.length);
	});

	test('stores no secret while the execution is suspended', async () => {
		const execution = await engine().start({ ...waitingByCallback(['a'], {}, { credential: engine().keyAccount() }), waitingUrl: webhooks().url });
		await webhooks().suspend(execution);
		const token = String(engine().submits[0]?.headers['authorization']).replace('Bearer ', '');
		expect(token).toMatch(/^sk-/);
		const { everything } = await execution.outcome();
		expect(everything).not.toContain(token);
		expect(everything).not.toContain(engine().sandbox.apiKey);
	});
});

describe('obstacles', () => {
	const webhooks = useWebhooks();
	const engine = useEngine({ taskSeconds: 1000 });

	const waitFor = (more: SubmitOptions, options: INodeParameters = {}): SubmitOptions => ({
		...waitingByCallback(['a', 'b'], options),
		waitingUrl: webhooks().url,
		...more,
	});

	const withToken = (accessToken: string) => {
		const { accessToken: token } = engine().sandbox;
		return {
			credential: engine().account({ accessToken }),
			items: [0, 1].map((n) => ({ json: { n, prompt: String(n), token } })),
		};
	};

	/** The items name their Base URL, which is part of an account. */
	const twoAccounts = () => {
		const { url, accessToken } = engine().sandbox;
		return {
			credential: { ...engine().account({ accessToken }), baseUrl: '={{ $json.baseUrl }}' },
			items: [url, url.replace('127.0.0.1', 'localhost')].map((baseUrl, n) => ({ json: { n, prompt: String(n), baseUrl } })),
		};
	};

	const OBSTACLES: Array<[string, () => SubmitOptions, string[]]> = [
		['a trigger that responds with the last node', () => waitFor({ respond: 'lastNode' }), ['"Source" responds to its caller', 'Respond']],
		['an execution that n8n does not save', () => waitFor({ unsaved: true }), ['no callback can resume it', 'MCP Server Trigger']],
		['a workflow timeout shorter than Max Wait', () => waitFor({ settings: { executionTimeout: 600 } }), ['times out in 10 min', 'Max Wait (Minutes)']],
		['a timeout of the instance', () => waitFor({ timeoutAt: Date.now() + 30_000 }, { maxWait: 1 }), ['times out in 1 min', 'EXECUTIONS_TIMEOUT_MAX']],
		['a token from the item', () => waitFor(withToken('={{ $json.token }}')), ['credential has an expression', '$vars']],
		['a token from another node\'s first item', () => waitFor(withToken('={{ $("Source").first().json.token }}')), ['credential has an expression', '$vars']],
		['items of two accounts', () => waitFor(twoAccounts()), ['different HiDream accounts', 'one credential']],
		['WEBHOOK_URL without a scheme', () => ({ ...waitFor({ waitingUrl: 'n8n.example.com/webhook-waiting' }), items: [{}], parameters: { operation: 'submitAndWait', waitFor: 'callback' } }), ['no URL to resume', 'WEBHOOK_URL', 'https://']],
	];

	test.each(OBSTACLES)('%s', async (_, options, words) => {
		const outcome = await engine().submit(options());
		for (const part of words) expect(outcome.words).toContain(part);
		expect(engine().submits).toEqual([]);
	});

	test.each<[string, () => SubmitOptions]>([
		['a trigger that responds with a response node', () => waitFor({ respond: 'responseNode' })],
		['no timeout', () => waitFor({ settings: { executionTimeout: -1 } })],
		['a timeout longer than Max Wait', () => waitFor({ settings: { executionTimeout: 3660 } })],
	])('%s is no obstacle', async (_, options) => {
		await suspend(engine(), webhooks(), options());
		expect(engine().taskIds).toHaveLength(2);
	});

	test("a trigger that responds with the last node is no obstacle for a user's Retry: no caller waits", async () => {
		const refused = await engine().start(waitFor({ respond: 'lastNode' }));
		expect((await refused.outcome()).failure.message).toContain('responds to its caller');
		await webhooks().suspend(await refused.retry());
		expect(engine().taskIds).toHaveLength(2);
	});

	test('finds the trigger in front of the agent for a tool', async () => {
		const parameters = { operation: 'submitAndWait', waitFor: 'callback' };
		const outcome = await engine().submit({ parameters, toolCalls: [{}], respond: 'lastNode', waitingUrl: webhooks().url });
		expect(JSON.stringify(outcome.items('Agent'))).toContain('responds to its caller');
		expect(engine().submits).toEqual([]);
	});

	describe('WEBHOOK_URL without a scheme', () => {
		const waitingUrl = 'n8n.example.com/webhook-waiting';

		test('a submit with fixed values works, and Retry On Fail does not pay twice', async () => {
			engine().sandbox.faults.add({ on: 'submit', times: 1, fault: { type: 'acceptThenStatus', status: 502 } });
			const outcome = await engine().submit({ waitingUrl, retryOnFail: true });
			expect(outcome.failure.message).not.toContain('Invalid URL');
			expect(engine().taskIds).toHaveLength(1);
			expect(pluck((await engine().submit({ waitingUrl })).json(), 'status')).toEqual(['submitted']);
		});

		test('an expression says which variable is wrong', async () => {
			const outcome = await engine().submit({ waitingUrl, parameters: { videoUrl: '={{ $json.url }}' } });
			expect(outcome.failure.message).toContain('"Video URL" cannot be evaluated: Invalid URL');
			expect(outcome.words).toContain('WEBHOOK_URL');
			expect(engine().submits).toEqual([]);
		});
	});

	test.each(['?x=y', '&signature=other', '/', '%20', '#a'])('accepts a callback to the resume URL with %s appended', async (appended) => {
		await suspend(engine(), webhooks(), waitFor({}));
		const url = `${engine().sandbox.tasks[0]?.notifyUrl}${appended}`;
		expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(200);
		expect(webhooks().delivered).toHaveLength(1);
	});

	test('under "Continue", an obstacle fails each item', async () => {
		const outcome = await engine().submit(waitFor({ respond: 'lastNode', onError: 'continueErrorOutput' }));
		expect(outcome.json()).toEqual([]);
		const failures = outcome.failures().map(asFailure);
		expect(failures.map(({ details }) => details.status)).toEqual(['invalid', 'invalid']);
		expect(failures[0]?.error).toContain('"Source" responds to its caller');
		expect(engine().submits).toEqual([]);
	});

	test('ends the wait before n8n cancels the execution, so that the task IDs are output', async () => {
		const { waitTill } = await suspend(engine(), webhooks(), waitFor({ settings: { executionTimeout: 3_600 } }, { maxWait: 60 }));
		expect(waitTill.getTime()).toBeLessThanOrEqual(Date.now() + 0.95 * 3_600_000);
	});
});

describe('Retry by the user', () => {
	const webhooks = useWebhooks();
	const engine = useEngine({ taskSeconds: 1000 });

	test('waits by polling, submits the missing items and pays for nothing twice', async () => {
		engine().sandbox.faults.add({ on: 'submit', skip: 1, fault: { type: 'code', code: 1403 } });
		const failed = await engine().start({ ...waitingByCallback(makePrompts(3), { concurrency: 1 }), waitingUrl: webhooks().url });
		expect((await failed.outcome()).failure.message).toContain(String(engine().taskIds[0]));

		const retried = await failed.retry();
		await untilTrue(() => engine().batches.length > 0);
		for (const id of engine().taskIds) engine().sandbox.settle(id, 'succeeded');
		const outcome = await retried.outcome();
		expect(outcome.run.waitTill).toBeUndefined();
		expect(engine().sandbox.tasks.map(({ prompt }) => prompt)).toEqual(makePrompts(3));
		expect(pluck(outcome.json(), 'task_id')).toEqual(engine().taskIds);
		expect(pluck(outcome.json(), 'status')).toEqual(['succeeded', 'succeeded', 'succeeded']);
	});

	test('is suspended if HiDream refused all items of the failed run', async () => {
		engine().sandbox.faults.add({ on: 'submit', times: 1, fault: { type: 'code', code: 1403 } });
		const failed = await engine().start({ ...waitingByCallback(['a']), waitingUrl: webhooks().url });
		expect((await failed.outcome()).failure.message).toContain('1403');
		const suspended = await webhooks().suspend(await failed.retry());
		expect(engine().taskIds).toHaveLength(1);
		engine().sandbox.settle(String(engine().taskIds[0]), 'succeeded');
		expect(pluck((await (await suspended.resumed()).outcome()).json(), 'status')).toEqual(['succeeded']);
	});
});
