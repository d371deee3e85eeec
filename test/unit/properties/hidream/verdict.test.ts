/** Any response to a submit: no throw, no lost task, no token shown. */
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { parseResponse, parseRetryAfter } from '../../../../nodes/hidream/response';
import { accountReason, readExchange } from '../../../../nodes/hidream/query';
import { classifyResponse } from '../../../../nodes/hidream/verdict';
import { submitTask } from '../../../../nodes/hidream/submitTask';
import { vendorJson } from '../../../../nodes/hidream/vendorJson';
import { errorInfoOf } from '../../../../nodes/shared/messages/aboutErrors';
import { exchangeText } from '../../../../nodes/shared/messages/aboutResponses';
import type { ErrorInfo } from '../../../../nodes/shared/messages/message';
import { tokenCredential } from '../../support/credentials';
import { fakeConnection, clientError } from '../../support/httpRequests';
import { ManualUpload } from '../../support/uploads';
import { nastyJson, sharedNames, statuses, submitAnswers, tokens } from '../arbitraries';

/** Statuses that are sent before a request is processed. */
const REFUSING = new Set([301, 302, 307, 308, 400, 401, 403, 404, 405, 411, 413, 414, 415, 422, 429, 431]);

interface Sent {
	status: number;
	body: Readable;
	headers?: Record<string, string>;
	token?: string;
	handedOver?: boolean;
}

/** A submit with this response. */
async function submit({ status, body, headers = {}, token = 'sk-access-token', handedOver = true }: Sent) {
	const { connection } = fakeConnection(tokenCredential({ accessToken: token }), { statusCode: status, headers, body });
	const upload = new ManualUpload();
	upload.handedOver = handedOver;
	return await submitTask(connection, { body: upload.body, retryCodes: new Set() });
}

/** The bytes in several pieces, and then an error if requested. */
const pieces = (bytes: Buffer, size: number, breaks = false): Readable =>
	Readable.from((async function* () {
		for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
		if (breaks) throw clientError('ECONNRESET');
	})());

const problemIn = (verdict: Awaited<ReturnType<typeof submit>>): ErrorInfo | undefined => (verdict.kind === 'accepted' ? undefined : errorInfoOf(verdict.reason));

/** What the response says about a task, read without the node's code. */
function taskIn(answer: { code?: unknown; result?: unknown }): { id?: string; saysNo: boolean } {
	const { code, result } = answer;
	const saysNo = typeof code === 'string' ? !['', '0', 'ok', 'success'].includes(code.trim()) : typeof code === 'number' && code !== 0;
	const own: unknown = typeof result === 'object' && result !== null && Object.hasOwn(result, 'task_id') ? Reflect.get(result, 'task_id') : undefined;
	// Below 1e21 a number is written as plain digits, which are kept.
	const isId = typeof own === 'string' ? own.trim() !== '' : Number.isInteger(own) && (Number(own) > 0 || !Number.isSafeInteger(own)) && Math.abs(Number(own)) < 1e21;
	return { id: isId && !Array.isArray(result) ? String(own).trim() : undefined, saysNo };
}

test('accepted exactly if the response names a task and no code rejects it; a named task is never "refused"', async () => {
	const before = sharedNames();
	await fc.assert(
		fc.asyncProperty(statuses, submitAnswers, fc.integer({ min: 1, max: 50 }), fc.boolean(), async (status, answer, size, breaks) => {
			const text = JSON.stringify(answer);
			const { id, saysNo } = taskIn(JSON.parse(text) as object);
			const verdict = await submit({ status, body: pieces(Buffer.from(text), size, breaks) });
			expect(verdict.kind === 'accepted').toBe(id !== undefined && !saysNo);
			if (verdict.kind === 'accepted') expect(verdict.taskId).toBe(id);
			else if (id !== undefined) expect(verdict).toMatchObject({ kind: 'uncertain', reason: { taskId: id } });
			if (verdict.kind === 'refused' && !REFUSING.has(status) && status !== 503) expect(saysNo).toBe(true);
		}),
		{ numRuns: 150 },
	);
	expect(sharedNames()).toEqual(before);
});

