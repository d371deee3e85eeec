/** Anyone may call a webhook with anything: one of three responses, status requests with IDs only, and nothing is trusted. */
import fc from 'fast-check';
import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';
import { newTrigger, callTrigger, SuspendedExecution, tasksIn } from '../support/webhookFunctions';
import { keysOf, nastyJson, sharedNames, statuses, subTaskResults } from './arbitraries';

const UNSAFE = /^(__proto__|constructor|prototype|toString|valueOf|hasOwnProperty)$/;

const ids = fc.oneof(fc.uuid(), fc.constantFrom('a b', '../../x', '?x=1#', 'https://evil.example/', '__proto__', 'x'.repeat(500)), nastyJson);
const shapes = fc.oneof(
	fc.record({ main_task_id: ids, sub_task_results: nastyJson }),
	fc.record({ result: fc.oneof(fc.record({ task_id: ids }), nastyJson), task_id: ids }, { requiredKeys: [] }),
	nastyJson,
);
const raw = fc.oneof(shapes.map((shape) => JSON.stringify(shape)), fc.string({ unit: 'binary' }));
const queries = fc.dictionary(fc.string(), nastyJson).map((query) => query as IDataObject);

/** HiDream's response about the task, or none. */
const replies = fc.oneof(
	fc.record({ statusCode: statuses, body: raw }),
	fc.record({ statusCode: fc.constant(200), body: subTaskResults.map((entries) => JSON.stringify({ code: 0, result: { sub_task_results: entries } })) }),
	fc.constant(new Error('odd')),
);

const service = (reply: Error | { statusCode: number; body: string }) => async () => {
	if (reply instanceof Error) throw reply;
	return reply;
};

/** The IDs in a status request of either kind. */
const idsIn = ({ body, qs }: IHttpRequestOptions): unknown[] => (body === undefined ? [qs?.['task_id']] : tasksIn(body));

const calls = fc.record({ body: shapes, rawBody: raw, query: queries, reply: replies });

test('the trigger confirms each callback with the API', async () => {
	const before = sharedNames();
	let started = 0;
	await fc.assert(
		fc.asyncProperty(calls, async ({ reply, ...call }) => {
			const trigger = newTrigger();
			const { status, item, statusRequests, log } = await callTrigger({ ...call, trigger, service: service(reply) });
			expect([200, 400, 503]).toContain(status);
			expect(log.join()).not.toContain('sk-secret');
			if (status === 400) expect(statusRequests).toEqual([]);
			for (const request of statusRequests) {
				expect(request.url).toMatch(/^https:\/\/hidream\.example\.com\/api-pub\/[a-z0-9/_-]+$/);
				for (const id of idsIn(request)) {
					expect(id).toMatch(/^[\x21-\x7e]{1,128}$/);
					expect(keyless([call.body, call.rawBody])).toContain(keyless(id));
				}
			}
			expect(keysOf(item).filter((key) => UNSAFE.test(key))).toEqual([]);
			if (!item) return;
			started += 1;
			expect(item).toMatchObject({ task_id: expect.stringMatching(/^[\x21-\x7e]{1,128}$/), query: {} });
		}),
		{ numRuns: 150 },
	);
	expect(started).toBeGreaterThan(0);
	expect(sharedNames()).toEqual(before);
});

/** JSON without the escapes that depend on how often a text was encoded. */
const keyless = (value: unknown): string => JSON.stringify(value).replace(/[\\"]/g, '');

test('a suspended execution requests only its own tasks, and resumes completely or not at all', async () => {
	const before = sharedNames();
	let started = 0;
	await fc.assert(
		fc.asyncProperty(calls, async ({ reply, ...call }) => {
			const tasks = ['task-1', 'task-2'];
			const suspended = new SuspendedExecution(tasks);
			const { result, status, answered, log } = await suspended.call({ ...call, service: service(reply) });
			expect(answered).toBe(true);
			expect([200, 503]).toContain(status);
			for (const request of suspended.statusRequests) for (const id of idsIn(request)) expect(tasks).toContain(id);
			if (result.workflowData) {
				started += 1;
				expect(status).toBe(200);
				expect(result.workflowData[0]?.map(({ json }) => json['task_id'])).toEqual(tasks);
				for (const { json } of result.workflowData[0] ?? []) expect(json['status']).toMatch(/^(succeeded|failed|rejected)$/);
			}
			expect(log.join()).not.toContain('sk-secret');
		}),
		{ numRuns: 150 },
	);
	expect(started).toBeGreaterThan(0);
	expect(sharedNames()).toEqual(before);
});
