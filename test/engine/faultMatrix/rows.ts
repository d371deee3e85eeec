/**
 * The faults, and their meaning as in docs/errors.md. The list is written by hand on purpose: if it used the node's
 * table, the matrix could not find mistakes in it.
 */
import type { Fault } from '../../../sandbox';
import { answerWith, reset } from '../support/brokenNetwork';
import type { FaultCase } from './expected';
import type { BrokenHost, ClosedHost, MatrixRow } from './row';

type OfType<T extends Fault['type']> = MatrixRow<Extract<Fault, { type: T }>>;

const accepted = { means: 'accepted', makesTask: true } as const;
const refused = { means: 'refused', makesTask: false } as const;
const retryable = { means: 'retryable', makesTask: false } as const;
/** No client can know whether there is a task: here there is none, or one. */
const uncertainNoTask = { means: 'uncertain', makesTask: false } as const;
const uncertainTask = { means: 'uncertain', makesTask: true } as const;

/** Larger than the buffers of both ends of a connection, so that some bytes are not yet sent when it breaks. */
const HUGE = 12 * 1024 * 1024;
const MEGABYTE = 1024 * 1024;

const page = '<html><body><h1>502 Bad Gateway</h1></body></html>';
const afterASecond = { 'Retry-After': '1' };
const elsewhere = { Location: 'https://elsewhere.example.com/' };
const truncatedRefusal = '{"code":1403,"message":"forbidden","result":{"task_id":"named-in-a-refusal';
const namesTask = { code: 1403, message: 'forbidden', result: { task_id: 'named-in-a-refusal' } };

const statuses: Array<OfType<'status'>> = [
	{ name: 'HTTP 302', fault: { type: 'status', status: 302, headers: elsewhere }, ...refused },
	{ name: 'HTTP 400', fault: { type: 'status', status: 400 }, ...refused, lasts: true },
	{ name: 'HTTP 401, access token', fault: { type: 'status', status: 401 }, ...refused },
	{ name: 'HTTP 401, API key', fault: { type: 'status', status: 401 }, ...retryable, apiKey: true, lasts: true },
	{ name: 'HTTP 401 while the file is sent', fault: { type: 'status', status: 401, after: 'headers' }, ...refused, upload: HUGE },
	{ name: 'HTTP 403', fault: { type: 'status', status: 403 }, ...refused },
	{ name: 'HTTP 404', fault: { type: 'status', status: 404 }, ...refused },
	{ name: 'HTTP 413', fault: { type: 'status', status: 413, after: 'body' }, ...refused },
	{ name: 'HTTP 413 while the file is sent', fault: { type: 'status', status: 413, after: 'headers' }, ...refused, upload: HUGE },
	{ name: 'HTTP 429', fault: { type: 'status', status: 429 }, ...retryable },
	{ name: 'HTTP 429, Retry-After', fault: { type: 'status', status: 429, headers: afterASecond }, ...retryable, lasts: true },
	{ name: 'HTTP 500', fault: { type: 'status', status: 500 }, ...uncertainNoTask, lasts: true },
	{ name: 'HTTP 502 with a page', fault: { type: 'status', status: 502, body: page }, ...uncertainNoTask },
	{ name: 'HTTP 503', fault: { type: 'status', status: 503 }, ...uncertainNoTask },
	{ name: 'HTTP 503, Retry-After', fault: { type: 'status', status: 503, headers: afterASecond }, ...retryable, lasts: true },
	{ name: 'HTTP 504', fault: { type: 'status', status: 504 }, ...uncertainNoTask },
];

/** Refused: HiDream sends these before it processes the video. */
const BEFORE_PROCESSING = [405, 411, 414, 415, 422, 431];
/** These may be sent after a task was created: HiDream, or a gateway before it, gave up or found a conflict. */
const AFTER_PROCESSING = [402, 406, 407, 408, 409, 410, 412, 421, 423, 425, 451, 499];

for (const status of [301, 307, 308]) {
	statuses.push({ name: `HTTP ${status}`, fault: { type: 'status', status, headers: elsewhere }, ...refused, brief: true });
}
statuses.push({ name: 'HTTP 303', fault: { type: 'status', status: 303, headers: elsewhere }, ...uncertainNoTask, brief: true });
for (const status of BEFORE_PROCESSING) statuses.push({ name: `HTTP ${status}`, fault: { type: 'status', status }, ...refused, brief: true });
for (const status of AFTER_PROCESSING) statuses.push({ name: `HTTP ${status}`, fault: { type: 'status', status }, ...uncertainNoTask, brief: true });
for (const code of ['insufficient_credits', 'trade_no_credits_available']) {
	const fault = { type: 'status', status: 200, body: { code, message: 'no credits' } } as const;
	statuses.push({ name: `code "${code}"`, fault, ...refused, endsRun: true, brief: true });
}

