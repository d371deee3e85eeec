/** Retry On Fail, the user's Retry, Submit Again and loops: no item is paid for twice. */
import type { IDataObject, IRunExecutionData } from 'n8n-workflow';

import { moveBinaries } from '../../harness/engine/binaries';
import { useDeduplicator } from '../../harness/engine/deduplicator';
import type { RunOutcome } from '../../harness/engine';
import type { Fault } from '../../sandbox';
import { untilTrue } from '../support/untilTrue';
import { asFailure, onlyFailure } from './support/outputs';
import { speedUp, type SubmitOptions, useEngine } from './support/engine';
import { acceptAfter, startScriptedServer } from './support/scriptedServer';
import { pluck } from './support/tasks';

// An uncertain submit is sent again after five seconds.
speedUp(10);

const refusal: Fault = { type: 'code', code: 1403, message: 'forbidden' };

/** Three items, each with its own video. */
const three = ['a', 'b', 'c'].map((name) => ({ json: { url: `https://videos.example.com/${name}.mp4` } }));
const batch = { parameters: { videoUrl: '={{ $json.url }}' }, items: three };

describe('Retry On Fail', () => {
	const engine = useEngine();

	test('the next attempt sends only the refused item, with the same request_id, and outputs all tasks', async () => {
		const server = await startScriptedServer();
		server.respond(acceptAfter(0, 1403, 1403));
		const credential = engine().account({ baseUrl: server.url });
		const outcome = await engine().submit({ ...batch, credential, retryOnFail: true, maxTries: 3 });
		await server.close();
		expect(outcome.error).toBeUndefined();
		const [a, b1, b2, b3, c, ...more] = server.requests.map(({ json }) => json['request_id']);
		expect(more).toEqual([]);
		expect([b2, b3]).toEqual([b1, b1]);
		expect(new Set([a, b1, c]).size).toBe(3);
		expect(outcome.json().map((json) => json['request_id'])).toEqual([a, b1, c]);
		expect(outcome.json().map((json) => json['sub_task_ids'])).toEqual([0, 1, 2].map(() => [expect.any(String)]));
	});
});

describe('expressions that change on every attempt', () => {
	const engine = useEngine();

	const VOLATILE = [
		['a random prompt', { prompt: '=take {{ Math.random() }}' }],
		['a random style', { style: '={{ ["anime", "cartoon", "abstract", "ink_wash", "watercolor"][Math.floor(Math.random() * 5)] }}' }],
		['a URL that contains the time', { videoUrl: '={{ $json.url }}?at={{ Date.now() }}{{ Math.random() }}' }],
	] satisfies [string, object][];

	const changing = (parameters: object): SubmitOptions => ({ items: three, parameters: { videoUrl: '={{ $json.url }}', ...parameters } });

	/** The style and prompt of each task, in the order of the tasks. */
	const made = () => engine().sandbox.tasks.map(({ prompt, style }) => ({ prompt: prompt ?? '', style }));

	test.each(VOLATILE)("%s: Retry On Fail pays for nothing twice and outputs each task's own style and prompt", async (_name, parameters) => {
		engine().sandbox.faults.add({ on: 'submit', skip: 2, fault: refusal });
		const outcome = await engine().submit({ ...changing(parameters), retryOnFail: true });
		expect(outcome.error).toBeUndefined();
		expect(engine().taskIds).toHaveLength(3);
		expect(pluck(outcome.json(), 'task_id')).toEqual(engine().taskIds);
		expect(outcome.json().map(({ prompt, style }) => ({ prompt, style }))).toEqual(made());
	});

	test.each(VOLATILE)("%s: a user's Retry pays for nothing twice", async (_name, parameters) => {
		engine().sandbox.faults.add({ on: 'submit', skip: 2, fault: refusal });
		const execution = await engine().start(changing(parameters));
		expect((await execution.outcome()).words).toContain('1403');
		const outcome = await (await execution.retry()).outcome();
		expect(outcome.error).toBeUndefined();
		expect(engine().taskIds).toHaveLength(3);
		expect(pluck(outcome.json(), 'task_id')).toEqual(engine().taskIds);
	});

	test('does not resend an uncertain item whose prompt has changed', async () => {
		engine().sandbox.faults.add({ on: 'submit', skip: 1, fault: { type: 'acceptThenStatus', status: 500 } });
		const outcome = await engine().submit({ ...changing({ prompt: '={{ Math.random() }}' }), retryOnFail: true });
		expect(engine().taskIds).toHaveLength(2);
		expect(outcome.words).toContain(engine().sandbox.tasks[1]?.requestId);
	});
});

