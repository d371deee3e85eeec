/** A run that an item has ended: what waits in the line is not sent any more. */
import { useBench, type SubmitOptions } from './support/hidream';

const bench = useBench({ tasksPerMinute: 0 });
const items = (count: number) => Array.from({ length: count }, (_, n) => ({ json: { n } }));
const two = (more: SubmitOptions = {}): SubmitOptions => ({
	...more,
	items: items(2),
	parameters: { ...more.parameters, options: { concurrency: 2, parallelTasks: 0 } },
});

test.each(['submit', 'submitAndWait'])('%s: who was refused for now is not offered again once another item has failed', async (operation) => {
	bench().sandbox.faults.add({ on: 'submit', fault: { type: 'code', code: 1403, message: 'forbidden' } });
	bench().sandbox.faults.add({ on: 'submit', fault: { type: 'status', status: 429, headers: { 'retry-after': '2' } } });
	const outcome = await bench().submit(two({ parameters: { operation } }));
	expect(outcome.failure.message).toContain('[item 0]');
	expect(bench().submits).toHaveLength(2);
	expect(bench().taskIds).toEqual([]);
});

test('who waits for a place of the minute is not sent once another item has failed, and counts as not tried', async () => {
	bench().sandbox.faults.add({ on: 'submit', fault: { type: 'slow', delayMs: 300 } });
	bench().sandbox.faults.add({ on: 'submit', fault: { type: 'code', code: 1403, message: 'forbidden' } });
	const options = { concurrency: 4, tasksPerMinute: 2 };
	const outcome = await bench().submit({ items: items(4), parameters: { options } });
	expect(outcome.failure.message).toContain('[item 1]');
	expect(outcome.words).toMatch(/2 (further )?items/);
	expect(bench().submits).toHaveLength(2);
	expect(outcome.failure.message).toContain(bench().taskIds[0]);
});

test('no credits ends the run under "Continue" too, and who waits comes out as not tried', async () => {
	bench().sandbox.faults.add({ on: 'submit', fault: { type: 'code', code: 2007, message: 'no credits' } });
	bench().sandbox.faults.add({ on: 'submit', fault: { type: 'status', status: 429, headers: { 'retry-after': '2' } } });
	const outcome = await bench().submit(two({ onError: 'continueRegularOutput' }));
	expect(bench().submits).toHaveLength(2);
	expect(outcome.json().map(({ details }) => (details as { status: string }).status)).toEqual(['refused', 'refused']);
});
