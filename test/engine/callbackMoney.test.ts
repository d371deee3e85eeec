/** What is found out before a callback run spends anything, and what its further tries cost. */
import { Socket } from 'node:net';
import type { Fault } from '../../sandbox';
import { asFailure } from './support/failures';
import { useBench } from './support/hidream';
import { byCallback, park, useWebhooks } from './support/parking';
import { all } from './support/tasks';
import { calm } from './support/waiting';

const webhooks = useWebhooks();
const bench = useBench({ taskSeconds: 1000 });
const refusal: Fault = { type: 'code', code: 1403, message: 'forbidden' };

test.each([
	['the account level', { accountLevel: 'level1' }, {}],
	['a level of its own', { accountLevel: 'custom', parallelTasks: 3 }, {}],
	['the option', { accountLevel: 'level4' }, { parallelTasks: 3 }],
])('more items than %s allows at once are refused before anything is sent', async (_name, account, option) => {
	const { parameters, ...more } = byCallback(calm(4), {}, { credential: bench().account(account) });
	const options = { ...more, parameters: { ...parameters, options: option }, waitingUrl: webhooks().url };
	const outcome = await bench().submit(options);
	expect(outcome.words).toMatch(/\b3\b/);
	expect(outcome.words).toMatch(/poll/i);
	expect(outcome.words).toMatch(/loop/i);
	expect(bench().sandbox.requests).toEqual([]);
	const few = await park(bench(), webhooks(), { ...options, items: options.items?.slice(0, 3) });
	expect(few.waits).toBe(true);
	expect(bench().taskIds).toHaveLength(3);
});

test('also under "Continue"', async () => {
	const credential = bench().account({ accountLevel: 'level1' });
	const { parameters, ...more } = byCallback(calm(4), {}, { credential, onError: 'continueErrorOutput' });
	const outcome = await bench().submit({ ...more, parameters: { ...parameters, options: {} }, waitingUrl: webhooks().url });
	expect(bench().sandbox.requests).toEqual([]);
	expect(outcome.run.waitTill).toBeUndefined();
});

test("n8n's engine v2 cannot park: refused before anything is sent", async () => {
	const outcome = await bench().submit({ ...byCallback(['a']), settings: { engineType: 'v2' }, waitingUrl: webhooks().url });
	expect(outcome.words).toMatch(/engine/i);
	expect(bench().sandbox.requests).toEqual([]);
});

test.each(['http://localhost:5678/webhook-waiting', 'http://192.168.1.5:5678/webhook-waiting', 'http://n8n/webhook-waiting'])(
	'HiDream cannot call n8n at %s: refused before a connection is made',
	async (waitingUrl) => {
		const connect = jest.spyOn(Socket.prototype, 'connect');
		const credential = bench().account({ baseUrl: 'https://www.hidreamai.com' });
		const outcome = await bench().submit({ ...byCallback(['a'], {}, { credential }), waitingUrl });
		expect(outcome.words).toContain('WEBHOOK_URL');
		expect(connect).not.toHaveBeenCalled();
		connect.mockRestore();
	},
);

test('On Task Failure: Error needs an error output, since a callback cannot fail a run that sleeps: said before anything is sent', async () => {
	const outcome = await bench().submit({ ...byCallback(['a'], { onTaskFailure: 'error' }), waitingUrl: webhooks().url });
	expect(outcome.words).toContain('On Task Failure');
	expect(bench().sandbox.requests).toEqual([]);
});

test('a bad item among good ones is found before anything is sent', async () => {
	const { parameters, ...more } = byCallback(['a', 'b']);
	const style = '={{ $json.n === 1 ? "oil" : "anime" }}';
	const outcome = await bench().submit({ ...more, parameters: { ...parameters, style }, waitingUrl: webhooks().url });
	expect(outcome.failure.message).toContain('[item 1]');
	expect(bench().sandbox.requests).toEqual([]);
});

