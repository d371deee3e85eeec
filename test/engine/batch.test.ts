/** Many items in one run: invalid items, runs that end early, and stopping the execution. */
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { OnError } from 'n8n-workflow';
import type { Fault } from '../../sandbox';
import { untilTrue } from '../support/untilTrue';
import { asFailure } from './support/outputs';
import { speedUp, type SubmitOptions, useEngine, ITEM_URL } from './support/engine';
import { type ScriptedServer, startScriptedServer } from './support/scriptedServer';

// The backoff after a temporary refusal takes seconds.
speedUp(10);

const items = (count: number) => Array.from({ length: count }, (_, n) => ({ json: { n } }));

describe('items and outputs', () => {
	const engine = useEngine();

	/** Items with their number and their own video. */
	const numbered = (count: number) =>
		Array.from({ length: count }, (_, n) => ({ json: { n, url: `https://videos.example.com/${n}.mp4` } }));

	const ownVideo = { videoUrl: '={{ $json.url }}' };

	describe('an invalid item, the second of three', () => {
		const parameters = { ...ownVideo, style: '={{ $json.n === 1 ? "oil" : "anime" }}' };

		test('stops the run before anything is sent', async () => {
			const outcome = await engine().submit({ parameters, items: numbered(3) });
			expect(outcome.words).toContain('"Style"');
			expect(outcome.failure.message).toContain('[item 1]');
			expect(outcome.failure).toMatchObject({ context: { itemIndex: 1 } });
			expect(engine().sandbox.requests).toEqual([]);
		});

		test('fails only this item under "Continue"', async () => {
			const outcome = await engine().submit({ parameters, items: numbered(3), onError: 'continueRegularOutput' });
			const [first, second, third] = outcome.json();
			const failed = asFailure(second);
			expect(failed.details).toEqual({ status: 'invalid', scope: 'item', code: null, request_id: null, task_id: null });
			expect(failed.message).toContain('"Style"');
			expect([first?.['task_id'], third?.['task_id']]).toEqual(engine().taskIds);
			expect(engine().taskIds).toHaveLength(2);
		});

		test('goes to the error output, paired with its input', async () => {
			const outcome = await engine().submit({ parameters, items: numbered(3), onError: 'continueErrorOutput' });
			expect(outcome.json().map((json) => json['task_id'])).toEqual(engine().taskIds);
			expect(asFailure(outcome.failures()[0]).details.status).toBe('invalid');
			expect(outcome.items('Failed')).toMatchObject([{ json: { from: { n: 1 } } }]);
			expect(outcome.items('Done')).toMatchObject([{ json: { from: { n: 0 } } }, { json: { from: { n: 2 } } }]);
		});
	});

	test('logs each request and each accepted task', async () => {
		const outcome = await engine().submit({ items: items(2) });
		const lines = outcome.json().flatMap((json, i) => [`Submitting item ${i} to HiDream (request_id ${String(json['request_id'])})`, expect.stringContaining(String(json['task_id'])) as string]);
		expect(outcome.log('info').filter((line) => line.includes('HiDream'))).toEqual(lines);
	});

	test('does not modify its input items', async () => {
		const outcome = await engine().submit({ items: [{ json: { n: 1 } }] });
		expect(outcome.items('Source').map(({ json }) => json)).toEqual([{ n: 1 }]);
		expect(engine().sandbox.tasks).toMatchObject([{ video: { kind: 'url', url: ITEM_URL } }]);
	});
});

