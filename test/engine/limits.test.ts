/** Account limits, and the options for them. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { IDataObject } from 'n8n-workflow';
import { useDeduplicator } from '../../harness/engine/deduplicator';
import type { Fault } from '../../sandbox';
import { asFailure } from './support/outputs';
import { type SubmitOptions, useEngine } from './support/engine';
import { pluck } from './support/tasks';
import { makePrompts, waiting } from './support/waiting';

describe('When Limit Reached: Return Item Unsent', () => {
	const engine = useEngine({ taskSeconds: 0.1 });

	/** Items with a number, a URL and a prompt, which do not wait for a slot. */
	const returning = (count: number, { parameters, ...more }: SubmitOptions = {}): SubmitOptions => ({
		items: makePrompts(count).map((prompt, n) => ({ json: { n, prompt } })),
		...more,
		parameters: { prompt: '={{ $json.prompt }}', ...parameters, options: { whenLimitReached: 'return', ...(parameters?.['options'] as IDataObject) } },
	});

	const KEYS = ['prompt', 'request_id', 'retry_after', 'status', 'style', 'sub_task_ids', 'task_id'];

	/** The status of an item that was not submitted; throws unless it matches the contract. */
	function expectNotSubmitted(json: IDataObject | undefined, prompt: string): void {
		expect(Object.keys(json ?? {}).sort()).toEqual(KEYS);
		expect(json).toMatchObject({ task_id: null, sub_task_ids: [], request_id: null, status: 'not_submitted', style: 'anime', prompt });
		expect(json?.['retry_after']).toBeGreaterThan(0);
		expect(json?.['retry_after']).toBeLessThanOrEqual(60);
	}

	test('two tasks per minute and five items: submits two and returns three immediately', async () => {
		const outcome = await engine().submit(returning(5, { credential: engine().account({ tasksPerMinute: 2 }) }));
		expect(outcome.error).toBeUndefined();
		expect(pluck(outcome.json(), 'status')).toEqual(['submitted', 'submitted', 'not_submitted', 'not_submitted', 'not_submitted']);
		outcome.json().slice(2).forEach((json, n) => expectNotSubmitted(json, `prompt ${n + 2}`));
		expect(engine().submits).toHaveLength(2);
		expect(outcome.items('Done').map(({ json }) => json['from'])).toMatchObject([0, 1, 2, 3, 4].map((n) => ({ n })));
	});

	test('does not move returned items to the error output', async () => {
		const credential = engine().account({ tasksPerMinute: 1 });
		const outcome = await engine().submit(returning(2, { credential, onError: 'continueErrorOutput' }));
		expect(pluck(outcome.json(), 'status')).toEqual(['submitted', 'not_submitted']);
		expect(outcome.failures()).toEqual([]);
	});

	test.each([
		['429 with Retry-After', { type: 'status', status: 429, headers: { 'Retry-After': '7' } }, 7],
		['503 with Retry-After', { type: 'status', status: 503, headers: { 'Retry-After': '8' } }, 8],
		['429 without', { type: 'status', status: 429 }, undefined],
	] satisfies [string, Fault, number | undefined][])('HTTP %s: one request, and the delay that the service requested', async (_name, fault, seconds) => {
		engine().sandbox.faults.add({ on: 'submit', times: Infinity, fault });
		const outcome = await engine().submit(returning(1));
		expectNotSubmitted(outcome.json()[0], 'prompt 0');
		if (seconds !== undefined) expect(outcome.json()).toMatchObject([{ retry_after: seconds }]);
		expect(engine().submits).toHaveLength(1);
	});

	test('a code in Retry Codes counts as a limit; any other code is a refusal', async () => {
		engine().sandbox.faults.add({ on: 'submit', times: 2, fault: { type: 'code', code: 1402, message: 'busy' } });
		const outcome = await engine().submit(returning(1, { onError: 'continueRegularOutput' }));
		expect(asFailure(outcome.json()[0]).details).toMatchObject({ status: 'refused', code: 1402 });
		expectNotSubmitted((await engine().submit(returning(1, { limits: { retryCodes: '1402' } }))).json()[0], 'prompt 0');
		expect(engine().submits).toHaveLength(2);
	});

	test('the next run submits the returned items', async () => {
		const credential = engine().n8n.credentials.add(engine().account({ tasksPerMinute: 1 }));
		await engine().submit(returning(2, { credential }));
		engine().n8n.credentials.edit(credential, { tasksPerMinute: 0 });
		const outcome = await engine().submit(returning(2, { credential, items: [{ json: { n: 1, prompt: 'prompt 1' } }] }));
		expect(outcome.json()).toMatchObject([{ status: 'submitted', task_id: engine().taskIds[1] }]);
		expect(engine().sandbox.tasks.map(({ prompt }) => prompt)).toEqual(makePrompts(2));
	});

	test('in a loop, each round submits as many items as the limit allows, and pays for nothing twice', async () => {
		const credential = engine().account({ tasksPerMinute: 3 });
		const outcome = await engine().submit(returning(2, { credential, rounds: 2 }));
		expect([0, 1].map((round) => pluck(outcome.json(round), 'status'))).toEqual([
			['submitted', 'submitted'],
			['submitted', 'not_submitted'],
		]);
		expect(engine().taskIds).toHaveLength(3);
	});

	test('in a loop, a round during the backoff sends nothing', async () => {
		engine().sandbox.faults.add({ on: 'submit', times: 1, fault: { type: 'status', status: 429, headers: { 'Retry-After': '60' } } });
		const outcome = await engine().submit(returning(1, { rounds: 2 }));
		for (const round of [0, 1]) expectNotSubmitted(outcome.json(round)[0], 'prompt 0');
		expect(engine().submits).toHaveLength(1);
	});

	test('an item that was not submitted does not use up its Idempotency Key', async () => {
		await useDeduplicator();
		engine().sandbox.faults.add({ on: 'submit', times: 1, fault: { type: 'status', status: 429, headers: { 'Retry-After': '1' } } });
		const parameters = { options: { idempotencyKey: 'clip.mp4' } };
		expectNotSubmitted((await engine().submit(returning(1, { parameters }))).json()[0], 'prompt 0');
		const patient = { options: { ...parameters.options, whenLimitReached: 'wait' } };
		const outcome = await engine().submit(returning(1, { parameters: patient }));
		expect(outcome.json()).toMatchObject([{ status: 'submitted', task_id: engine().taskIds[0] }]);
	});

	test('submit and wait: waits for the tasks that fit, and returns the rest immediately', async () => {
		const options = { whenLimitReached: 'return', concurrency: 1 };
		const outcome = await engine().submit(waiting(makePrompts(3), options, { limits: { parallelTasks: 1 } }));
		expect(pluck(outcome.json(), 'status')).toEqual(['succeeded', 'not_submitted', 'not_submitted']);
		expect(outcome.json()[0]).toMatchObject({ task_id: engine().taskIds[0] });
		expect(outcome.json()[1]).toMatchObject({ task_id: null, retry_after: expect.any(Number) as number });
		expect(engine().submits).toHaveLength(1);
	});
});

describe('Parallel Tasks', () => {
	const engine = useEngine();

	test('Submit does not wait for the end of a task', async () => {
		await engine().submit({ items: [{}, {}], limits: { parallelTasks: 1 } });
		expect(engine().taskIds).toHaveLength(2);
	});
});

describe('Tasks per Minute', () => {
	const engine = useEngine();
	/** How long the queued submit is observed: a hundred times the usual duration of a submit. */
	const WHILE = 300;

	test('an execution of the same account waits for a rate slot; one of another account does not', async () => {
		const credential = engine().account({ tasksPerMinute: 2 });
		await engine().submit({ items: [{}, {}], credential });
		const held = await engine().start({ credential });
		const { accessToken } = engine().sandbox.addAccount();
		await engine().submit({ credential: engine().account({ tasksPerMinute: 2, accessToken }) });
		await sleep(WHILE);
		expect(engine().taskIds).toHaveLength(3);
		held.cancel();
		await held.outcome();
		expect(engine().submits).toHaveLength(3);
	});
});