const codes: Array<OfType<'code'>> = [
	{ name: 'code 2004 (billing failed)', fault: { type: 'code', code: 2004 }, ...refused },
	{ name: 'code 2007 (no credits)', fault: { type: 'code', code: 2007 }, ...refused, endsRun: true, lasts: true },
	{ name: 'code 2007 in an HTTP 500', fault: { type: 'code', code: 2007, status: 500 }, ...refused, endsRun: true },
	{ name: 'code 2020 (member level)', fault: { type: 'code', code: 2020 }, ...refused, brief: true },
	{ name: 'code 2031 (module unavailable)', fault: { type: 'code', code: 2031 }, ...refused, endsRun: true },
	{ name: 'code 401, access token', fault: { type: 'code', code: 401 }, ...refused },
	{ name: 'code 401, API key', fault: { type: 'code', code: 401 }, ...retryable, apiKey: true },
	{ name: 'code "invalid_token", API key', fault: { type: 'code', code: 'invalid_token' }, ...retryable, apiKey: true, brief: true },
	{ name: 'code 429', fault: { type: 'code', code: 429 }, ...retryable },
	{ name: 'an unknown code', fault: { type: 'code', code: 1999 }, ...refused },
	{ name: 'an unknown code in an HTTP 400', fault: { type: 'code', code: 1999, status: 400 }, ...refused },
	{ name: 'code 2007 in an HTTP 409', fault: { type: 'code', code: 2007, status: 409 }, ...refused, endsRun: true, brief: true },
	{ name: 'an unknown code in an HTTP 409', fault: { type: 'code', code: 1999, status: 409 }, ...uncertainNoTask, brief: true },
	{ name: 'an unknown code in an HTTP 500', fault: { type: 'code', code: 1999, status: 500 }, ...uncertainNoTask },
];

const resets: Record<Extract<Fault, { type: 'reset' }>['when'], Array<OfType<'reset'>>> = {
	// A short request is sent immediately, and its sender cannot know how much of it was read.
	before: [
		{ name: 'reset immediately', fault: { type: 'reset', when: 'before' }, ...uncertainNoTask },
		{ name: 'reset immediately, file', fault: { type: 'reset', when: 'before' }, ...refused, upload: HUGE },
	],
	during: [
		{ name: 'reset within the request', fault: { type: 'reset', when: 'during' }, ...uncertainNoTask },
		{ name: 'reset within the file', fault: { type: 'reset', when: 'during' }, ...refused, upload: HUGE },
	],
	afterBody: [{ name: 'reset after the request', fault: { type: 'reset', when: 'afterBody' }, ...uncertainNoTask }],
	afterAccept: [
		{ name: 'reset after acceptance', fault: { type: 'reset', when: 'afterAccept' }, ...uncertainTask, lasts: true },
		{ name: 'reset after acceptance, file', fault: { type: 'reset', when: 'afterAccept' }, ...uncertainTask, upload: MEGABYTE },
	],
};

const cuts: Record<NonNullable<Extract<Fault, { type: 'truncated' }>['cut']>, OfType<'truncated'>> = {
	text: { name: 'half a response', fault: { type: 'truncated', cut: 'text' }, ...uncertainTask },
	connection: { name: 'reset within the response', fault: { type: 'truncated', cut: 'connection' }, ...uncertainTask },
};

