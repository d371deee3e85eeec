/** Stopping an execution ends what it does at once and leaves the accepted tasks in the log. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { useBench } from './support/hidream';

const bench = useBench();

/** Waits until something is so; the test's own timeout is the limit. */
async function until(so: () => boolean): Promise<void> {
	while (!so()) await sleep(5);
}

test('while the service keeps silent: the run ends, the rest is not sent, the task is in the log', async () => {
	bench().sandbox.faults.add({ on: 'submit', skip: 1, fault: { type: 'silence' } });
	const execution = await bench().start({ items: [{}, {}, {}] });
	await until(() => bench().submits.length === 2);
	execution.cancel();
	const outcome = await execution.outcome();
	expect(outcome.run.finished).not.toBe(true);
	expect(bench().submits).toHaveLength(2);
	const [id = 'no task'] = bench().taskIds;
	expect(outcome.log('info').join('\n')).toContain(id);
});

test('in the middle of an upload: the upload ends and makes no task', async () => {
	bench().sandbox.faults.add({ on: 'submit', fault: { type: 'slow', bytesPerSecond: 1024 * 1024 } });
	const video = randomBytes(24 * 1024 * 1024);
	const execution = await bench().start({ parameters: { inputType: 'binary' }, items: [{ binary: { data: video } }] });
	await until(() => (bench().submits[0]?.bodyBytes ?? 0) > 0);
	execution.cancel();
	await execution.outcome();
	expect(bench().submits[0]?.completed).toBe(false);
	expect(bench().taskIds).toEqual([]);
});

test('while waiting for a place in the minute: nothing more is sent', async () => {
	const credential = bench().account({ tasksPerMinute: 1 });
	const execution = await bench().start({ items: [{}, {}], credential });
	await until(() => bench().taskIds.length === 1);
	execution.cancel();
	await execution.outcome();
	expect(bench().submits).toHaveLength(1);
});

test('while waiting for a refusal to pass', async () => {
	const fault = { type: 'status', status: 429, headers: { 'Retry-After': '50' } } as const;
	bench().sandbox.faults.add({ on: 'submit', times: Infinity, fault });
	const execution = await bench().start();
	await until(() => bench().submits[0]?.status === 429);
	execution.cancel();
	await execution.outcome();
	expect(bench().submits).toHaveLength(1);
});
