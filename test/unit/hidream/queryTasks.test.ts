/** Querying tasks: every shape of a response, and the number of requests. */
import { queryTasks } from '../../../nodes/hidream/queryTasks';
import { readTask } from '../../../nodes/hidream/status';
import { errorInfoOf } from '../../../nodes/shared/messages/aboutErrors';
import { taskJsonWith } from '../../../nodes/shared/output';
import { tokenCredential } from '../support/credentials';
import { fakeConnection } from '../support/httpRequests';
import type { Reply } from '../support/httpRequests';

const URL = 'https://media.example.com/clip.mp4';

describe('a succeeded task, with its video in any field', () => {
	test.each<[unknown, string[]]>([
		[URL, [URL]],
		[` ${URL}\n`, [URL]],
		['//media.example.com/clip.mp4', [URL]],
		['817cd5b0-0000-4000-8000-000000000000.mp4', []],
		['v_817cd5b0', []],
		[{ url: URL }, [URL]],
		[{ video: { url: ` ${URL}` } }, [URL]],
		[[URL, { url: 'http://a.example/2.mp4' }], [URL, 'http://a.example/2.mp4']],
		[{ id: 5 }, []],
	])('%j', (video, urls) => {
		for (const field of ['video', 'video_url', 'url', 'media', 'output', 'image']) {
			const entries = [{ task_status: 1, video: '', [field]: video }];
			const task = readTask('t', entries);
			expect(taskJsonWith(task, {})).toMatchObject({ status: 'succeeded', progress: 1, video_urls: urls, video_url: urls[0] ?? null });
			expect(task.subTaskResults).toEqual(entries);
		}
	});

	test('a preview does not replace a video that is a bare name', () => {
		expect(readTask('t', [{ task_status: 1, video: 'v_1.mp4', image: URL }])).toMatchObject({ status: 'succeeded', videoUrls: [] });
	});

	test.each([undefined, null, '', ' ', [], {}, [''], { url: '' }, { url: null }, false])('without a video (%j) the task is processing', (video) => {
		expect(readTask('t', [{ task_status: 1, video }])).toMatchObject({ status: 'processing', videoUrls: [] });
	});
});

test.each<[unknown, string]>([
	['0', 'waiting'],
	[' 2 ', 'processing'],
	[2, 'processing'],
	[-5, 'processing'],
	['-1', 'processing'],
	['3', 'failed'],
	[4, 'rejected'],
	['1005', 'failed'],
	['processing', 'processing'],
	['', 'processing'],
	[true, 'processing'],
	[null, 'processing'],
	[undefined, 'processing'],
	[{}, 'processing'],
	[99, 'failed'],
	['-6', 'failed'],
	[1003, 'failed'],
])('task_status %j: %s', (task_status, status) => {
	expect(readTask('t', [{ task_status }]).status).toBe(status);
});

test('an unknown status ends a task only if every entry has one', () => {
	expect(readTask('t', [{ task_status: 99 }, { task_status: 7 }])).toMatchObject({ status: 'failed', description: 'unknown status 99' });
	expect(readTask('t', [{ task_status: 99 }, { task_status: 1, video: URL }]).status).toBe('processing');
});

test('reads why a task failed from description or error_msg', () => {
	expect(readTask('t', [{ task_status: 3, description: ' ', error_msg: 'congestion' }]).description).toBe('congestion');
});

const DONE = { task_status: 1, video: URL };
const json = (body: object, statusCode = 200): Reply => ({ statusCode, body: JSON.stringify(body) });

async function query(replies: Reply[], ids = ['t-1'], more: object = {}) {
	const { connection, seen } = fakeConnection(tokenCredential(), ...replies);
	const results = await queryTasks(connection, more, ids);
	const messageOf = (id: string) => {
		const result = results.get(id);
		return result && 'reason' in result ? errorInfoOf(result.reason) : undefined;
	};
	return { results, seen, of: (id: string) => results.get(id), messageOf };
}

const BIG = '1234567890123456789';

