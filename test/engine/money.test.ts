/** A run that ends early: nothing new starts, and no paid task is lost from sight. */
import { asFailure } from './support/failures';
import { useBench } from './support/hidream';

const bench = useBench();
const items = (count: number) => Array.from({ length: count }, (_, n) => ({ json: { n } }));

/** An account that can pay for so many tasks. */
const withCredits = (credits: number) => {
	const { accessToken } = bench().sandbox.addAccount({ credits });
	return bench().account({ accessToken });
};

test('no credits: the run stops, and the message names every task and how many were not tried', async () => {
	const outcome = await bench().submit({ items: items(5), credential: withCredits(2) });
	expect(bench().submits).toHaveLength(3);
	expect(bench().taskIds).toHaveLength(2);
	for (const id of bench().taskIds) expect(outcome.failure.message).toContain(id);
	expect(outcome.failure.message).toMatch(/\b2\b[^.]*not (tried|sent|submitted)|not (tried|sent|submitted)[^.]*\b2\b/i);
	expect(outcome.words).toContain('2007');
	expect(outcome.words).toMatch(/credits/);
	expect(outcome.failure).toMatchObject({ context: { itemIndex: 2 } });
});

test('no credits under "Continue": the rest comes out as not tried', async () => {
	const outcome = await bench().submit({
		items: items(5),
		credential: withCredits(2),
		onError: 'continueRegularOutput',
	});
	expect(bench().submits).toHaveLength(3);
	const [first, second, ...failed] = outcome.json();
	expect([first?.['task_id'], second?.['task_id']]).toEqual(bench().taskIds);
	expect(failed.map((json) => asFailure(json).details.status)).toEqual(['refused', 'not_tried', 'not_tried']);
	expect(asFailure(failed[0]).details.code).toBe(2007);
});

test.each([2031, 2007])('code %i stops the run for all later items', async (code) => {
	bench().sandbox.faults.add({ on: 'submit', skip: 1, fault: { type: 'code', code } });
	const outcome = await bench().submit({ items: items(4), onError: 'continueErrorOutput' });
	expect(bench().submits).toHaveLength(2);
	expect(outcome.failures().map((json) => asFailure(json).details.status)).toEqual(['refused', 'not_tried', 'not_tried']);
});

test('with several in flight, what is under way is awaited and named', async () => {
	bench().sandbox.faults.add({ on: 'submit', times: 1, fault: { type: 'slow', delayMs: 400 } });
	bench().sandbox.faults.add({ on: 'submit', skip: 1, times: 1, fault: { type: 'code', code: 1403 } });
	bench().sandbox.faults.add({ on: 'submit', skip: 2, times: 1, fault: { type: 'slow', delayMs: 400 } });
	const outcome = await bench().submit({ items: items(9), parameters: { options: { concurrency: 3 } } });
	expect(bench().submits).toHaveLength(3);
	expect(bench().taskIds).toHaveLength(2);
	for (const id of bench().taskIds) expect(outcome.failure.message).toContain(id);
	expect(outcome.failure.message).toMatch(/\b6\b/);
});

test('each acceptance is logged at info level with its task ID', async () => {
	const outcome = await bench().submit({ items: items(3) });
	for (const id of bench().taskIds) {
		expect(outcome.log('info').filter((line) => line.includes(id))).toHaveLength(1);
	}
});

test('a code that nobody has described is not repeated, one that the user calls passing is', async () => {
	bench().sandbox.faults.add({ on: 'submit', times: 1, fault: { type: 'code', code: 1999, message: 'odd' } });
	const refused = await bench().submit();
	expect(refused.words).toContain('odd');
	expect(bench().submits).toHaveLength(1);
	bench().sandbox.faults.add({ on: 'submit', times: 1, fault: { type: 'code', code: 1999 } });
	const passed = await bench().submit({ parameters: { options: { retryCodes: '7, 1999' } } });
	expect(passed.json()).toMatchObject([{ task_id: bench().taskIds[0] }]);
	expect(bench().submits).toHaveLength(3);
}, 30_000);
