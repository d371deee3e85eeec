/** "Submit Once Key": n8n's own database remembers what was sent, across executions. */
import { Deduplicator } from '../../harness/engine/deduplicator';
import { asFailure } from './support/failures';
import { useBench } from './support/hidream';

const bench = useBench();
const deduplicator = new Deduplicator();
const parameters = { options: { submitOnceKey: '={{ $json.file }}' } };
const files = (...names: string[]) => names.map((file) => ({ json: { file } }));

beforeAll(async () => {
	await deduplicator.install();
});

beforeEach(() => {
	deduplicator.recorded.clear();
});

test('a second execution pays for new files only and says which were sent before', async () => {
	await bench().submit({ parameters, items: files('a.mp4', 'b.mp4') });
	const outcome = await bench().submit({ parameters, items: files('a.mp4', 'c.mp4', 'b.mp4') });
	expect(outcome.error).toBeUndefined();
	expect(bench().taskIds).toHaveLength(3);
	expect(outcome.json()).toHaveLength(3);
	expect(outcome.json()[1]).toMatchObject({ status: 'submitted', task_id: bench().taskIds[2] });
	expect(outcome.json()[0]?.['status']).not.toBe('submitted');
	expect(outcome.json()[2]?.['status']).not.toBe('submitted');
});

test('the key holds the moment the request starts, so that a crash cannot lose it', async () => {
	bench().sandbox.faults.add({ on: 'submit', times: 1, fault: { type: 'reset', when: 'afterAccept' } });
	const first = await bench().submit({ parameters, items: files('a.mp4'), onError: 'continueErrorOutput' });
	expect(asFailure(first.failures()[0]).details.status).toBe('uncertain');
	await bench().submit({ parameters, items: files('a.mp4'), onError: 'continueErrorOutput' });
	expect(bench().taskIds).toHaveLength(1);
	expect(bench().submits).toHaveLength(1);
});

test('a refused file can be sent again', async () => {
	bench().sandbox.faults.add({ on: 'submit', times: 1, fault: { type: 'code', code: 1403 } });
	await bench().submit({ parameters, items: files('a.mp4') });
	const outcome = await bench().submit({ parameters, items: files('a.mp4') });
	expect(outcome.json()).toMatchObject([{ status: 'submitted', task_id: bench().taskIds[0] }]);
});

test('Retry On Fail does not take its own earlier try for another execution', async () => {
	bench().sandbox.faults.add({ on: 'submit', skip: 1, times: 1, fault: { type: 'code', code: 1403 } });
	const outcome = await bench().submit({ parameters, items: files('a.mp4', 'b.mp4'), retryOnFail: true });
	expect(outcome.json()).toMatchObject([{ status: 'submitted' }, { status: 'submitted' }]);
	expect(outcome.json().map((json) => json['task_id'])).toEqual(bench().taskIds);
});

test('an item that fails validation leaves no key behind', async () => {
	await bench().submit({ parameters: { ...parameters, videoUrl: 'no url' }, items: files('a.mp4') });
	const outcome = await bench().submit({ parameters, items: files('a.mp4') });
	expect(outcome.json()).toMatchObject([{ status: 'submitted' }]);
});
