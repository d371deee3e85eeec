/** Reading a response's body: to its end, to the cap, or until it breaks off, without throwing. */
import { getEventListeners } from 'node:events';
import { Readable } from 'node:stream';
import { BEGINNING_BYTES, discardBody, readBody } from '../../../nodes/hidream/http';
import type { HttpResponse } from '../../../nodes/hidream/http';
import { MAX_RESPONSE_BYTES } from '../../../nodes/hidream/limits';
import { cut } from '../support/uploads';

const open = new AbortController().signal;

const answerOf = (body: unknown) => ({ status: 200, headers: {}, body }) as HttpResponse;
const read = async (body: unknown, signal = open) => await readBody(answerOf(body), signal);

/** A body with these chunks that does not end. */
function stuck(...chunks: Buffer[]): Readable {
	const body = new Readable({ read: () => undefined });
	chunks.forEach((chunk) => body.push(chunk));
	return body;
}

test('reads the whole body, wherever it is split, and removes its listeners', async () => {
	const words = '请求成功 🐈 '.repeat(5_000);
	const body = Readable.from(cut(Buffer.from(`\ufeff${words}`), [1, 2, 5, 9_000]));
	expect(await read(body)).toEqual({ text: words });
	expect(body.destroyed).toBe(true);
});

test('reads an empty body, and bytes that are no text', async () => {
	expect(await read(Readable.from([]))).toEqual({ text: '' });
	expect((await read(Readable.from([Buffer.from([0xff, 0xc3, 0x00])]))).bodyError).toBeUndefined();
});

test('reads up to the cap and requests no further byte', async () => {
	const half = Buffer.alloc(MAX_RESPONSE_BYTES / 2, 'x');
	expect((await read(Readable.from([half, half]))).text).toHaveLength(MAX_RESPONSE_BYTES);
	let given = 0;
	const endless = Readable.from((function* () {
		for (;;) {
			given += 1;
			yield half;
		}
	})(), { highWaterMark: 1 });
	expect(await read(endless)).toEqual({ text: 'x'.repeat(BEGINNING_BYTES), bodyError: 'tooLong' });
	expect(endless.destroyed).toBe(true);
	expect(given).toBeLessThan(6);
});

test('keeps what arrived before the body broke off: it may name a task', async () => {
	const body = Readable.from((async function* () {
		yield Buffer.from('{"code":0}');
		throw new Error('reset');
	})());
	expect(await read(body)).toEqual({ text: '{"code":0}', bodyError: 'broken' });
});

test('the signal ends a stalled body, and its listener is removed', async () => {
	const end = new AbortController();
	const body = stuck(Buffer.from('half'));
	const reading = read(body, end.signal);
	while (body.readableLength > 0) await new Promise(setImmediate);
	end.abort();
	expect(await reading).toEqual({ text: 'half', bodyError: 'broken' });
	expect(body.destroyed).toBe(true);
	expect(getEventListeners(end.signal, 'abort')).toEqual([]);
	expect(await read(stuck(), AbortSignal.abort())).toEqual({ text: '', bodyError: 'broken' });
});

test('an error after the end, or of an unread body, does not end n8n', async () => {
	const body = Readable.from([Buffer.from('{}')]);
	expect(await read(body)).toEqual({ text: '{}' });
	body.emit('error', new Error('late'));
	const dropped = stuck();
	discardBody(answerOf(dropped));
	dropped.emit('error', new Error('late'));
	expect(dropped.destroyed).toBe(true);
});

test.each([undefined, null, '', 7, {}])('a body that is no stream (%p) is unreadable: the response counts', async (body) => {
	expect(await read(body)).toMatchObject({ text: '' });
});