test.each<[string, string]>([
	['a code as text', `{"code":"0","result":[{"task_id":"${BIG}","sub_task_results":[${JSON.stringify(DONE)}]}]}`],
	['an ID as a number', `{"code":0,"result":[{"task_id":${BIG},"sub_task_results":[${JSON.stringify(DONE)}]}]}`],
	['main_task_id', `{"code":0,"result":[{"main_task_id":${BIG},"sub_task_results":[${JSON.stringify(DONE)}]}]}`],
	['one entry without a list', `{"code":0,"result":{"task_id":${BIG},"sub_task_results":${JSON.stringify(DONE)}}}`],
	['entries by their ID', `{"code":0,"result":[{"task_id":${BIG},"sub_task_results":{"a":${JSON.stringify(DONE)}}}]}`],
	['a result as JSON text', JSON.stringify({ code: 0, result: `[{"task_id":${BIG},"sub_task_results":[${JSON.stringify(DONE)}]}]` })],
])('reads a batch response with %s', async (_, body) => {
	const { of } = await query([{ statusCode: 200, body }], [BIG]);
	expect(of(BIG)).toMatchObject({ state: { status: 'succeeded', videoUrls: [URL] } });
});

const NO_BATCH = json({}, 405);

test('ignores entries of a batch response without an ID or of another task', async () => {
	const result = [DONE, { sub_task_results: [DONE] }, { task_id: 't-2', sub_task_results: [DONE] }];
	const { results, of, seen } = await query([json({ code: 0, result }), json({ code: 0, result: { sub_task_results: [] } })]);
	expect(of('t-1')).toMatchObject({ state: { status: 'waiting' } });
	expect([...results.keys()]).toEqual(['t-1']);
	expect(seen).toHaveLength(2);
});

test.each([
	['an HTTP error', 500, 0],
	['an error code', 200, 1500],
])('takes no status from a batch response with %s', async (_, status, code) => {
	const result = [{ task_id: 't-1', sub_task_results: [DONE] }];
	const { of, seen } = await query([json({ code, result }, status), json({ code: 0, result: { sub_task_results: [] } })]);
	expect(of('t-1')).toMatchObject({ state: { status: 'waiting' } });
	expect(seen).toHaveLength(2);
});

test('queries a task again that a batch response leaves empty, if it may be unknown', async () => {
	const empty = json({ code: 0, result: [{ task_id: 't-1', sub_task_results: [] }] });
	expect((await query([empty])).of('t-1')).toMatchObject({ state: { status: 'waiting' } });
	const confirmed = await query([empty, json({ code: 1404, message: 'no such task' })], ['t-1'], { confirmEmpty: true });
	expect(confirmed.of('t-1')).toMatchObject({ state: { status: 'not_found' } });
});

test.each([
	[0.4, 0.4],
	[40, 0.4],
	['75', 0.75],
	[1, 1],
	[250, 1],
	[-3, 0],
	['half', 0],
])('reads the progress %p as %d', (task_completion, progress) => {
	expect(readTask('t', [{ task_status: 2, task_completion }]).progress).toBeCloseTo(progress);
});

test.each<[string, object, string]>([
	['a code as text', { code: ' 0 ', result: { sub_task_results: [DONE] } }, 'succeeded'],
	['the entries as the result', { code: 0, result: [DONE] }, 'succeeded'],
	['a list with the task', { code: 0, result: [{ task_id: 't-1', sub_task_results: [DONE] }] }, 'succeeded'],
	['the entry as the result', { code: 0, result: DONE }, 'succeeded'],
	['entries beside a code', { code: 5, result: { sub_task_results: [DONE] } }, 'succeeded'],
	['an empty list', { code: 0, result: { sub_task_results: [] } }, 'waiting'],
	['a result without a list', { code: 0, result: { task_id: 't-1' } }, 'waiting'],
	['no result', { code: 0 }, 'not_found'],
	['an unknown ID, with "system" in the message', { code: 1404, message: 'The task does not exist in the system' }, 'not_found'],
	['a code as text for an unknown ID', { code: '1404', message: 'no such task' }, 'not_found'],
])('falls back to the single query after HTTP 405 to the batch query: %s', async (_, body, status) => {
	const { of, seen } = await query([NO_BATCH, json(body)]);
	expect(of('t-1')).toMatchObject({ state: { status } });
	expect(seen).toHaveLength(2);
});