test('the resume URL is not replaced by a Notify URL', async () => {
	const notifyUrl = 'https://n8n.example.com/webhook/other';
	const execution = await bench().start({ ...byCallback(['a'], { notifyUrl }), waitingUrl: webhooks().url });
	await execution.outcome();
	expect(bench().sandbox.tasks.map((task) => task.notifyUrl)).not.toContain(notifyUrl);
});

test('a failed submit ends the run without a park, and names the accepted task', async () => {
	bench().sandbox.faults.add({ on: 'submit', skip: 1, fault: refusal });
	const outcome = await bench().submit({ ...byCallback(calm(3), { concurrency: 1 }), waitingUrl: webhooks().url });
	expect(outcome.run.waitTill).toBeUndefined();
	expect(outcome.failure.message).toContain('[item 1]');
	expect(outcome.failure.message).toContain(bench().taskIds[0]);
	expect(bench().submits).toHaveLength(2);
});

test('Retry On Fail: the next try submits what is missing, parks with all, and resumes with all', async () => {
	bench().sandbox.faults.add({ on: 'submit', skip: 1, fault: refusal });
	const parked = await park(bench(), webhooks(), byCallback(calm(3), { concurrency: 1 }, { retryOnFail: true, maxTries: 2 }));
	expect(bench().sandbox.tasks.map(({ prompt }) => prompt)).toEqual(calm(3));
	for (const id of bench().taskIds) bench().sandbox.settle(id, 'succeeded');
	const outcome = await (await parked.resumed()).outcome();
	expect(all(outcome.json(), 'task_id')).toEqual(bench().taskIds);
	expect(all(outcome.json(), 'status')).toEqual(['succeeded', 'succeeded', 'succeeded']);
});

test('Retry On Fail with "Continue", and the first item fails: n8n runs the node again though it is to sleep, and nothing is paid twice', async () => {
	const { parameters, ...more } = byCallback(['a', 'b', 'c'], {}, { retryOnFail: true, maxTries: 3, onError: 'continueRegularOutput' });
	const videoUrl = '=https://videos.example.com/{{ $json.n }}.mp4';
	const style = '={{ $json.n === 0 ? "oil" : "anime" }}';
	const parked = await park(bench(), webhooks(), { ...more, parameters: { ...parameters, videoUrl, style } });
	expect(bench().sandbox.tasks.map(({ prompt }) => prompt)).toEqual(['b', 'c']);
	expect(bench().submits).toHaveLength(2);
	for (const id of bench().taskIds) bench().sandbox.settle(id, 'succeeded');
	const outcome = await (await parked.resumed()).outcome();
	expect(asFailure(outcome.json()[0]).details.status).toBe('invalid');
	expect(all(outcome.json().slice(1), 'task_id')).toEqual(bench().taskIds);
	expect(all(outcome.json().slice(1), 'status')).toEqual(['succeeded', 'succeeded']);
});

test('no item was accepted: nothing is left to wait for', async () => {
	bench().sandbox.faults.add({ on: 'submit', times: Infinity, fault: refusal });
	const outcome = await bench().submit({ ...byCallback(calm(2), {}, { onError: 'continueErrorOutput' }), waitingUrl: webhooks().url });
	expect(outcome.run.waitTill).toBeUndefined();
	expect(outcome.failures()).toHaveLength(2);
});

test('secrets are in nothing that is kept while the execution waits', async () => {
	const execution = await bench().start({ ...byCallback(['a'], {}, { credential: bench().keyAccount() }), waitingUrl: webhooks().url });
	await webhooks().park(execution);
	const token = String(bench().submits[0]?.headers['authorization']).replace('Bearer ', '');
	expect(token).toMatch(/^sk-/);
	const { everything } = await execution.outcome();
	expect(everything).not.toContain(token);
	expect(everything).not.toContain(bench().sandbox.apiKey);
});
