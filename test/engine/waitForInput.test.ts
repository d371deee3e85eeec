/** Input of Submit and Wait that cannot be read, of the first item or of all. */
import { asFailure } from './support/failures';
import { useBench } from './support/hidream';
import { waiting } from './support/waiting';

const bench = useBench({ taskSeconds: 0.2 });
const requestId = '={{ $json.n === 0 ? $("No such node").first().json.x : "r-1" }}';

test('an option of the first item that cannot be evaluated costs that item only', async () => {
	const outcome = await bench().submit(waiting(['a', 'b'], { requestId }, { onError: 'continueRegularOutput' }));
	const [first, second] = outcome.json();
	expect(asFailure(first).details.status).toBe('invalid');
	expect(first?.['error']).toContain('"Options" cannot be evaluated');
	expect(second).toMatchObject({ task_id: bench().taskIds[0], status: 'succeeded', request_id: 'r-1' });
});

test('without "Continue" it ends the run before anything is sent, with what to do', async () => {
	const outcome = await bench().submit(waiting(['a', 'b'], { requestId }));
	expect(outcome.failure.message).toContain('"Options" cannot be evaluated');
	expect(outcome.failure.message).toContain('[item 0]');
	expect(outcome.words).toContain('Correct the expression in');
	expect(bench().sandbox.requests).toEqual([]);
});

const BAD = { parameters: { waitFor: '={{ "sometimes" }}' } };

test('a Wait For that there is not ends the run before anything is sent, with what to do', async () => {
	const outcome = await bench().submit(waiting(['a'], {}, BAD));
	expect(outcome.failure.message).toContain('"Wait For" has an unknown value: "sometimes"');
	expect(outcome.words).toContain('polling, callback');
	expect(bench().sandbox.requests).toEqual([]);
});

test('and under "Continue" every item says so', async () => {
	const outcome = await bench().submit(waiting(['a', 'b'], {}, { ...BAD, onError: 'continueErrorOutput' }));
	expect(outcome.json()).toEqual([]);
	expect(outcome.failures().map((item) => asFailure(item).details.status)).toEqual(['invalid', 'invalid']);
	expect(bench().sandbox.requests).toEqual([]);
});