describe('a run that ends early', () => {
	const engine = useEngine();

	/** An account with this number of credits. */
	const withCredits = (credits: number) => {
		const { accessToken } = engine().sandbox.addAccount({ credits });
		return engine().account({ accessToken });
	};

	test('no credits: the run stops, and the message names every task and how many were not tried', async () => {
		const outcome = await engine().submit({ items: items(5), credential: withCredits(2) });
		expect(engine().submits).toHaveLength(3);
		expect(engine().taskIds).toHaveLength(2);
		for (const id of engine().taskIds) expect(outcome.failure.message).toContain(id);
		expect(outcome.failure.message).toContain('2 items were not tried');
		expect(outcome.failure).toHaveProperty('httpCode', '200');
		expect(outcome.words).toContain('2007');
		expect(outcome.words).toMatch(/credits/);
		expect(outcome.failure).toMatchObject({ context: { itemIndex: 2 } });
	});

	test('waits for requests in flight and names their tasks', async () => {
		engine().sandbox.faults.add({ on: 'submit', times: 1, fault: { type: 'slow', delayMs: 400 } });
		engine().sandbox.faults.add({ on: 'submit', skip: 1, times: 1, fault: { type: 'code', code: 1403 } });
		engine().sandbox.faults.add({ on: 'submit', skip: 2, times: 1, fault: { type: 'slow', delayMs: 400 } });
		const outcome = await engine().submit({ items: items(9), parameters: { options: { concurrency: 3 } } });
		expect(engine().submits).toHaveLength(3);
		expect(engine().taskIds).toHaveLength(2);
		for (const id of engine().taskIds) expect(outcome.failure.message).toContain(id);
		expect(outcome.failure.message).toMatch(/\b6\b/);
	});
});

describe('queued items after the run has ended', () => {
	const engine = useEngine({ tasksPerMinute: 0 });
	const two = (more: SubmitOptions = {}): SubmitOptions => ({
		...more,
		items: items(2),
		parameters: { ...more.parameters, options: { concurrency: 2 } },
	});

	test.each(['submit', 'submitAndWait'])('%s: does not retry a temporarily refused item after another item has failed', async (operation) => {
		engine().sandbox.faults.add({ on: 'submit', fault: { type: 'code', code: 1403, message: 'forbidden' } });
		engine().sandbox.faults.add({ on: 'submit', fault: { type: 'status', status: 429, headers: { 'retry-after': '2' } } });
		const outcome = await engine().submit(two({ parameters: { operation } }));
		expect(outcome.failure.message).toContain('[item 0]');
		expect(engine().submits).toHaveLength(2);
		expect(engine().taskIds).toEqual([]);
	});

	test.each<[string, Fault]>([
		['a 429 with a Retry-After beyond the retry budget', { type: 'status', status: 429, headers: { 'Retry-After': '7200' } }],
		['a final refusal', { type: 'code', code: 1042 }],
		['no response', { type: 'reset', when: 'afterAccept' }],
	])('%s: does not send the item that waits for a rate slot', async (_name, fault) => {
		engine().sandbox.faults.add({ on: 'submit', fault });
		const outcome = await engine().submit(two({ limits: { tasksPerMinute: 1 } }));
		expect(outcome.failure.message).toMatch(/\[item 0\].*1 item was not tried/s);
		expect(engine().submits).toHaveLength(1);
	});

	test('does not send items that wait for a rate slot after another item has failed, and counts them as not tried', async () => {
		engine().sandbox.faults.add({ on: 'submit', fault: { type: 'slow', delayMs: 300 } });
		engine().sandbox.faults.add({ on: 'submit', fault: { type: 'code', code: 1403, message: 'forbidden' } });
		const outcome = await engine().submit({ items: items(4), parameters: { options: { concurrency: 4 } }, limits: { tasksPerMinute: 2 } });
		expect(outcome.failure.message).toContain('[item 1]');
		expect(outcome.words).toMatch(/2 (further )?items/);
		expect(engine().submits).toHaveLength(2);
		expect(outcome.failure.message).toContain(engine().taskIds[0]);
	});

	test('no credits ends the run under "Continue" too, and a temporarily refused item is not retried', async () => {
		engine().sandbox.faults.add({ on: 'submit', fault: { type: 'code', code: 2007, message: 'no credits' } });
		engine().sandbox.faults.add({ on: 'submit', fault: { type: 'status', status: 429, headers: { 'retry-after': '2' } } });
		const outcome = await engine().submit(two({ onError: 'continueRegularOutput' }));
		expect(engine().submits).toHaveLength(2);
		expect(outcome.json().map(({ details }) => (details as { status: string }).status)).toEqual(['refused', 'refused']);
	});
});

