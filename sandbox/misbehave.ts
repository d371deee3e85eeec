import { Readable, Transform } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { vendorMessage } from './responses';
import type { SandboxResponse } from './responses';
import { throttle } from './body/throttle';
import type { Exchange } from './exchange';
import type { Fault } from './faults';

/** The result of a request: a response, one whose connection breaks, a TCP reset, or nothing at all. */
export type Effect = { do: 'respond'; response: SandboxResponse } | { do: 'cut'; text: string } | { do: 'reset' } | { do: 'silence' };

const RESET: Effect = { do: 'reset' };
const SILENCE: Effect = { do: 'silence' };

/**
 * Serves a request with a fault.
 *
 * @param handle the endpoint itself; it creates the task, so every fault decides whether it runs
 * @param signal ends the delay of slow responses
 */
export async function misbehave(
	fault: Fault,
	exchange: Exchange,
	handle: () => Promise<SandboxResponse>,
	signal: AbortSignal,
): Promise<Effect> {
	switch (fault.type) {
		case 'status':
			if (fault.after !== 'headers') await exchange.drain();
			return respond(literal(fault.status, fault.body, fault.headers));
		case 'code':
			await exchange.drain();
			return respond({
				status: fault.status ?? 200,
				body: { code: fault.code, message: fault.message ?? vendorMessage(fault.code), request_id: exchange.requestId },
			});
		case 'notJson':
			await (fault.create ? handle() : exchange.drain());
			return respond(literal(fault.status ?? 200, '<html><body>Service is being updated</body></html>'));
		case 'empty':
			await (fault.create ? handle() : exchange.drain());
			return respond(literal(fault.status ?? 200, ''));
		case 'noTaskId':
			if (fault.create === false) await exchange.drain();
			else await handle();
			return respond(exchange.ok({ sub_task_ids: [] }));
		case 'reset':
			if (fault.when === 'during') await exchange.receive(fault.bytes ?? 1);
			if (fault.when === 'afterBody') await exchange.drain();
			if (fault.when === 'afterAccept') await handle();
			return RESET;
		case 'silence':
			await (fault.create ? handle() : exchange.drain());
			return SILENCE;
		case 'slow': {
			exchange.bytesPerSecond = fault.bytesPerSecond;
			const normal = await handle();
			await sleep(fault.delayMs ?? 0, undefined, { signal });
			if (fault.bytesPerSecond !== undefined && normal.body instanceof Readable) {
				normal.body = piped(normal.body, throttle(fault.bytesPerSecond, signal));
			}
			return respond(normal);
		}
		case 'acceptThenStatus':
			await handle();
			return respond(literal(fault.status, fault.body, fault.headers));
		case 'textCode': {
			const { body, ...normal } = await handle();
			if (typeof body !== 'object' || !('code' in body)) throw new TypeError('This response has no code');
			return respond(literal(normal.status, { ...body, code: String(body.code) }, normal.headers));
		}
		case 'truncated':
			return cut(await handle(), fault.cut ?? 'text');
	}
}

function respond(content: SandboxResponse): Effect {
	return { do: 'respond', response: content };
}

/** The exact body of the test. */
function literal(status: number, body: string | object = '', headers: Record<string, string> = {}): SandboxResponse {
	const text = typeof body === 'string' ? body : JSON.stringify(body);
	const type = typeof body === 'object' ? 'application/json' : body.startsWith('<') ? 'text/html' : 'text/plain';
	return { status, headers: { ...(text === '' ? {} : { 'content-type': type }), ...headers }, body: text };
}

function cut(whole: SandboxResponse, how: 'text' | 'connection'): Effect {
	if (whole.body instanceof Readable) {
		return respond({ ...whole, body: piped(whole.body, breakAfter(Number(whole.headers?.['content-length']) / 2)) });
	}
	const text = typeof whole.body === 'string' ? whole.body : JSON.stringify(whole.body);
	if (how === 'connection') return { do: 'cut', text };
	return respond({ ...whole, headers: { 'content-type': 'application/json' }, body: text.slice(0, text.length / 2) });
}

/** Passes this many bytes, then fails, which breaks the connection. */
function breakAfter(bytes: number): Transform {
	let left = Math.floor(bytes);
	return new Transform({
		transform(chunk: Buffer, _encoding, done) {
			const part = chunk.subarray(0, left);
			left -= part.length;
			this.push(part);
			// Later, so that the bytes before the break are sent.
			if (left === 0) setImmediate(() => this.destroy(new Error('cut by a fault')));
			else done();
		},
	});
}

/** Like `pipe`, but also forwards errors and early ends. */
function piped(source: Readable, through: Transform): Transform {
	source.on('error', (error) => through.destroy(error));
	through.on('close', () => source.destroy());
	return source.pipe(through);
}
