/** Expressions that give something else on every try: a further try is the same order all the same. */
import type { Fault } from '../../sandbox';
import { useBench, type SubmitOptions } from './support/hidream';
import { all } from './support/tasks';

const bench = useBench();
const refusal: Fault = { type: 'code', code: 1403, message: 'forbidden' };
const three = ['a', 'b', 'c'].map((name) => ({ json: { url: `https://videos.example.com/${name}.mp4` } }));

const VOLATILE = [
	['a random prompt', { prompt: '=take {{ Math.random() }}' }],
	['a random style', { style: '={{ ["anime", "cartoon", "abstract", "ink_wash", "watercolor"][Math.floor(Math.random() * 5)] }}' }],
	['a URL with the time in it', { videoUrl: '={{ $json.url }}?at={{ Date.now() }}{{ Math.random() }}' }],
] satisfies [string, object][];

const batch = (parameters: object): SubmitOptions => ({ items: three, parameters: { videoUrl: '={{ $json.url }}', ...parameters } });

/** What each task was made with, in the order of the tasks. */
const made = () => bench().sandbox.tasks.map(({ prompt, style }) => ({ prompt: prompt ?? '', style }));

test.each(VOLATILE)('%s: Retry On Fail pays for nothing twice, and says of each task what it was made with', async (_name, parameters) => {
	bench().sandbox.faults.add({ on: 'submit', skip: 2, fault: refusal });
	const outcome = await bench().submit({ ...batch(parameters), retryOnFail: true });
	expect(outcome.error).toBeUndefined();
	expect(bench().taskIds).toHaveLength(3);
	expect(all(outcome.json(), 'task_id')).toEqual(bench().taskIds);
	expect(outcome.json().map(({ prompt, style }) => ({ prompt, style }))).toEqual(made());
});

test.each(VOLATILE)("%s: nor does a user's Retry", async (_name, parameters) => {
	bench().sandbox.faults.add({ on: 'submit', skip: 2, fault: refusal });
	const execution = await bench().start(batch(parameters));
	expect((await execution.outcome()).words).toContain('1403');
	const outcome = await (await execution.retry()).outcome();
	expect(outcome.error).toBeUndefined();
	expect(bench().taskIds).toHaveLength(3);
	expect(all(outcome.json(), 'task_id')).toEqual(bench().taskIds);
});

test('an item in doubt is not sent again because its prompt is another one now', async () => {
	bench().sandbox.faults.add({ on: 'submit', skip: 1, fault: { type: 'acceptThenStatus', status: 500 } });
	const outcome = await bench().submit({ ...batch({ prompt: '={{ Math.random() }}' }), retryOnFail: true });
	expect(bench().taskIds).toHaveLength(2);
	expect(outcome.words).toContain(bench().sandbox.tasks[1]?.requestId);
});
