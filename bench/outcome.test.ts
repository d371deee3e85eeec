/** The checks of the benchmark: a way that loses or repeats a task has no figures. */
import type { TaskRecord } from '../sandbox';
import { assertSubmittedOnce, ITEM_PROMPT, ITEM_STYLE, urlItems } from './items/items';
import type { ServiceState } from './machine/service';
import { assertNoneLost } from './waiting/outcome';

describe('each item becomes one task', () => {
	const items = urlItems(3);
	const tasks = items.map(({ videoUrl }) => ({ video: { kind: 'url', url: videoUrl }, prompt: ITEM_PROMPT, style: ITEM_STYLE }) as TaskRecord);

	test('passes in any order', () => {
		expect(() => assertSubmittedOnce(items, [...tasks].reverse())).not.toThrow();
	});

	test.each([
		['a task is missing', tasks.slice(1), '3 items became 2 tasks'],
		['a task is duplicated', [...tasks.slice(1), ...tasks.slice(2)], 'Item 0 became another task'],
		['a task has another prompt', tasks.map((task, i) => (i === 1 ? { ...task, prompt: 'other' } : task)), 'Item 1 became another task'],
	])('fails if %s', (_what, arrived, message) => {
		expect(() => assertSubmittedOnce(items, arrived)).toThrow(message);
	});
});

describe('each task has one result', () => {
	const tasks = [{ taskId: 'a' }, { taskId: 'b' }];
	const after = (submit: number) => ({ tasks, requests: { submit }, log: [] }) as unknown as ServiceState;
	const node = { task_id: 'a', status: 'succeeded' };
	const service = { result: { task_id: 'b', sub_task_results: [{ task_status: 1 }] } };

	test("reads it from the node's output or the service's response", () => {
		expect(() => assertNoneLost([node, service], after(2), 2)).not.toThrow();
	});

	test.each([
		['one task timed out', [node, { task_id: 'b', status: 'timed_out' }]],
		['one result is duplicated', [node, node]],
		['one result is missing', [node]],
	])('fails if %s', (_what, results) => {
		expect(() => assertNoneLost(results, after(2), 2)).toThrow('1 of 2 tasks did not succeed');
	});

	test('fails if there was a submit too many', () => {
		expect(() => assertNoneLost([node, service], after(3), 2)).toThrow('3 submits created 2 tasks');
	});
});
