/** What a wait asks of the service: how many tasks at once, how many questions, and of whom. */
import { DEFAULT_SETTINGS } from '../../sandbox';
import { useBench } from './support/hidream';
import { all } from './support/tasks';
import { calm, until, waiting } from './support/waiting';

const bench = useBench({ taskSeconds: 1000 });

/** A batch query's body in bytes: each ID takes 36 characters, two quotes and a comma. */
const bytesOf = (ids: number) => '{"task_id_list":[]}'.length + ids * 39 - 1;

/** The sizes of the batch queries that begin from now on, once there are `count`. */
async function nextBatches(count: number): Promise<number[]> {
	const before = bench().batches.length;
	const complete = () => bench().batches.slice(before).filter(({ completed }) => completed);
	await until(() => complete().length >= count);
	return complete().slice(0, count).map(({ bodyBytes }) => bodyBytes);
}

const settleAll = () => bench().taskIds.forEach((id) => bench().sandbox.settle(id, 'succeeded'));

test('50 tasks are one question', async () => {
	const execution = await bench().start(waiting(calm(50)));
	await until(() => bench().taskIds.length === 50);
	await nextBatches(1);
	expect(await nextBatches(3)).toEqual([bytesOf(50), bytesOf(50), bytesOf(50)]);
	settleAll();
	expect(new Set(all((await execution.outcome()).json(), 'status'))).toEqual(new Set(['succeeded']));
	expect(bench().singles).toEqual([]);
});

test('150 tasks are two, of a hundred at most', async () => {
	const execution = await bench().start(waiting(calm(150), { concurrency: 20 }));
	await until(() => bench().taskIds.length === 150);
	await nextBatches(2);
	expect((await nextBatches(4)).sort()).toEqual([bytesOf(100), bytesOf(100), bytesOf(50), bytesOf(50)].sort());
	settleAll();
	expect((await execution.outcome()).json()).toHaveLength(150);
	expect(bench().singles).toEqual([]);
});

test('executions that use one account share their questions', async () => {
	const executions = [await bench().start(waiting(calm(3))), await bench().start(waiting(calm(4)))];
	await until(() => bench().taskIds.length === 7);
	await nextBatches(1);
	expect(await nextBatches(2)).toEqual([bytesOf(7), bytesOf(7)]);
	settleAll();
	const [three, four] = await Promise.all(executions.map(async (execution) => await execution.outcome()));
	expect([three?.json().length, four?.json().length]).toEqual([3, 4]);
	expect(new Set([...all(three?.json() ?? [], 'task_id'), ...all(four?.json() ?? [], 'task_id')])).toEqual(new Set(bench().taskIds));
});

test('a task that has ended is not asked about again', async () => {
	const execution = await bench().start(waiting(calm(3)));
	await until(() => bench().taskIds.length === 3);
	bench().sandbox.settle(bench().taskIds[0] ?? '', 'succeeded');
	await nextBatches(2);
	expect(await nextBatches(2)).toEqual([bytesOf(2), bytesOf(2)]);
	bench().taskIds.slice(1).forEach((id) => bench().sandbox.settle(id, 'failed'));
	expect(all((await execution.outcome()).json(), 'status')).toEqual(['succeeded', 'failed', 'failed']);
});

describe('a service with its limits on', () => {
	const strict = useBench({ taskSeconds: 0.1, accountLevel: 'level1', parallelTasks: DEFAULT_SETTINGS.parallelTasks });

	test.each([
		['the account level', { accountLevel: 'level1' }, undefined],
		['a level of its own', { accountLevel: 'custom', parallelTasks: 2 }, undefined],
		['the option', { accountLevel: 'level4' }, 3],
	])('%s says how many tasks run at once: nothing is refused', async (_name, account, parallelTasks) => {
		const { parameters, ...more } = waiting(calm(7));
		const options = { pollInterval: 0.05, concurrency: 5, ...(parallelTasks !== undefined && { parallelTasks }) };
		const outcome = await strict().submit({ ...more, parameters: { ...parameters, options }, credential: strict().account(account) });
		expect(new Set(all(outcome.json(), 'status'))).toEqual(new Set(['succeeded']));
		expect(strict().submits).toHaveLength(7);
		expect(strict().taskIds).toHaveLength(7);
	});

	test('a task that never ends holds one place, and the others go past it', async () => {
		const outcome = await strict().submit(waiting(['[never]', ...calm(4)], { parallelTasks: 2, maxWait: 0.05 }));
		expect(all(outcome.json(), 'status')).toEqual(['timed_out', ...calm(4).map(() => 'succeeded')]);
		expect(strict().submits).toHaveLength(5);
	});
});
