/** The option Idempotency Key: one task per key, whatever happens to its requests. */
import type { IDataObject } from 'n8n-workflow';
import { useDeduplicator } from '../../harness/engine/deduplicator';
import type { Fault } from '../../sandbox';
import { untilTrue } from '../support/untilTrue';
import { asFailure, onlyFailure } from './support/outputs';
import { useEngine } from './support/engine';

const engine = useEngine({ taskSeconds: 0.1 });
const parameters = { options: { idempotencyKey: '={{ $json.file }}' } };
const files = (...names: string[]) => names.map((file) => ({ json: { file } }));

beforeEach(async () => void (await useDeduplicator()));

test('a second execution pays only for new files, and reports which were sent before', async () => {
	await engine().submit({ parameters, items: files('a.mp4', 'b.mp4') });
	const outcome = await engine().submit({ parameters, items: files('a.mp4', 'c.mp4', 'b.mp4') });
	expect(outcome.error).toBeUndefined();
	expect(engine().taskIds).toHaveLength(3);
	expect(outcome.json()).toHaveLength(3);
	expect(outcome.json()[1]).toMatchObject({ status: 'submitted', task_id: engine().taskIds[2] });
	expect(outcome.json()[0]?.['status']).not.toBe('submitted');
	expect(outcome.json()[2]?.['status']).not.toBe('submitted');
});

test('a key whose request had no response: uncertain with its request ID, and sent again with Submit Again', async () => {
	engine().sandbox.faults.add({ on: 'submit', times: 1, fault: { type: 'reset', when: 'afterAccept' } });
	const byKey = (more: IDataObject = {}) => engine().submit({ parameters: { options: { idempotencyKey: 'clip.mp4', ...more } }, onError: 'continueErrorOutput' });
	await byKey();
	const { requestId } = engine().sandbox.tasks[0] ?? {};
	const second = await byKey();
	expect(onlyFailure(second).details).toMatchObject({ status: 'uncertain', scope: 'item', request_id: requestId });
	expect(engine().submits).toHaveLength(1);
	const third = await byKey({ onUnclearResponse: 'resubmit' });
	expect(third.json()).toMatchObject([{ status: 'submitted', request_id: requestId }]);
	const fourth = await byKey({ onUnclearResponse: 'resubmit' });
	expect(fourth.json()).toMatchObject([{ status: 'already_submitted', request_id: requestId, task_id: null }]);
	expect(engine().submits).toHaveLength(2);
});

test('Retry On Fail does not mistake its earlier attempt for another execution', async () => {
	engine().sandbox.faults.add({ on: 'submit', skip: 1, times: 1, fault: { type: 'code', code: 1403 } });
	const outcome = await engine().submit({ parameters, items: files('a.mp4', 'b.mp4'), retryOnFail: true });
	expect(outcome.json()).toMatchObject([{ status: 'submitted' }, { status: 'submitted' }]);
	expect(outcome.json().map((json) => json['task_id'])).toEqual(engine().taskIds);
});

test('an item that fails validation leaves no key behind', async () => {
	await engine().submit({ parameters: { ...parameters, videoUrl: 'no url' }, items: files('a.mp4') });
	const outcome = await engine().submit({ parameters, items: files('a.mp4') });
	expect(outcome.json()).toMatchObject([{ status: 'submitted' }]);
});

describe('the same key twice at the same time', () => {
	const options = { ...parameters.options, concurrency: 2 };
	const refusal: Fault = { type: 'code', code: 1403 };
	const busy: Fault = { type: 'status', status: 429, headers: { 'Retry-After': '1' } };

	/** The status of each item, in the order of the output. */
	const both = async (fault?: Fault) => {
		if (fault) engine().sandbox.faults.add({ on: 'submit', times: 1, fault });
		const outcome = await engine().submit({ parameters: { options }, items: files('a.mp4', 'a.mp4'), onError: 'continueRegularOutput' });
		return outcome.json().map((json) => ('details' in json ? asFailure(json).details.status : json['status']));
	};

	test.each<[string, Fault | undefined, string[], number]>([
		['accepted', undefined, ['submitted', 'already_submitted'], 1],
		['refused', refusal, ['refused', 'submitted'], 2],
		['uncertain', { type: 'reset', when: 'afterAccept' }, ['uncertain', 'uncertain'], 1],
	])('the second item gets the outcome that is true after the first one is %s', async (_, fault, statuses, requests) => {
		expect(await both(fault)).toEqual(statuses);
		expect(engine().submits).toHaveLength(requests);
		expect(engine().taskIds).toHaveLength(1);
	});

	test('two items with one key do not deadlock when only one task may run', async () => {
		engine().sandbox.faults.add({ on: 'submit', times: 1, fault: busy });
		const operation = { operation: 'submitAndWait', options: { ...options, pollInterval: 0.05 } };
		const outcome = await engine().submit({ parameters: operation, items: files('a.mp4', 'a.mp4'), limits: { parallelTasks: 1 } });
		expect(outcome.json()).toMatchObject([{ status: 'succeeded' }, { status: 'already_submitted' }]);
		expect(engine().submits).toHaveLength(2);
	});

	test('another execution sends the video if the first one is refused in the end', async () => {
		for (const fault of [busy, refusal]) engine().sandbox.faults.add({ on: 'submit', times: 1, fault });
		const first = await engine().start({ parameters, items: files('a.mp4'), onError: 'continueErrorOutput' });
		await untilTrue(() => engine().submits.length === 1);
		const second = await engine().submit({ parameters, items: files('a.mp4') });
		expect(asFailure((await first.outcome()).failures()[0]).details.status).toBe('refused');
		expect(second.json()).toMatchObject([{ status: 'submitted', task_id: engine().taskIds[0] }]);
	});
});