test('any bytes: without a code, only a status that is sent before processing refuses', async () => {
	const bytes = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.string().map((text) => Buffer.from(`{"code":0,"result":${text}`)));
	await fc.assert(
		fc.asyncProperty(statuses, bytes, fc.boolean(), async (status, given, breaks) => {
			const verdict = await submit({ status, body: pieces(Buffer.from(given), 7, breaks) });
			if (verdict.kind === 'accepted') throw new Error('No task was named');
			const { taskId, vendorCode } = errorInfoOf(verdict.reason);
			expect(taskId).toBeUndefined();
			if (vendorCode === undefined) expect(verdict.kind).toBe(REFUSING.has(status) ? 'refused' : 'uncertain');
		}),
	);
});

test('every problem says what happened and what to do', async () => {
	await fc.assert(
		fc.asyncProperty(statuses, fc.oneof(submitAnswers, nastyJson), fc.boolean(), async (status, answer, handedOver) => {
			const errorInfo = problemIn(await submit({ status, body: pieces(Buffer.from(JSON.stringify(answer)), 1_000), handedOver }));
			if (!errorInfo) return;
			expect(errorInfo.message).toMatch(/^(HiDream|No |The |A proxy|Something between).*\S/s);
			expect(errorInfo.hint).toMatch(/^\S.+\.$/);
			expect(`${errorInfo.message} ${errorInfo.hint}`).not.toMatch(/\[object|undefined/);
			expect(errorInfo.message.length).toBeLessThan(1_000);
		}),
	);
});

test('a token that the service echoes appears nowhere, also in escaped JSON', async () => {
	const spell = fc.constantFrom<(text: string) => string>(
		(text) => text,
		(text) => [...text].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
		(text) => text.replaceAll('/', '\\/'),
	);
	const place = fc.constantFrom<(text: string) => string>(
		(text) => `{"code":7,"message":"${text}","request_id":"x${text}y"}`,
		(text) => `{"code":7,"message":"${'x'.repeat(490)}${text}"}`,
		(text) => `{"code":0,"result":{"task_id":"t ${text}","sub_task_ids":["${text}"]}}`,
		(text) => `"${text}"`,
		(text) => text,
	);
	await fc.assert(
		fc.asyncProperty(tokens, spell, place, statuses, async (token, write, put, status) => {
			const verdict = await submit({ status, body: pieces(Buffer.from(put(write(token))), 3), token });
			expect(JSON.stringify(verdict)).not.toContain(token.slice(0, 10));
		}),
	);
});

test('any JSON, with integers beyond 2^53 anywhere: never throws, and a response that names a task is never refused', () => {
	const big = fc.bigInt({ min: 2n ** 53n, max: 2n ** 70n }).map((value) => `${value}`);
	const text = fc.tuple(fc.oneof(submitAnswers, nastyJson, fc.jsonValue()), big).map(([json, digits]) => JSON.stringify(json).replaceAll('7', digits));
	fc.assert(
		fc.property(statuses, text, (status, body) => {
			const json = vendorJson(body);
			const response = { status, headers: {}, json, ...(json === null && { truncated: body }) };
			const answer = parseResponse(response, 0);
			const verdict = classifyResponse(answer, new Set(['0', 'odd']));
			if (verdict.kind === 'accepted') expect(verdict.taskId).toMatch(/\S/s);
			if (verdict.kind === 'refused') expect(answer.taskId).toBeUndefined();
			const [reason, exchanged] = [accountReason(response), readExchange(response)];
			const texts = [reason && errorInfoOf(reason), exchanged.ok ? exchanged : exchangeText(exchanged.reason)];
			expect(JSON.stringify(texts)).not.toMatch(/undefined|\[object/);
		}),
		{ numRuns: 150 },
	);
});

test('Retry-After is nothing, or a time between now and a day', () => {
	const header = fc.oneof(fc.string(), fc.stringMatching(/^\d{1,400}(\.\d+)?$/), fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()), nastyJson);
	fc.assert(
		fc.property(header, fc.nat(4e12), (text, now) => {
			const ms = parseRetryAfter(text, now);
			if (ms === undefined) return;
			expect(ms).toBeGreaterThanOrEqual(0);
			expect(ms).toBeLessThanOrEqual(86_400_000);
		}),
		{ numRuns: 150 },
	);
});
