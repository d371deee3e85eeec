/** Any response to a status request: no throw, no lost task, no unsafe name. */
import fc from 'fast-check';
import { queryTasks } from '../../../../nodes/hidream/queryTasks';
import { readTask } from '../../../../nodes/hidream/status';
import { taskJsonWith } from '../../../../nodes/shared/output';
import { sanitize, vendorJson } from '../../../../nodes/hidream/vendorJson';
import { errorInfoOf } from '../../../../nodes/shared/messages/aboutErrors';
import { BASE_URL, tokenCredential } from '../../support/credentials';
import { fakeConnection } from '../../support/httpRequests';
import { keysOf, nastyJson, sharedNames, statuses, subTaskResults } from '../arbitraries';

const UNSAFE = /^(__proto__|constructor|prototype|toString|valueOf|hasOwnProperty)$/;
const STATUSES = ['waiting', 'processing', 'succeeded', 'failed', 'rejected', 'not_found'];

/** A merge that follows inherited names, like a careless one. */
function mergeDeep(target: Record<string, unknown>, source: unknown): void {
	for (const key of typeof source === 'object' && source !== null ? Object.keys(source) : []) {
		const value: unknown = Reflect.get(source as object, key);
		if (typeof value !== 'object' || value === null) Reflect.set(target, key, value);
		else mergeDeep((typeof target[key] === 'object' || typeof target[key] === 'function' ? target[key] : (target[key] = {})) as typeof target, value);
	}
}

function checkTask(json: ReturnType<typeof taskJsonWith>): void {
	expect(STATUSES).toContain(json['status']);
	expect(json['progress']).toBeGreaterThanOrEqual(0);
	expect(json['progress']).toBeLessThanOrEqual(1);
	const urls = json['video_urls'] as string[];
	for (const url of urls) expect(url).toMatch(/^https?:\/\/[^/\s]/i);
	expect(json['video_url']).toBe(json['status'] === 'succeeded' ? (urls[0] ?? null) : null);
	expect(keysOf(json).filter((key) => UNSAFE.test(key))).toEqual([]);
}

test('any entries of one task have a state', () => {
	const before = sharedNames();
	fc.assert(
		fc.property(subTaskResults, (value) => {
			const task = readTask('t', vendorJson(JSON.stringify(value)));
			checkTask(taskJsonWith(task, {}));
			const own = (typeof value === 'object' && value !== null ? [value, ...Object.values(value)] : []).map((entry: unknown) => (entry as { task_status?: unknown } | null)?.task_status);
			if (task.status === 'succeeded') expect(own.some((status) => status === 1 || status === '1')).toBe(true);
			if (task.status === 'waiting') expect(own.some((status) => status === null || status === '')).toBe(false);
			if (task.description !== undefined) expect(task.description.length).toBeLessThanOrEqual(500);
			mergeDeep({}, taskJsonWith(task, {}));
		}),
		{ numRuns: 250 },
	);
	expect(sharedNames()).toEqual(before);
});

test('has a result for each requested task, whatever the service responds', async () => {
	const one = fc.record({ task_id: fc.oneof(fc.constantFrom('a', 'b', '__proto__'), nastyJson), sub_task_results: subTaskResults }, { requiredKeys: [] });
	const responses = fc.record({ code: fc.oneof(fc.constant(0), nastyJson), result: fc.oneof(fc.array(one, { maxLength: 4 }), one, nastyJson), message: nastyJson });
	const reply = fc.record({ statusCode: fc.oneof(fc.constant(200), statuses), body: fc.oneof(responses.map((json) => JSON.stringify(json)), fc.string()) });
	const before = sharedNames();
	await fc.assert(
		fc.asyncProperty(fc.array(reply, { minLength: 12, maxLength: 12 }), fc.boolean(), async (replies, confirmEmpty) => {
			const ids = ['a', 'b', '__proto__', 'constructor'];
			const { connection, seen } = fakeConnection(tokenCredential(), ...replies);
			const results = await queryTasks(connection, { confirmEmpty }, ids);
			expect([...results.keys()].sort()).toEqual([...ids].sort());
			for (const [id, answer] of results) {
				if ('state' in answer) {
					expect(answer.state.taskId).toBe(id);
					checkTask(taskJsonWith(answer.state, {}));
				} else {
					const { message, hint } = errorInfoOf(answer.reason);
					expect(message).toMatch(/^(HiDream,? |Something between n8n and HiDream |A proxy |The Base URL ).*\S/s);
					expect(hint).toMatch(/\S/);
				}
			}
			for (const { options } of seen) expect(options.url.startsWith(`${BASE_URL}/`)).toBe(true);
			expect(seen.length).toBeLessThanOrEqual(ids.length + 1);
		}),
		{ numRuns: 100 },
	);
	expect(sharedNames()).toEqual(before);
});

test('sanitizing removes unsafe names and nothing else', () => {
	fc.assert(
		fc.property(nastyJson, (value) => {
			const text = JSON.stringify(value);
			const clean = sanitize(JSON.parse(text));
			expect(keysOf(clean).filter((key) => UNSAFE.test(key))).toEqual([]);
			if (!keysOf(value).some((key) => UNSAFE.test(key))) expect(JSON.stringify(clean)).toBe(text);
		}),
		{ numRuns: 150 },
	);
});

test.each([[1e6, '['], [1e6, '{"a":']])('%d levels of %s do not end n8n', (levels, open) => {
	const deep = open.repeat(levels) + '1' + (open === '[' ? ']' : '}').repeat(levels);
	expect(() => JSON.stringify(vendorJson(deep))).not.toThrow();
	expect(JSON.stringify(vendorJson(deep)).length).toBeLessThan(500);
});
