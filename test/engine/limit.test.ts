/** "When Limit Reached: Return": items over a limit come out at once, unpaid, for a Wait loop to bring back. */
import type { IDataObject } from 'n8n-workflow';
import type { Fault } from '../../sandbox';
import { Deduplicator } from '../../harness/engine/deduplicator';
import { asFailure } from './support/failures';
import { useBench, type SubmitOptions } from './support/hidream';
import { all } from './support/tasks';
import { calm, waiting } from './support/waiting';

const bench = useBench({ taskSeconds: 0.1 });

/** Items with a number, an URL and a prompt of their own, which do not wait for a place. */
const returning = (count: number, { parameters, ...more }: SubmitOptions = {}): SubmitOptions => ({
	items: calm(count).map((prompt, n) => ({ json: { n, prompt } })),
	...more,
	parameters: { prompt: '={{ $json.prompt }}', ...parameters, options: { whenLimitReached: 'return', ...(parameters?.['options'] as IDataObject) } },
});

const KEYS = ['prompt', 'request_id', 'retry_after', 'status', 'style', 'sub_task_ids', 'task_id'];

/** What is wrong with an item that was not submitted; nothing when it is as the contract says. */
function expectNotSubmitted(json: IDataObject | undefined, prompt: string): void {
	expect(Object.keys(json ?? {}).sort()).toEqual(KEYS);
	expect(json).toMatchObject({ task_id: null, sub_task_ids: [], request_id: null, status: 'not_submitted', style: 'anime', prompt });
	expect(json?.['retry_after']).toBeGreaterThan(0);
	expect(json?.['retry_after']).toBeLessThanOrEqual(60);
}

test('two tasks a minute and five items: two are submitted, three come out at once', async () => {
	const outcome = await bench().submit(returning(5, { credential: bench().account({ tasksPerMinute: 2 }) }));
	expect(outcome.error).toBeUndefined();
	expect(all(outcome.json(), 'status')).toEqual(['submitted', 'submitted', 'not_submitted', 'not_submitted', 'not_submitted']);
	outcome.json().slice(2).forEach((json, n) => expectNotSubmitted(json, `prompt ${n + 2}`));
	expect(bench().submits).toHaveLength(2);
	expect(outcome.items('Done').map(({ json }) => json['from'])).toMatchObject([0, 1, 2, 3, 4].map((n) => ({ n })));
});

test('they are no failures: they stay off the error branch', async () => {
	const credential = bench().account({ tasksPerMinute: 1 });
	const outcome = await bench().submit(returning(2, { credential, onError: 'continueErrorOutput' }));
	expect(all(outcome.json(), 'status')).toEqual(['submitted', 'not_submitted']);
	expect(outcome.failures()).toEqual([]);
});

test.each([
	['429 with Retry-After', { type: 'status', status: 429, headers: { 'Retry-After': '7' } }, 7],
	['503 with Retry-After', { type: 'status', status: 503, headers: { 'Retry-After': '8' } }, 8],
	['429 without', { type: 'status', status: 429 }, undefined],
] satisfies [string, Fault, number | undefined][])('HTTP %s: one request, and the seconds that the service asked for', async (_name, fault, seconds) => {
	bench().sandbox.faults.add({ on: 'submit', times: Infinity, fault });
	const outcome = await bench().submit(returning(1));
	expectNotSubmitted(outcome.json()[0], 'prompt 0');
	if (seconds !== undefined) expect(outcome.json()).toMatchObject([{ retry_after: seconds }]);
	expect(bench().submits).toHaveLength(1);
});

test('a code that the user calls passing counts as a limit; any other one is a refusal', async () => {
	bench().sandbox.faults.add({ on: 'submit', times: 2, fault: { type: 'code', code: 1402, message: 'busy' } });
	const outcome = await bench().submit(returning(1, { onError: 'continueRegularOutput' }));
	expect(asFailure(outcome.json()[0]).details).toMatchObject({ status: 'refused', code: 1402 });
	const parameters = { options: { retryCodes: '1402' } };
	expectNotSubmitted((await bench().submit(returning(1, { parameters }))).json()[0], 'prompt 0');
	expect(bench().submits).toHaveLength(2);
});

test('the next run submits what was not', async () => {
	const credential = bench().n8n.credentials.add(bench().account({ tasksPerMinute: 1 }));
	await bench().submit(returning(2, { credential }));
	bench().n8n.credentials.edit(credential, { tasksPerMinute: 0 });
	const outcome = await bench().submit(returning(2, { credential, items: [{ json: { n: 1, prompt: 'prompt 1' } }] }));
	expect(outcome.json()).toMatchObject([{ status: 'submitted', task_id: bench().taskIds[1] }]);
	expect(bench().sandbox.tasks.map(({ prompt }) => prompt)).toEqual(calm(2));
});

test('in a loop each round submits what there is room for, and pays for nothing twice', async () => {
	const credential = bench().account({ tasksPerMinute: 3 });
	const outcome = await bench().submit(returning(2, { credential, rounds: 2 }));
	expect([0, 1].map((round) => all(outcome.json(round), 'status'))).toEqual([
		['submitted', 'submitted'],
		['submitted', 'not_submitted'],
	]);
	expect(bench().taskIds).toHaveLength(3);
});

test('in a loop a round that comes before the refusal has passed sends nothing', async () => {
	bench().sandbox.faults.add({ on: 'submit', times: 1, fault: { type: 'status', status: 429, headers: { 'Retry-After': '60' } } });
	const outcome = await bench().submit(returning(1, { rounds: 2 }));
	for (const round of [0, 1]) expectNotSubmitted(outcome.json(round)[0], 'prompt 0');
	expect(bench().submits).toHaveLength(1);
});

test('a Submit Once Key is not used up by an item that was not submitted', async () => {
	const deduplicator = new Deduplicator();
	await deduplicator.install();
	bench().sandbox.faults.add({ on: 'submit', times: 1, fault: { type: 'status', status: 429, headers: { 'Retry-After': '1' } } });
	const parameters = { options: { submitOnceKey: 'clip.mp4' } };
	expectNotSubmitted((await bench().submit(returning(1, { parameters }))).json()[0], 'prompt 0');
	const patient = { options: { ...parameters.options, whenLimitReached: 'wait' } };
	const outcome = await bench().submit(returning(1, { parameters: patient }));
	expect(outcome.json()).toMatchObject([{ status: 'submitted', task_id: bench().taskIds[0] }]);
});

test('submit and wait: what has a place is waited for, the rest comes out at once', async () => {
	const options = { whenLimitReached: 'return', parallelTasks: 1, concurrency: 1 };
	const outcome = await bench().submit(waiting(calm(3), options));
	expect(all(outcome.json(), 'status')).toEqual(['succeeded', 'not_submitted', 'not_submitted']);
	expect(outcome.json()[0]).toMatchObject({ task_id: bench().taskIds[0] });
	expect(outcome.json()[1]).toMatchObject({ task_id: null, retry_after: expect.any(Number) as number });
	expect(bench().submits).toHaveLength(1);
});

test('a word that is none of the choices is found before anything is sent', async () => {
	const outcome = await bench().submit(returning(1, { parameters: { options: { whenLimitReached: 'sleep' } } }));
	expect(outcome.words).toContain('When Limit Reached');
	expect(bench().sandbox.requests).toEqual([]);
});
