/** A batch that is interrupted by a crash, and n8n's log of it. Used in regular and in queue mode. */
import type { IDataObject } from 'n8n-workflow';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Sandbox, SandboxSettings } from '../../sandbox';
import { until } from './n8n';
import { videoItem } from './workflows';

/** The batch of every crash: twenty videos, each with its own URL. */
export const crashItems: IDataObject[] = Array.from({ length: 20 }, (_, i) => videoItem(i + 1));

/** No limit on the account. The service delays its acceptance, so that a kill interrupts some requests before it. */
export const crashSettings: Partial<SandboxSettings> = {
	latencyMs: 150,
	taskSeconds: 1,
	parallelTasks: { free: Infinity, level1: Infinity, level2: Infinity, level3: Infinity, level4: Infinity },
};

/** When n8n dies during the batch. */
export type Moment = 'at any moment' | 'while responses are outstanding';

/** Prepares the service, so that it has reached this moment when `untilHalfThrough` returns. */
export function prepareFor(moment: Moment, { faults }: Sandbox): void {
	if (moment === 'at any moment') faults.add({ on: 'submit', times: Infinity, fault: { type: 'slow', delayMs: 150 } });
	else faults.add({ on: 'submit', skip: 7, times: Infinity, fault: { type: 'silence', create: true } });
}

/** Waits until about ten of the videos are accepted. */
export async function untilHalfThrough(moment: Moment, { tasks }: Sandbox, concurrency: number): Promise<void> {
	if (moment === 'while responses are outstanding') {
		await until('all requests in flight are accepted without a response', () => tasks.length === 7 + concurrency);
		return;
	}
	await until('eight videos are accepted', () => tasks.length >= 8);
	await sleep(Math.random() * 150);
}

/** What the log says about a batch. */
export interface Logged {
	/** Task IDs by the `request_id` of their request. */
	accepted: Map<string, string>;
	/** The `request_id` of every request before it was sent. */
	sent: Set<string>;
}

/** Parses the log's documented lines. */
export function readLog(log: string): Logged {
	const accepted = [...log.matchAll(/HiDream accepted task (\S+) \(item \d+, request_id (\S+)\)/g)];
	const sent = [...log.matchAll(/Submitting item \d+ to HiDream \(request_id (\S+)\)/g)];
	return {
		accepted: new Map(accepted.map(([, taskId = '', requestId = '']) => [requestId, taskId])),
		sent: new Set(sent.map(([, requestId = '']) => requestId)),
	};
}

/** Waits until the log names every task by its ID: a response in transit when n8n dies is not in it. */
export async function untilLogged({ tasks }: Sandbox, log: () => Promise<string>): Promise<void> {
	await until('the log names all tasks', async () => {
		const named = new Set(readLog(await log()).accepted.values());
		return tasks.every(({ taskId }) => named.has(taskId));
	});
}

/**
 * Asserts that the log names every accepted task: by its ID, or by the `request_id` if the crash came before the response.
 * At most `concurrency` requests can have been without a response.
 */
export function expectAccounted({ tasks }: Sandbox, log: string, concurrency: number): void {
	const { accepted, sent } = readLog(log);
	expect(tasks.length).toBeGreaterThanOrEqual(8);
	expect(tasks.length).toBeLessThan(crashItems.length);
	const notLogged = tasks.filter(({ requestId, taskId }) => accepted.get(requestId ?? '') !== taskId);
	expect(notLogged.filter(({ requestId }) => !sent.has(requestId ?? ''))).toEqual([]);
	expect(notLogged.length).toBeLessThanOrEqual(concurrency);
	const unanswered = [...sent].filter((requestId) => !accepted.has(requestId));
	expect(unanswered.length).toBeLessThanOrEqual(concurrency);
	expect(accepted.size).toBe(tasks.length - notLogged.length);
}

/**
 * Asserts the guarantee of "Idempotency Key" for an interrupted batch that runs again: no video has two tasks. The key
 * of a video without a task was claimed when n8n crashed: its item is uncertain.
 * @param before the number of tasks of the interrupted run
 * @param output the output of the second run
 */
export function expectPaidOnce({ tasks }: Sandbox, before: number, output: IDataObject[], concurrency: number): void {
	const made = crashItems.map(({ videoUrl }) => tasks.filter(({ video }) => video.kind === 'url' && video.url === videoUrl));
	expect(made.filter(({ length }) => length > 1)).toEqual([]);
	expect(output).toHaveLength(crashItems.length);
	const early = new Set(tasks.slice(0, before));
	let uncertain = 0;
	for (const [n, json] of output.entries()) {
		const task = made[n]?.[0];
		const { status, request_id } = (json['details'] ?? json) as IDataObject;
		if (status === 'uncertain') uncertain += 1;
		if (task && early.has(task)) {
			expect(['already_submitted', 'uncertain']).toContain(status);
			expect(request_id).toBe(task.requestId);
		} else if (task) expect(json).toMatchObject({ status: 'submitted', task_id: task.taskId });
		else expect(status).toBe('uncertain');
	}
	expect(uncertain).toBeLessThanOrEqual(concurrency);
}
