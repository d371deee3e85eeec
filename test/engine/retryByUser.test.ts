/** The user's Retry of a failed execution, and the node's runs in a loop: the ledger tells them apart. */
import type { Fault } from '../../sandbox';
import { moveBinaries } from '../../harness/engine/binaries';
import { useBench } from './support/hidream';

const bench = useBench();
const refusal: Fault = { type: 'code', code: 1403, message: 'forbidden' };
const three = ['a', 'b', 'c'].map((name) => ({ json: { url: `https://videos.example.com/${name}.mp4` } }));
const batch = { parameters: { videoUrl: '={{ $json.url }}' }, items: three };

const paidFor = () => bench().sandbox.tasks.map(({ video }) => (video.kind === 'url' ? video.url.at(-5) : ''));

test("a user's Retry sends only what has no task yet", async () => {
	bench().sandbox.faults.add({ on: 'submit', skip: 2, times: 1, fault: refusal });
	const execution = await bench().start(batch);
	expect((await execution.outcome()).words).toContain('1403');
	const outcome = await (await execution.retry()).outcome();
	expect(outcome.error).toBeUndefined();
	expect(paidFor()).toEqual(['a', 'b', 'c']);
	expect(outcome.json().map((json) => json['task_id'])).toEqual(bench().taskIds);
});

test("a user's Retry does not send an uncertain item again", async () => {
	bench().sandbox.faults.add({ on: 'submit', skip: 1, times: 1, fault: { type: 'reset', when: 'afterAccept' } });
	const execution = await bench().start(batch);
	await execution.outcome();
	const again = await execution.retry();
	expect((await again.outcome()).words).toContain(bench().sandbox.tasks[1]?.requestId);
	expect(paidFor().filter((name) => name === 'b')).toEqual(['b']);
	const second = await (await again.retry()).outcome();
	expect(second.failure.message).toContain(bench().taskIds[0]);
	expect(new Set(paidFor()).size).toBe(paidFor().length);
});

test('also when n8n has moved the files of a run that a webhook or form started', async () => {
	bench().sandbox.faults.add({ on: 'submit', skip: 1, times: 1, fault: refusal });
	const items = ['one', 'two'].map((text) => ({ binary: { data: Buffer.from(text) } }));
	const execution = await bench().start({ parameters: { inputType: 'binary' }, items });
	await execution.outcome();
	const outcome = await (await execution.retry(moveBinaries)).outcome();
	expect(outcome.error).toBeUndefined();
	expect(bench().taskIds).toHaveLength(2);
	expect(outcome.json().map((json) => json['task_id'])).toEqual(bench().taskIds);
});

test('"Submit Again" sends an uncertain item again, at the user\'s word', async () => {
	bench().sandbox.faults.add({ on: 'submit', times: 1, fault: { type: 'notJson', create: false } });
	const parameters = { options: { whenUncertain: 'resubmit' } };
	const outcome = await bench().submit({ parameters });
	expect(outcome.json()).toMatchObject([{ status: 'submitted', task_id: bench().taskIds[0] }]);
	expect(bench().submits).toHaveLength(2);
}, 30_000);

test('each round of a loop pays for its own tasks, also for the same video', async () => {
	const outcome = await bench().submit({ rounds: 3 });
	expect(outcome.rounds).toBe(3);
	const ids = [0, 1, 2].map((round) => outcome.json(round)[0]?.['task_id']);
	expect(ids).toEqual(bench().taskIds);
	expect(new Set(ids).size).toBe(3);
});

test('a further try in a later round pays for nothing twice', async () => {
	// Round 1: a, b. Round 2: a, then b refused; its second try: b.
	bench().sandbox.faults.add({ on: 'submit', skip: 3, times: 1, fault: refusal });
	const outcome = await bench().submit({ ...batch, items: three.slice(0, 2), rounds: 2, retryOnFail: true });
	expect(outcome.error).toBeUndefined();
	expect(paidFor()).toEqual(['a', 'b', 'a', 'b']);
	expect(bench().submits).toHaveLength(5);
	expect(outcome.json(1).map((json) => json['task_id'])).toEqual(bench().taskIds.slice(2));
});

test('a new execution pays anew', async () => {
	await bench().submit(batch);
	await bench().submit(batch);
	expect(paidFor()).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
});
