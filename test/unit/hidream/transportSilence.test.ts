/** An upload has no wall-clock limit; it ends when no byte has moved for a minute, or when no answer has come for five. */
import { Readable } from 'node:stream';
import { post } from '../../../nodes/hidream/transport';
import { tokenCredential } from '../support/credentials';
import { callerWith, silence } from '../support/httpCaller';
import type { Reply, Seen } from '../support/httpCaller';
import { HandBody } from '../support/uploads';

const MINUTE = 60_000;
/** How long an answer is waited for. */
const ANSWER = 5 * MINUTE;
const MEBI = 1024 * 1024;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** Starts a request; the state tells what has come of it by now. */
function start(hand: HandBody, reply: Reply = silence) {
	const { caller, seen } = callerWith(reply);
	const state: { result?: Awaited<ReturnType<typeof post>>; seen: Seen[] } = { seen };
	void post(caller, { url: 'https://api.hidream.test', headers: {}, body: hand.body, credential: tokenCredential() }).then(
		(result) => (state.result = result),
	);
	return state;
}

const pass = async (ms: number) => await jest.advanceTimersByTimeAsync(ms);

test('nothing moves: given up after a minute', async () => {
	const request = start(new HandBody());
	await pass(MINUTE - 1_000);
	expect(request.result).toBeUndefined();
	await pass(2_000);
	expect(request.result).toEqual({ kind: 'brokeBefore', reason: 'nothing moved for a minute' });
	expect(request.seen[0]?.signal?.aborted).toBe(true);
});

test.each([-60 * MINUTE, MINUTE, 60 * MINUTE])('a wall clock that is set by %i ms makes no difference', async (shift) => {
	const hand = new HandBody();
	const request = start(hand);
	await pass(30_000);
	hand.progress += 1;
	jest.setSystemTime(Date.now() + shift);
	await pass(MINUTE - 1_000);
	expect(request.result).toBeUndefined();
	await pass(3_000);
	expect(request.result).toHaveProperty('reason', 'nothing moved for a minute');
});

test('a slow upload that moves goes on for hours', async () => {
	const hand = new HandBody();
	const request = start(hand);
	for (let n = 0; n < 200; n++) {
		await pass(55_000);
		hand.progress += 1;
	}
	expect(request.result).toBeUndefined();
	await pass(MINUTE - 2_000);
	expect(request.result).toBeUndefined();
	await pass(4_000);
	expect(request.result).toHaveProperty('reason', 'nothing moved for a minute');
});

test('after the last byte, no answer: there may be a task', async () => {
	const hand = new HandBody(1);
	const request = start(hand);
	await pass(30_000);
	[hand.progress, hand.handedOver] = [1, true];
	await pass(ANSWER - 2_000);
	expect(request.result).toBeUndefined();
	await pass(4_000);
	expect(request.result).toEqual({ kind: 'brokeAfter', reason: 'no answer came in time' });
});

test.each([
	['4 MiB', 4 * MEBI, 128_000],
	['1 GiB', 1024 * MEBI, 128_000],
	['1 MiB', MEBI, 32_000],
])('after the last byte of %s, a slow line has time to send what nobody sees leaving', async (_, length, slack) => {
	const hand = new HandBody(length);
	hand.handedOver = true;
	const request = start(hand);
	await pass(ANSWER + slack - 1_000);
	expect(request.result).toBeUndefined();
	await pass(2_000);
	expect(request.result).toHaveProperty('kind', 'brokeAfter');
});

test('before the last byte there is no such time', async () => {
	const request = start(new HandBody(1024 * MEBI));
	await pass(MINUTE + 1_000);
	expect(request.result).toHaveProperty('kind', 'brokeBefore');
});

test('an answer that comes late enough is taken, and the watch is over', async () => {
	const hand = new HandBody(1);
	hand.handedOver = true;
	const request = start(hand, async () => {
		await new Promise((resolve) => setTimeout(resolve, ANSWER - 1_000));
		return { statusCode: 200, body: '"late"' };
	});
	await pass(ANSWER);
	expect(request.result).toHaveProperty('json', 'late');
	expect(jest.getTimerCount()).toBe(0);
	expect(request.seen[0]?.signal?.aborted).toBe(false);
});

test('an answer that trickles, or stops, is not waited for longer than one that never comes', async () => {
	const hand = new HandBody(1);
	[hand.progress, hand.handedOver] = [1, true];
	const body = new Readable({ read: () => undefined });
	const request = start(hand, async () => ({ statusCode: 200, body }));
	for (let part = 0; part < 59; part++) {
		await pass(5_000);
		body.push(' ');
	}
	expect(request.result).toBeUndefined();
	await pass(7_000);
	expect(request.result).toEqual({ kind: 'answer', status: 200, headers: {}, json: null, torn: ' '.repeat(59), flaw: 'broken' });
	expect(body.destroyed).toBe(true);
});

test('it looks once a second, not more', async () => {
	const hand = new HandBody();
	const progress = jest.fn(() => 0);
	const open = () => ({ ...hand.body.open(), progress });
	const { caller } = callerWith(silence);
	const request = { url: 'https://api.hidream.test', headers: {}, body: { length: 1, open }, credential: tokenCredential() };
	void post(caller, request);
	await pass(30_000);
	expect(progress.mock.calls.length).toBeLessThanOrEqual(31);
	await pass(MINUTE);
});
