/** Bodies that are packed, do not end, or break: read, capped, and never taken for "no task". */
import type { ServerResponse } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { onlyFailure, wordsOf } from './support/failures';
import { useBench } from './support/hidream';
import { startHostile, type Hostile } from './hostileService';

const bench = useBench();
let service: Hostile;

beforeEach(async () => {
	service = await startHostile();
});

afterEach(async () => {
	await service.close();
});

const TASK = Buffer.from('{"code":0,"message":"请求成功","result":{"task_id":"task-1","sub_task_ids":[]}}');
const MEBI = 1024 * 1024;

const submit = async (more: object = {}) =>
	await bench().submit({ credential: bench().account({ baseUrl: service.url, ...more }), onError: 'continueErrorOutput' });

/** Sends until nobody takes any more, and tells how much went out. */
function endless(response: ServerResponse): { sent: () => number } {
	let sent = 0;
	const piece = Buffer.alloc(64 * 1024, ' ');
	const more = () => {
		while (!response.destroyed && response.write(piece)) sent += piece.length;
	};
	response.on('error', () => undefined);
	response.on('drain', more);
	more();
	return { sent: () => sent };
}

test.each([
	['gzip', gzipSync],
	['deflate', deflateSync],
	['br', brotliCompressSync],
] as const)('an answer packed with %s is read', async (encoding, pack) => {
	service.next({ status: 200, headers: { 'Content-Encoding': encoding }, body: pack(TASK), piece: 5 });
	expect((await submit()).json()).toMatchObject([{ task_id: 'task-1' }]);
});

test('what is not packed as it says cannot be read: there may be a task', async () => {
	service.next({ status: 200, headers: { 'Content-Encoding': 'gzip' }, body: TASK });
	expect(onlyFailure(await submit()).details.status).toBe('uncertain');
	expect(service.submits).toHaveLength(1);
});

test('a small answer that unpacks to a huge one is not unpacked to its end', async () => {
	service.next({ status: 200, headers: { 'Content-Encoding': 'gzip' }, body: gzipSync(Buffer.alloc(256 * MEBI)) });
	const before = process.memoryUsage().arrayBuffers;
	const failed = onlyFailure(await submit());
	expect(failed.details.status).toBe('uncertain');
	expect(wordsOf(failed)).toContain('longer than 8 MB');
	expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(128 * MEBI);
});

test.each([
	[200, 'uncertain', /longer than 8 MB\. The task may still have been created/],
	[502, 'uncertain', /HTTP 502.*longer than 8 MB/],
	[400, 'refused', /HTTP 400.*longer than 8 MB/],
] as const)('an answer without end, HTTP %i: the connection is closed, and the item is %s', async (status, outcome, words) => {
	let sent = () => 0;
	const closed = new Promise((resolve) => {
		service.next((response) => {
			response.on('close', resolve);
			response.writeHead(status, { 'Content-Type': 'application/json' });
			({ sent } = endless(response));
		});
	});
	const failed = onlyFailure(await submit());
	expect(failed.details.status).toBe(outcome);
	expect(wordsOf(failed)).toMatch(words);
	expect(service.submits).toHaveLength(1);
	await closed;
	expect(sent()).toBeLessThan(64 * MEBI);
});

test.each([
	[200, 'uncertain'],
	[500, 'uncertain'],
	[400, 'refused'],
] as const)('an answer that breaks off, HTTP %i: the item is %s, and not sent again', async (status, outcome) => {
	service.next({ status, body: TASK.subarray(0, 20), breaks: true });
	const failed = onlyFailure(await submit());
	expect(failed.details).toMatchObject({ status: outcome, task_id: null });
	expect(wordsOf(failed)).toMatch(/broke off/);
	expect(service.submits).toHaveLength(1);
});

test('a task that was named before the connection broke is not lost', async () => {
	service.next({ status: 200, body: TASK, breaks: true });
	expect((await submit()).json()).toMatchObject([{ task_id: 'task-1', status: 'submitted' }]);
});

test('an exchange of the key without end: no token, nothing sent, in words', async () => {
	service.next((response) => {
		response.writeHead(200);
		endless(response);
	});
	const failed = onlyFailure(await submit({ authentication: 'apiKey', apiKey: 'key-of-somebody' }));
	expect(failed.details.status).toBe('refused');
	expect(wordsOf(failed)).toContain('longer than 8 MB');
	expect(service.submits).toEqual([]);
});
