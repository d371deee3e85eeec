/** HiDream may call three times for one task: the workflow starts once. */
import { emittedTasksOf } from '../../../nodes/StylizeVideoTrigger/emittedTasks';
import { fakeWebhookFunctions, newTrigger, receive, tasksAre, type Trigger } from '../support/webhookFunctions';

const bodyOf = (taskId: string) => ({ main_task_id: taskId });
const started = async (trigger: Trigger, taskId = 'task-1') => (await receive({ trigger, body: bodyOf(taskId) })).item !== undefined;

test('calls one after another', async () => {
	const trigger = newTrigger();
	expect([await started(trigger), await started(trigger), await started(trigger)]).toEqual([true, false, false]);
	expect(trigger.staticData).toEqual({ emitted: ['task-1'] });
});

test('a repeated call is answered 200 without asking HiDream', async () => {
	const trigger = newTrigger();
	await started(trigger);
	const { status, asked } = await receive({ trigger, body: bodyOf('task-1') });
	expect([status, asked]).toEqual([200, []]);
});

test('calls of one instant, before n8n has saved anything', async () => {
	const { id } = newTrigger();
	// Each call reads its own copy out of the database.
	const heard = await Promise.all([1, 2, 3].map(async () => await receive({ trigger: { id, staticData: {} }, body: bodyOf('task-1') })));
	expect(heard.map(({ status }) => status)).toEqual([200, 200, 200]);
	expect(heard.filter(({ item }) => item)).toHaveLength(1);
});

test('calls of one instant about two tasks: what is saved last holds both', async () => {
	const { id } = newTrigger();
	const first = { id, staticData: {} };
	const second = { id, staticData: {} };
	await started(first, 'task-1');
	await started(second, 'task-2');
	expect(second.staticData).toEqual({ emitted: ['task-1', 'task-2'] });
});

test('after a restart n8n\'s database remembers', async () => {
	const trigger = { ...newTrigger(), staticData: { emitted: ['task-1'] } };
	expect([await started(trigger), await started(trigger, 'task-2')]).toEqual([false, true]);
	expect(trigger.staticData).toEqual({ emitted: ['task-1', 'task-2'] });
});

test.each([[{ emitted: 'nonsense' }], [{ emitted: [1, null] }]])('what is stored and is no list of IDs (%j) does no harm', async (staticData) => {
	const trigger = { ...newTrigger(), staticData };
	expect([await started(trigger), await started(trigger)]).toEqual([true, false]);
});

test('the last thousand tasks are remembered', async () => {
	const trigger = newTrigger();
	const memory = emittedTasksOf(fakeWebhookFunctions({ trigger }));
	expect(Array.from({ length: 1_002 }, (_, n) => memory.claim(`task-${n}`))).not.toContain(false);
	const { emitted } = trigger.staticData as { emitted: string[] };
	expect([emitted.length, emitted[0], emitted.at(-1)]).toEqual([1_000, 'task-2', 'task-1001']);
	expect([await started(trigger, 'task-2'), await started(trigger, 'task-0')]).toEqual([false, true]);
});

test('triggers do not share it', async () => {
	expect([await started(newTrigger()), await started(newTrigger())]).toEqual([true, true]);
});

test('an execution that n8n could not start is forgotten, one that it started is not', async () => {
	const { id } = newTrigger();
	const read = () => ({ id, staticData: {} });
	const refused = await receive({ trigger: read(), body: bodyOf('task-1') });
	refused.finish(500);
	const taken = await receive({ trigger: read(), body: bodyOf('task-1') });
	expect(taken.item).toBeDefined();
	taken.finish(200);
	expect(await started(read())).toBe(false);
});

test('a test run remembers nothing and uses nothing up', async () => {
	const trigger = newTrigger();
	const call = { trigger, body: bodyOf('task-1'), manual: true, service: tasksAre(1) };
	expect([(await receive(call)).item, (await receive(call)).item]).toEqual([expect.anything(), expect.anything()]);
	expect(trigger.staticData).toEqual({});
	expect(await started(trigger)).toBe(true);
});