describe('Retry by the user, and loops', () => {
	const engine = useEngine();

	const paidFor = () => engine().sandbox.tasks.map(({ video }) => (video.kind === 'url' ? video.url.at(-5) : ''));

	test("a user's Retry sends only the items without a task", async () => {
		engine().sandbox.faults.add({ on: 'submit', skip: 2, times: 1, fault: refusal });
		const execution = await engine().start(batch);
		expect((await execution.outcome()).words).toContain('1403');
		const outcome = await (await execution.retry()).outcome();
		expect(outcome.error).toBeUndefined();
		expect(paidFor()).toEqual(['a', 'b', 'c']);
		expect(outcome.json().map((json) => json['task_id'])).toEqual(engine().taskIds);
	});

	/** Changes an item of the node before it, as an edited workflow does. */
	const change = (index: number, json: IDataObject) => async ({ executionData }: IRunExecutionData) => {
		const item = executionData?.nodeExecutionStack[0]?.data['main']?.[0]?.[index];
		if (!item) throw new Error(`The node has no item ${index}`);
		Object.assign(item.json, json);
	};

	/** The first item ends the run as one that may have a task. */
	function expectUncertain({ failure, words }: RunOutcome): void {
		expect(failure.message).toContain('[item 0]');
		expect(words).toContain('before you send this video again');
		expect(words).toContain(engine().sandbox.tasks[0]?.requestId);
	}

	test('an accepted item whose URL is empty now keeps its task', async () => {
		engine().sandbox.faults.add({ on: 'submit', skip: 1, fault: refusal });
		const execution = await engine().start(batch);
		await execution.outcome();
		const outcome = await (await execution.retry(change(0, { url: '' }))).outcome();
		expect(outcome.error).toBeUndefined();
		expect(paidFor()).toEqual(['a', 'b', 'c']);
		expect(pluck(outcome.json(), 'task_id')).toEqual(engine().taskIds);
	});

	test('an uncertain item whose URL is empty now stays uncertain; a refused one is invalid', async () => {
		engine().sandbox.faults.add({ on: 'submit', fault: { type: 'reset', when: 'afterAccept' } });
		const uncertain = await engine().start(batch);
		await uncertain.outcome();
		expectUncertain(await (await uncertain.retry(change(0, { url: '' }))).outcome());
		engine().sandbox.faults.add({ on: 'submit', fault: refusal });
		const refused = await engine().start(batch);
		await refused.outcome();
		expect((await (await refused.retry(change(0, { url: '' }))).outcome()).failure.message).toContain('"Video URL" is empty');
		expect(paidFor()).toEqual(['a']);
	});

	test.each([
		['no credits', {}, { type: 'code', code: 2007 }],
		['a limit', { whenLimitReached: 'return' }, { type: 'status', status: 429, headers: { 'Retry-After': '60' } }],
	] satisfies [string, IDataObject, Fault][])('Submit Again in a later attempt: %s leaves the item uncertain', async (_name, more, fault) => {
		engine().sandbox.faults.add({ on: 'submit', fault: { type: 'reset', when: 'afterAccept' } });
		const options = { onUnclearResponse: '={{ $json.again ?? "fail" }}', ...more };
		const execution = await engine().start({ ...batch, parameters: { ...batch.parameters, options } });
		await execution.outcome();
		engine().sandbox.faults.add({ on: 'submit', times: Infinity, fault });
		const outcome = await (await execution.retry(change(0, { again: 'resubmit' }))).outcome();
		expectUncertain(outcome);
		expect(engine().submits).toHaveLength(2);
		expect(paidFor()).toEqual(['a']);
	});

	test("a user's Retry does not send an uncertain item again", async () => {
		engine().sandbox.faults.add({ on: 'submit', skip: 1, times: 1, fault: { type: 'reset', when: 'afterAccept' } });
		const execution = await engine().start(batch);
		await execution.outcome();
		const again = await execution.retry();
		expect((await again.outcome()).words).toContain(engine().sandbox.tasks[1]?.requestId);
		expect(paidFor().filter((name) => name === 'b')).toEqual(['b']);
		const second = await (await again.retry()).outcome();
		expect(second.failure.message).toContain(engine().taskIds[0]);
		expect(new Set(paidFor()).size).toBe(paidFor().length);
	});

	test('an uncertain item ends the next attempt before anything is sent', async () => {
		const server = await startScriptedServer();
		const responses: Array<() => void> = [];
		// The first item is refused, the second one has no response, after both have arrived.
		server.respond((response, { json }) => {
			const isFirst = String(json['video_name']).endsWith('a.mp4');
			responses.push(() => void (isFirst ? response.end('{"code":1403,"message":"forbidden"}') : response.destroy()));
			if (responses.length === 2) for (const respond of responses) respond();
		});
		const parameters = { ...batch.parameters, options: { concurrency: '={{ $json.concurrency ?? 2 }}' } };
		const execution = await engine().start({ parameters, items: three.slice(0, 2), credential: engine().account({ baseUrl: server.url }) });
		await execution.outcome();
		const requestId = server.submits.map(({ json }) => json).find((json) => String(json['video_name']).endsWith('b.mp4'))?.['request_id'];
		server.respond(acceptAfter());
		const outcome = await (await execution.retry(change(0, { concurrency: 1 }))).outcome();
		await server.close();
		expect(outcome.failure.message).toContain('[item 1]');
		expect(outcome.words).toContain(requestId);
		expect(server.submits).toEqual([]);
	});

	test('also if n8n has moved the files of a run that a webhook or form started', async () => {
		engine().sandbox.faults.add({ on: 'submit', skip: 1, times: 1, fault: refusal });
		const items = ['one', 'two'].map((text) => ({ binary: { data: Buffer.from(text) } }));
		const execution = await engine().start({ parameters: { inputType: 'binary' }, items });
		await execution.outcome();
		const outcome = await (await execution.retry(moveBinaries)).outcome();
		expect(outcome.error).toBeUndefined();
		expect(engine().taskIds).toHaveLength(2);
		expect(outcome.json().map((json) => json['task_id'])).toEqual(engine().taskIds);
	});

	test("the user's Retry does not resend a request that was interrupted by a cancel", async () => {
		engine().sandbox.faults.add({ on: 'submit', skip: 1, fault: { type: 'silence', create: true } });
		const execution = await engine().start({ ...batch, parameters: { ...batch.parameters, options: { concurrency: 1 } } });
		await untilTrue(() => engine().taskIds.length === 2);
		execution.cancel();
		await execution.outcome();
		const outcome = await (await execution.retry()).outcome();
		expect(outcome.words).toContain(engine().sandbox.tasks[1]?.requestId);
		expect(paidFor()).toEqual(['a', 'b']);
	});

	test('each round of a loop pays for its own tasks, also for the same video', async () => {
		const outcome = await engine().submit({ rounds: 3 });
		expect(outcome.rounds).toBe(3);
		const ids = [0, 1, 2].map((round) => outcome.json(round)[0]?.['task_id']);
		expect(ids).toEqual(engine().taskIds);
		expect(new Set(ids).size).toBe(3);
	});

	test('an attempt in a later round pays for nothing twice', async () => {
		// Round 1: a, b. Round 2: a, then b refused; its second attempt: b.
		engine().sandbox.faults.add({ on: 'submit', skip: 3, times: 1, fault: refusal });
		const outcome = await engine().submit({ ...batch, items: three.slice(0, 2), rounds: 2, retryOnFail: true });
		expect(outcome.error).toBeUndefined();
		expect(paidFor()).toEqual(['a', 'b', 'a', 'b']);
		expect(engine().submits).toHaveLength(5);
		expect(outcome.json(1).map((json) => json['task_id'])).toEqual(engine().taskIds.slice(2));
	});
});

