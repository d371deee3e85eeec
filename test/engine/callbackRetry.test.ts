/** A user's Retry of a run that was to be woken by callbacks: the accepted tasks still call the run that failed. */
import { useBench } from './support/hidream';
import { byCallback, useWebhooks } from './support/parking';
import { all } from './support/tasks';
import { calm } from './support/waiting';

const webhooks = useWebhooks();
const bench = useBench({ taskSeconds: 0.3 });

test('it waits by asking, submits what is missing and pays for nothing twice', async () => {
	bench().sandbox.faults.add({ on: 'submit', skip: 1, fault: { type: 'code', code: 1403 } });
	const failed = await bench().start({ ...byCallback(calm(3), { concurrency: 1 }), waitingUrl: webhooks().url });
	expect((await failed.outcome()).failure.message).toContain(String(bench().taskIds[0]));

	const outcome = await (await failed.retry()).outcome();
	expect(outcome.run.waitTill).toBeUndefined();
	expect(bench().sandbox.tasks.map(({ prompt }) => prompt)).toEqual(calm(3));
	expect(all(outcome.json(), 'task_id')).toEqual(bench().taskIds);
	expect(all(outcome.json(), 'status')).toEqual(['succeeded', 'succeeded', 'succeeded']);
	// It asks for the first time after the usual pause of ten seconds.
}, 40_000);
