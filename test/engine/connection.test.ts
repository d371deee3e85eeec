/** Connections that do not come about, break, or fall silent. */
import { randomBytes } from 'node:crypto';
import { onlyFailure, wordsOf } from './support/failures';
import { useBench } from './support/hidream';
import { startSandbox } from '../../sandbox';

// An answer is waited for five minutes; a few seconds show the same.
jest.mock('../../nodes/hidream/limits', () => ({
	__esModule: true,
	...jest.requireActual<object>('../../nodes/hidream/limits'),
	ANSWER_MS: 5_000,
}));

const bench = useBench();
/** More than the socket buffers of both sides take, so that a break finds bytes not yet handed over. */
const big = () => ({ parameters: { inputType: 'binary' }, items: [{ binary: { data: randomBytes(24 * 1024 * 1024) } }] });

test('a refused connection: nothing was sent, and it says where', async () => {
	const gone = await startSandbox();
	await gone.close();
	const credential = bench().account({ baseUrl: gone.url });
	const outcome = await bench().submit({ credential, onError: 'continueErrorOutput' });
	const failed = onlyFailure(outcome);
	expect(failed.details).toMatchObject({ status: 'refused', task_id: null });
	expect(wordsOf(failed)).toMatch(/connect/i);
	expect(wordsOf(failed)).toContain('Base URL');
}, 60_000);

test('a reset in the middle of an upload: no task was made', async () => {
	bench().sandbox.faults.add({ on: 'submit', times: Infinity, fault: { type: 'reset', when: 'during' } });
	const outcome = await bench().submit({ ...big(), onError: 'continueErrorOutput' });
	expect(onlyFailure(outcome).details.status).toBe('refused');
	expect(bench().taskIds).toEqual([]);
	expect(outcome.everything).not.toContain(bench().sandbox.accessToken);
});

test('a refusal that comes before the body is in is read, not lost in a reset', async () => {
	const fault = { type: 'status', status: 413, after: 'headers' } as const;
	bench().sandbox.faults.add({ on: 'submit', times: Infinity, fault });
	const outcome = await bench().submit({ ...big(), onError: 'continueErrorOutput' });
	const failed = onlyFailure(outcome);
	expect(failed.details.status).toBe('refused');
	expect(wordsOf(failed)).toMatch(/413/);
	expect(bench().taskIds).toEqual([]);
});

test('a reset after a whole upload may have made a task', async () => {
	bench().sandbox.faults.add({ on: 'submit', times: Infinity, fault: { type: 'reset', when: 'afterAccept' } });
	const outcome = await bench().submit({ ...big(), onError: 'continueErrorOutput' });
	expect(onlyFailure(outcome).details.status).toBe('uncertain');
	expect(bench().taskIds).toHaveLength(1);
	expect(bench().submits).toHaveLength(1);
});

test('a slow upload that goes on is not given up', async () => {
	bench().sandbox.faults.add({ on: 'submit', fault: { type: 'slow', bytesPerSecond: 12 * 1024 * 1024, delayMs: 500 } });
	const outcome = await bench().submit(big());
	expect(outcome.json()).toMatchObject([{ status: 'submitted', task_id: bench().taskIds[0] }]);
}, 60_000);

test('no answer at all: given up in the end, and the task may exist', async () => {
	bench().sandbox.faults.add({ on: 'submit', times: Infinity, fault: { type: 'silence', create: true } });
	const outcome = await bench().submit({ parameters: { options: { requestId: 'r-silent' } }, onError: 'continueErrorOutput' });
	const failed = onlyFailure(outcome);
	expect(failed.details).toMatchObject({ status: 'uncertain', request_id: 'r-silent' });
	expect(wordsOf(failed)).toContain('no answer came in time');
	expect(bench().submits).toHaveLength(1);
});