describe('Submit Again', () => {
	const engine = useEngine();

	test('resends an uncertain item', async () => {
		engine().sandbox.faults.add({ on: 'submit', times: 1, fault: { type: 'notJson', create: false } });
		const parameters = { options: { onUnclearResponse: 'resubmit' } };
		const outcome = await engine().submit({ parameters });
		expect(outcome.json()).toMatchObject([{ status: 'submitted', task_id: engine().taskIds[0] }]);
		expect(engine().submits).toHaveLength(2);
	});

	test('no credits for the second request leave the item uncertain and end the run, also under "Continue"', async () => {
		engine().sandbox.faults.add({ on: 'submit', times: 1, fault: { type: 'reset', when: 'afterAccept' } });
		engine().sandbox.faults.add({ on: 'submit', times: 1, fault: { type: 'code', code: 2007 } });
		const parameters = { options: { onUnclearResponse: 'resubmit', concurrency: 1 } };
		const outcome = await engine().submit({ parameters, items: [{}, {}], onError: 'continueErrorOutput' });
		expect(outcome.failures().map((json) => asFailure(json).details)).toMatchObject([{ status: 'uncertain', scope: 'account' }, { status: 'not_tried' }]);
		expect(engine().submits).toHaveLength(2);
	});

	test('an item stays uncertain when its second request is refused', async () => {
		engine().sandbox.faults.add({ on: 'submit', times: 1, fault: { type: 'reset', when: 'afterAccept' } });
		engine().sandbox.faults.add({ on: 'submit', times: 1, fault: refusal });
		const parameters = { options: { onUnclearResponse: 'resubmit' } };
		const outcome = await engine().submit({ parameters, onError: 'continueErrorOutput' });
		expect(onlyFailure(outcome).details).toMatchObject({ status: 'uncertain', request_id: engine().sandbox.tasks[0]?.requestId });
		expect(engine().submits).toHaveLength(2);
		expect(engine().taskIds).toHaveLength(1);
	});

	test('keeps the Idempotency Key when the second request is refused', async () => {
		await useDeduplicator();
		engine().sandbox.faults.add({ on: 'submit', times: 1, fault: { type: 'reset', when: 'afterAccept' } });
		engine().sandbox.faults.add({ on: 'submit', times: 1, fault: refusal });
		const options = { onUnclearResponse: 'resubmit', idempotencyKey: 'clip.mp4' };
		await engine().submit({ parameters: { options }, onError: 'continueErrorOutput' });
		const again = await engine().submit({ parameters: { options: { idempotencyKey: 'clip.mp4' } }, onError: 'continueErrorOutput' });
		const { requestId } = engine().sandbox.tasks[0] ?? {};
		expect(onlyFailure(again).details).toMatchObject({ status: 'uncertain', request_id: requestId });
		expect(engine().submits).toHaveLength(2);
	});

	test('an uncertain item is not reported as not tried when the next attempt ends before it is sent again', async () => {
		const { faults } = engine().sandbox;
		faults.add({ on: 'submit', times: 1, fault: refusal });
		faults.add({ on: 'submit', times: 3, fault: { type: 'notJson', create: false } });
		faults.add({ on: 'submit', times: Infinity, fault: { type: 'code', code: 2007 } });
		const parameters = { ...batch.parameters, options: { onUnclearResponse: 'resubmit', concurrency: 1 } };
		const more = { onError: 'continueErrorOutput', retryOnFail: true, maxTries: 2 } as const;
		const outcome = await engine().submit({ parameters, items: three.slice(0, 2), ...more });
		expect(outcome.failures().map((json) => asFailure(json).details.status)).toEqual(['refused', 'uncertain']);
		expect(engine().submits).toHaveLength(5);
	});
});
