/** In a separate file because mutation tests skip it: it takes seconds. */
import { settle } from '../support/simulatedClock';
import { PollerTest } from '../support/pollerTest';

// A call can have about 120,000 arguments: spreading more tasks into one fails.
test('130,000 tasks: one status request at a time, and all waits end', async () => {
	const poller = new PollerTest();
	const ids = Array.from({ length: 130_000 }, (_, n) => `task-${n}`);
	const waits = ids.map(async (id) => await poller.wait(id));
	await settle();
	for (const id of ids) poller.tasks.set(id, 'succeeded');
	const waited = await poller.clock.run(Promise.all(waits));
	expect(waited.every(({ end }) => end === 'ended')).toBe(true);
	expect(poller.statusRequests).toHaveLength(1);
}, 120_000);