/** One key for each fault type of the fake HiDream server: a new type does not compile without its rows. */
const BY_TYPE: { [T in Fault['type']]: Array<OfType<T>> } = {
	status: statuses,
	code: codes,
	notJson: [
		{ name: 'HTML instead of JSON, no task', fault: { type: 'notJson', create: false }, ...uncertainNoTask },
		{ name: 'HTML instead of JSON after acceptance', fault: { type: 'notJson', create: true }, ...uncertainTask },
		{ name: 'HTML with HTTP 404', fault: { type: 'notJson', status: 404 }, ...refused },
		{ name: 'HTML with HTTP 403', fault: { type: 'notJson', status: 403 }, ...refused, brief: true },
		{ name: 'HTML with HTTP 429', fault: { type: 'notJson', status: 429 }, ...retryable, brief: true },
	],
	empty: [
		{ name: 'an empty response, no task', fault: { type: 'empty', create: false }, ...uncertainNoTask },
		{ name: 'an empty response after acceptance', fault: { type: 'empty', create: true }, ...uncertainTask },
	],
	noTaskId: [
		{ name: 'code 0 without task ID, no task', fault: { type: 'noTaskId', create: false }, ...uncertainNoTask },
		{ name: 'code 0 without task ID after acceptance', fault: { type: 'noTaskId', create: true }, ...uncertainTask },
	],
	reset: Object.values(resets).flat(),
	silence: [
		{ name: 'silence, no task', fault: { type: 'silence', create: false }, ...uncertainNoTask },
		{ name: 'silence after acceptance', fault: { type: 'silence', create: true }, ...uncertainTask },
	],
	slow: [
		{ name: 'a late response', fault: { type: 'slow', delayMs: 300 }, ...accepted },
		{ name: 'a slow connection, file', fault: { type: 'slow', bytesPerSecond: MEGABYTE }, ...accepted, upload: MEGABYTE },
	],
	acceptThenStatus: [
		{ name: 'HTTP 500 after acceptance', fault: { type: 'acceptThenStatus', status: 500 }, ...uncertainTask, lasts: true },
		{ name: 'HTTP 502 with a page after acceptance', fault: { type: 'acceptThenStatus', status: 502, body: page }, ...uncertainTask },
		{ name: 'HTTP 503 after acceptance', fault: { type: 'acceptThenStatus', status: 503 }, ...uncertainTask },
		{ name: 'half a refusal that names a task', fault: { type: 'acceptThenStatus', status: 400, body: truncatedRefusal }, ...uncertainTask, brief: true },
		{ name: 'an error code with a task ID', fault: { type: 'acceptThenStatus', status: 200, body: namesTask }, ...uncertainTask },
		...AFTER_PROCESSING.map((status): OfType<'acceptThenStatus'> => ({
			name: `HTTP ${status} after acceptance`,
			fault: { type: 'acceptThenStatus', status },
			...uncertainTask,
			brief: true,
		})),
		{ name: 'HTTP 303 after acceptance', fault: { type: 'acceptThenStatus', status: 303, headers: elsewhere }, ...uncertainTask, brief: true },
		{ name: 'HTTP 400 after acceptance', fault: { type: 'acceptThenStatus', status: 400 }, means: 'refused', makesTask: true },
		{ name: 'HTTP 429 after acceptance', fault: { type: 'acceptThenStatus', status: 429 }, means: 'retryable', makesTask: true },
		{
			name: 'HTTP 503, Retry-After, after acceptance',
			fault: { type: 'acceptThenStatus', status: 503, headers: afterASecond },
			means: 'retryable',
			makesTask: true,
		},
	],
	textCode: [{ name: 'code 0 as text', fault: { type: 'textCode' }, ...accepted, brief: true }],
	truncated: Object.values(cuts),
};

const closedHost: MatrixRow<ClosedHost> = { name: 'no connection', fault: { type: 'closedHost' }, ...retryable, lasts: true };

const broken: Array<MatrixRow<BrokenHost>> = [
	{ name: 'a reset TLS handshake', fault: { type: 'brokenHost', via: 'tls', behave: reset }, ...retryable, lasts: 'only', brief: true },
	{ name: 'a proxy responds with 503', fault: { type: 'brokenHost', via: 'proxy', behave: answerWith(503) }, ...retryable, lasts: 'only', brief: true },
	{ name: 'a proxy responds with 407', fault: { type: 'brokenHost', via: 'proxy', behave: answerWith(407) }, ...refused, lasts: 'only', brief: true },
];

/** All rows of the table, in order. */
export const ROWS: readonly MatrixRow[] = [closedHost, ...broken, ...Object.values(BY_TYPE).flat()];

/** All rows, as a fault of one request, as a lasting fault, or both. */
export const CASES: readonly FaultCase[] = ROWS.flatMap((row) => [
	...(row.lasts === 'only' ? [] : [{ row, lasts: false }]),
	...(row.lasts ? [{ row, lasts: true }] : []),
]);
