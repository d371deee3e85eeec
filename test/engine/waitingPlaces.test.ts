/** Places among the running tasks, on an account that runs one at a time: a further try must not block itself. */
import { useBench } from './support/hidream';
import { all } from './support/tasks';
import { waiting } from './support/waiting';

const bench = useBench({ accountLevel: 'free', taskSeconds: 0.2 });

test('Retry On Fail under "Continue": the refused first item does not wait for the accepted ones behind it', async () => {
	bench().sandbox.faults.add({ on: 'submit', fault: { type: 'code', code: 1403 } });
	const more = { onError: 'continueRegularOutput' as const, retryOnFail: true, maxTries: 2, credential: bench().account({ accountLevel: 'free' }) };
	const outcome = await bench().submit(waiting(['a', 'b', 'c'], { concurrency: 1, parallelTasks: 1 }, more));
	expect(all(outcome.json(), 'status')).toEqual(['succeeded', 'succeeded', 'succeeded']);
	expect(all(outcome.json(), 'prompt')).toEqual(['a', 'b', 'c']);
	expect(bench().sandbox.tasks.map(({ prompt }) => prompt)).toEqual(['b', 'c', 'a']);
}, 20_000);
