/** HiDream may call three times for one task: the workflow starts once. */
import { emittedTasksOf } from '../../../nodes/StylizeVideoTrigger/emittedTasks';
import { fakeWebhookFunctions, newTrigger, callTrigger, tasksAre, type Trigger } from '../support/webhookFunctions';

const bodyOf = (taskId: string) => ({ main_task_id: taskId });
const started = async (trigger: Trigger, taskId = 'task-1') => (await callTrigger({ trigger, body: bodyOf(taskId) })).item !== undefined;

test('consecutive callbacks emit a task once', async () => {
	const trigger = newTrigger();
	expect([await started(trigger), await started(trigger), await started(trigger)]).toEqual([true, false, false]);
	expect(trigger.staticData).toEqual({ emitted: ['task-1'] });
});

test('responds with 200 to a repeated callback without a status request', async () => {
	const trigger = newTrigger();
	await started(trigger);
	const { status, statusRequests } = await callTrigger({ trigger, body: bodyOf('task-1') });
	expect([status, statusRequests]).toEqual([200, []]);
});

test('concurrent callbacks emit a task once, before n8n has saved anything', async () => {
	const { id } = newTrigger();
	// Each call reads its own copy from the database.
	const heard = await Promise.all([1, 2, 3].map(async () => await callTrigger({ trigger: { id, staticData: {} }, body: bodyOf('task-1') })));
	expect(heard.map(({ status }) => status)).toEqual([200, 200, 200]);
	expect(heard.filter(({ item }) => item)).toHaveLength(1);
});

test('concurrent callbacks for two tasks: the last save has both', async () => {
	const { id } = newTrigger();
	const first = { id, staticData: {} };
	const second = { id, staticData: {} };
	await started(first, 'task-1');
	await started(second, 'task-2');
	expect(second.staticData).toEqual({ emitted: ['task-1', 'task-2'] });
});

test('after a restart, reads the emitted tasks from n8n\'s database', async () => {
	const trigger = { ...newTrigger(), staticData: { emitted: ['task-1'] } };
	expect([await started(trigger), await started(trigger, 'task-2')]).toEqual([false, true]);
	expect(trigger.staticData).toEqual({ emitted: ['task-1', 'task-2'] });
});

test.each([[{ emitted: 'nonsense' }], [{ emitted: [1, null] }]])('ignores a stored value that is no list of IDs (%j)', async (staticData) => {
	const trigger = { ...newTrigger(), staticData };
	expect([await started(trigger), await started(trigger)]).toEqual([true, false]);
});

test('keeps the last 1,000 tasks', async () => {
	const trigger = newTrigger();
	const memory = emittedTasksOf(fakeWebhookFunctions({ trigger }));
	expect(Array.from({ length: 1_002 }, (_, n) => memory.claim(`task-${n}`))).not.toContain(false);
	const { emitted } = trigger.staticData as { emitted: string[] };
	expect([emitted.length, emitted[0], emitted.at(-1)]).toEqual([1_000, 'task-2', 'task-1001']);
	expect([await started(trigger, 'task-2'), await started(trigger, 'task-0')]).toEqual([false, true]);
});

test('each trigger has its own list', async () => {
	expect([await started(newTrigger()), await started(newTrigger())]).toEqual([true, true]);
});

test('forgets a task if n8n could not start its execution, and keeps it if n8n could', async () => {
	const { id } = newTrigger();
	const read = () => ({ id, staticData: {} });
	const refused = await callTrigger({ trigger: read(), body: bodyOf('task-1') });
	refused.finish(500);
	const taken = await callTrigger({ trigger: read(), body: bodyOf('task-1') });
	expect(taken.item).toBeDefined();
	taken.finish(200);
	expect(await started(read())).toBe(false);
});

test('a test run neither reads nor changes the list', async () => {
	const trigger = newTrigger();
	const call = { trigger, body: bodyOf('task-1'), manual: true, service: tasksAre(1) };
	expect([(await callTrigger(call)).item, (await callTrigger(call)).item]).toEqual([expect.anything(), expect.anything()]);
	expect(trigger.staticData).toEqual({});
	expect(await started(trigger)).toBe(true);
});
