/** "Retry On Fail" runs the whole node again; no item is paid for twice by it. */
import type { Fault } from '../../sandbox';
import { asFailure } from './support/failures';
import { useBench, type SubmitOptions } from './support/hidream';
import { startRecorder } from './support/recorder';

const bench = useBench();

/** Three items with a video each, tried three times. */
const tried = (more: SubmitOptions = {}): SubmitOptions => ({
	parameters: { videoUrl: '={{ $json.url }}' },
	items: ['a', 'b', 'c'].map((name) => ({ json: { url: `https://videos.example.com/${name}.mp4` } })),
	retryOnFail: true,
	maxTries: 3,
	...more,
});

const refusal: Fault = { type: 'code', code: 1403, message: 'forbidden' };

/** The videos of all accepted tasks: one that is in twice was paid for twice. */
const paidFor = () => bench().sandbox.tasks.map(({ video }) => (video.kind === 'url' ? video.url.at(-5) : ''));

test('after a refusal the next try sends only what has no task yet', async () => {
	bench().sandbox.faults.add({ on: 'submit', skip: 1, times: 1, fault: refusal });
	const outcome = await bench().submit(tried());
	expect(outcome.error).toBeUndefined();
	expect(paidFor()).toEqual(['a', 'b', 'c']);
	expect(bench().submits).toHaveLength(4);
	expect(outcome.json().map((json) => json['task_id'])).toEqual(bench().taskIds);
	expect(outcome.json()).toMatchObject([{ status: 'submitted' }, { status: 'submitted' }, { status: 'submitted' }]);
	expect(outcome.json().map((json) => json['sub_task_ids'])).toEqual(bench().sandbox.tasks.map((task) => task.subTaskIds));
});

test('a refusal in every try ends the run and names the task that was made', async () => {
	bench().sandbox.faults.add({ on: 'submit', skip: 1, times: Infinity, fault: refusal });
	const outcome = await bench().submit(tried());
	expect(paidFor()).toEqual(['a']);
	expect(bench().submits).toHaveLength(4);
	expect(outcome.failure.message).toContain(bench().taskIds[0]);
});

test.each([
	['reset after acceptance', { type: 'reset', when: 'afterAccept' }],
	['an HTTP 500 after acceptance', { type: 'acceptThenStatus', status: 500 }],
	['an answer without task_id', { type: 'noTaskId' }],
	['an answer that cannot be read', { type: 'notJson', create: true }],
] satisfies [string, Fault][])('%s: no try sends the item again', async (_name, fault) => {
	bench().sandbox.faults.add({ on: 'submit', skip: 1, times: 1, fault });
	const outcome = await bench().submit(tried());
	expect(paidFor().filter((name) => name === 'b')).toEqual(['b']);
	expect(new Set(paidFor()).size).toBe(paidFor().length);
	expect(outcome.failure.message).toContain(bench().taskIds[0]);
	expect(outcome.words).toContain(bench().sandbox.tasks[1]?.requestId);
	expect(outcome.failure.message).not.toContain(bench().taskIds[1]);
});

test('"Continue" with the first item refused in every try: the others are paid for once', async () => {
	bench().sandbox.faults.add({ on: 'submit', times: 1, fault: refusal });
	bench().sandbox.faults.add({ on: 'submit', skip: 3, times: Infinity, fault: refusal });
	const outcome = await bench().submit(tried({ onError: 'continueRegularOutput' }));
	expect(paidFor()).toEqual(['b', 'c']);
	expect(bench().submits).toHaveLength(5);
	const [first, second, third] = outcome.json();
	expect(asFailure(first).details).toMatchObject({ status: 'refused', code: 1403 });
	expect([second?.['task_id'], third?.['task_id']]).toEqual(bench().taskIds);
});

test('"Continue" with the first item uncertain: it is not sent again', async () => {
	bench().sandbox.faults.add({ on: 'submit', times: 1, fault: { type: 'acceptThenStatus', status: 500 } });
	const outcome = await bench().submit(tried({ onError: 'continueErrorOutput' }));
	expect(paidFor()).toEqual(['a', 'b', 'c']);
	expect(bench().submits).toHaveLength(3);
	const { details } = asFailure(outcome.failures()[0]);
	expect(details).toMatchObject({ status: 'uncertain', request_id: bench().sandbox.tasks[0]?.requestId });
});

test('a try after a refusal uses the same request_id', async () => {
	const recorder = await startRecorder();
	recorder.codes.push(0, 1403, 1403);
	const credential = bench().account({ baseUrl: recorder.url });
	const outcome = await bench().submit(tried({ credential }));
	await recorder.close();
	const [a, b1, b2, b3, c, ...more] = recorder.requests.map(({ json }) => json['request_id']);
	expect(more).toEqual([]);
	expect([b2, b3]).toEqual([b1, b1]);
	expect(new Set([a, b1, c]).size).toBe(3);
	expect(outcome.json().map((json) => json['request_id'])).toEqual([a, b1, c]);
});