test.each<[Reply, RegExp, RegExp]>([
	[{ statusCode: 403, body: '<html>' }, /Something between n8n and HiDream.*HTTP 403, a web page/, /proxies, firewalls and the Base URL/],
	[{ statusCode: 200, body: '<html>' }, /Something between n8n and HiDream.*HTTP 200, a web page/, /proxies, firewalls/],
	[{ statusCode: 404, body: '{"message":"no Route matched"}' }, /Something between.*JSON that is not from HiDream/, /Base URL/],
	[{ statusCode: 502 }, /HiDream, or something between.*HTTP 502/, /Try again later/],
	[json({ code: 9, message: 'odd' }, 403), /did not return the status of the task: "odd" \(code 9\)/, /Try again later/],
	[json({ code: 'insufficient_credits' }), /code insufficient_credits/, /Top it up/],
	[json({ code: 9999, message: 'system busy' }), /"system busy" \(code 9999\)/, /Try again later/],
	[json({ code: 'token_expired' }), /token_expired/, /token or key/],
])('has no state for %j', async (reply, what, advice) => {
	const { messageOf } = await query([NO_BATCH, reply]);
	expect(messageOf('t-1')).toMatchObject({ message: expect.stringMatching(what), hint: expect.stringMatching(advice) });
});

test('reads the other tasks although HiDream fails with two of them', async () => {
	const { of } = await query([NO_BATCH, { statusCode: 500 }, { statusCode: 500 }, ...[3, 4].map((n) => json({ code: 0, result: { task_id: `t-${n}`, sub_task_results: [DONE] } }))], ['t-1', 't-2', 't-3', 't-4']);
	expect(['t-1', 't-2'].map(of)).toMatchObject([{ reason: {} }, { reason: {} }]);
	expect(['t-3', 't-4'].map(of)).toMatchObject([{ state: { status: 'succeeded' } }, { state: { status: 'succeeded' } }]);
});

test('after three failed queries of single tasks, sends no more', async () => {
	const { of, seen } = await query([NO_BATCH, ...[1, 2, 3].map(() => ({ statusCode: 500 }))], ['t-1', 't-2', 't-3', 't-4', 't-5']);
	expect(['t-1', 't-5'].map(of)).toMatchObject([{ reason: {} }, { reason: {} }]);
	expect(seen).toHaveLength(4);
});

test('queries thousands of tasks in chunks of 100, five at a time', async () => {
	const ids = Array.from({ length: 1_050 }, (_, n) => `t-${n}`);
	let [running, most] = [0, 0];
	const reply: Reply = async ({ options }) => {
		most = Math.max(most, (running += 1));
		await new Promise(setImmediate);
		running -= 1;
		const { task_id_list: list } = JSON.parse(String(options.body)) as { task_id_list: string[] };
		return { statusCode: 200, body: JSON.stringify({ code: 0, result: list.map((id) => ({ task_id: id, sub_task_results: [DONE] })) }) };
	};
	const { results, seen } = await query(Array.from({ length: 11 }, () => reply), ids);
	expect([...results.values()].every((response) => 'state' in response && response.state.status === 'succeeded')).toBe(true);
	expect([results.size, seen.length, most]).toEqual([1_050, 11, 5]);
});

test('a cancel ends the status requests: sends nothing more', async () => {
	const cancel = new AbortController();
	const reply: Reply = async () => {
		cancel.abort();
		return { statusCode: 500 };
	};
	const ids = Array.from({ length: 1_000 }, (_, n) => `t-${n}`);
	const { results, seen } = await query([reply, reply, reply, reply, reply], ids, { cancel: cancel.signal });
	expect(seen.length).toBeLessThanOrEqual(5);
	expect([...results.values()].every((response) => 'reason' in response)).toBe(true);
	expect(results.size).toBe(1_000);
});

test.each([
	[{ task_status: 'SUCCESS', video: 'https://v.example.com/a.mp4' }, 'succeeded'],
	[{ task_status: 1, videos: ['https://v.example.com/a.mp4'] }, 'succeeded'],
	[{ task_status: 'failed' }, 'failed'],
	[{ task_status: 'Rejected' }, 'rejected'],
	[{ task_status: 'queued' }, 'waiting'],
	[{ task_status: 'rendering' }, 'processing'],
])('%j is %s', async (entry, status) => {
	const { of } = await query([NO_BATCH, json({ code: 0, result: { task_id: 't-1', sub_task_results: [entry] } })]);
	expect(of('t-1')).toMatchObject({ state: { status } });
});