describe('a run that ends while a request is in flight', () => {
	const engine = useEngine();
	let server: ScriptedServer;

	beforeEach(async () => {
		server = await startScriptedServer();
	});

	afterEach(async () => {
		await server.close();
	});

	/** How HiDream responds, or fails to. */
	type Respond = (response: ServerResponse) => void;

	const refuse = (code: number, message: string): Respond => (response) => response.writeHead(400, { 'Content-Type': 'application/json' }).end(JSON.stringify({ code, message }));

	/** Submits three items, two of them at the same time; HiDream responds to the later one first if `isReversed`. */
	async function submitTwo([first, second]: [Respond, Respond], isReversed: boolean, onError?: OnError) {
		const arrived: ServerResponse[] = [];
		server.respond((response) => {
			const [one, two] = [arrived[0], response];
			arrived.push(response);
			if (one === undefined) return;
			const responses = [() => first(one), () => second(two)];
			if (isReversed) responses.reverse();
			responses[0]?.();
			setTimeout(() => responses[1]?.(), 300);
		});
		const credential = engine().account({ baseUrl: server.url });
		const outcome = await engine().submit({ items: items(3), credential, parameters: { options: { concurrency: 2 } }, onError });
		expect(server.submits).toHaveLength(2);
		return outcome;
	}

	test('names the request that may have created a task, also in the log', async () => {
		const outcome = await submitTwo([refuse(1042, 'no'), (response) => response.destroy()], true);
		const requestId = String(server.submits[1]?.json['request_id']);
		expect(outcome.failure.message).toContain(requestId);
		expect(outcome.log('warn')).toEqual([expect.stringContaining(requestId)]);
	});

	test('reports the first failed item, whichever response came first', async () => {
		const outcome = await submitTwo([refuse(1, 'one'), refuse(2, 'two')], true);
		expect(outcome.failure.message).toMatch(/"one".*\[item 0\]/);
	});

	test('no credits: the items not tried name this reason, also if another item failed later', async () => {
		const outcome = await submitTwo([refuse(2007, 'no credits'), refuse(1042, 'no cats')], false, 'continueRegularOutput');
		const [, second, third] = outcome.json().map(asFailure);
		expect(second?.error).toContain('no cats');
		expect(third?.details.status).toBe('not_tried');
		expect(third?.message).toMatch(/credits/);
		expect(third?.message).not.toContain('no cats');
	});
});

describe('stopping the execution', () => {
	const engine = useEngine();

	test.each(['stopWorkflow', 'continueRegularOutput'] as const)('while HiDream is silent: sends nothing more, and names the accepted task (%s)', async (onError) => {
		engine().sandbox.faults.add({ on: 'submit', skip: 1, fault: { type: 'silence' } });
		const execution = await engine().start({ items: [{}, {}, {}], onError });
		await untilTrue(() => engine().submits.length === 2);
		execution.cancel();
		const outcome = await execution.outcome();
		expect(outcome.run.finished).not.toBe(true);
		expect(engine().submits).toHaveLength(2);
		const [id = 'no task'] = engine().taskIds;
		expect(outcome.log('info').join('\n')).toContain(id);
		expect(outcome.error?.message).toMatch(new RegExp(`cancelled.*${id}`));
	});

	test('during an upload: ends the upload, and no task is created', async () => {
		engine().sandbox.faults.add({ on: 'submit', fault: { type: 'slow', bytesPerSecond: 1024 * 1024 } });
		const video = randomBytes(12 * 1024 * 1024);
		const execution = await engine().start({ parameters: { inputType: 'binary' }, items: [{ binary: { data: video } }] });
		await untilTrue(() => (engine().submits[0]?.bodyBytes ?? 0) > 0);
		execution.cancel();
		await execution.outcome();
		expect(engine().submits[0]?.completed).toBe(false);
		expect(engine().taskIds).toEqual([]);
	});

	test('during a backoff: sends nothing more', async () => {
		const fault = { type: 'status', status: 429, headers: { 'Retry-After': '50' } } as const;
		engine().sandbox.faults.add({ on: 'submit', times: Infinity, fault });
		const execution = await engine().start();
		await untilTrue(() => engine().submits[0]?.status === 429);
		execution.cancel();
		await execution.outcome();
		expect(engine().submits).toHaveLength(1);
	});
});
