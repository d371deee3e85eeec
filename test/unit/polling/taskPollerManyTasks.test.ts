/** In a separate file because mutation tests skip it: it takes seconds. */
import { settle } from '../support/simulatedClock';
import { Watch } from '../support/watch';

// A call can have about 120,000 arguments: spreading more tasks into one fails.
test('130,000 tasks: one status request at a time, and all waits end', async () => {
	const watch = new Watch();
	const ids = Array.from({ length: 130_000 }, (_, n) => `task-${n}`);
	const waits = ids.map(async (id) => await watch.wait(id));
	await settle();
	for (const id of ids) watch.tasks.set(id, 'succeeded');
	const waited = await watch.clock.run(Promise.all(waits));
	expect(waited.every(({ end }) => end === 'ended')).toBe(true);
	expect(watch.questions).toHaveLength(1);
}, 120_000);
