import type { IN8nHttpFullResponse } from 'n8n-workflow';
import { MAX_RESPONSE_BYTES } from './limits';
import { onAbort } from '../async/onAbort';

/** The part of a Node.js stream that is used here; `stream` must not be imported. */
interface Body extends AsyncIterable<Buffer> {
	on: (event: 'error', listener: () => void) => unknown;
	destroy: () => unknown;
}

/** Why an answer is not whole. */
export type BodyError = 'broken' | 'tooLong';

const BODY_ERRORS: Readonly<Record<BodyError, string>> = {
	broken: 'broke off',
	tooLong: `is longer than ${MAX_RESPONSE_BYTES / 1024 / 1024} MB`,
};

/** Why a response is not whole, as the end of a sentence. */
export const bodyErrorText = (bodyError: BodyError): string => BODY_ERRORS[bodyError];

/** As much of an answer as is kept of one that is too long, in bytes: what it says of a task stands at its beginning. */
export const BEGINNING_BYTES = 4 * 1024;

const NOTHING = Buffer.alloc(0);
const UTF8 = new TextDecoder();

/** Lets go of the body of an answer. Never throws, whatever the body is. */
export function discardBody({ body }: IN8nHttpFullResponse): void {
	const stream = body as unknown as Partial<Body> | undefined;
	// A stream that breaks while nobody reads it must not end n8n.
	stream?.on?.('error', () => undefined);
	stream?.destroy?.();
}

/**
 * Reads an answer that n8n was asked to give as a stream, up to `LONGEST_ANSWER_BYTES`. Never throws: the answer has
 * begun, so its status stands whatever becomes of the rest.
 * @param signal ends it at once
 * @returns the text: all of it, or what had come when it broke off; of one that is too long, its beginning
 */
export async function readBody(response: IN8nHttpFullResponse, signal: AbortSignal): Promise<{ text: string; bodyError?: BodyError }> {
	const body = response.body as unknown as Body;
	// Copied into one buffer: a chunk of one byte may hold a whole network read in memory.
	let read: Buffer = NOTHING;
	let length = 0;
	const text = (bytes = length) => UTF8.decode(read.subarray(0, Math.min(bytes, length)));
	const forget = onAbort(signal, () => discardBody(response));
	try {
		for await (const chunk of body) {
			if (length + chunk.length > MAX_RESPONSE_BYTES) return { text: text(BEGINNING_BYTES), bodyError: 'tooLong' };
			if (length + chunk.length > read.length) {
				read = Buffer.concat([read], Math.max(read.length * 2, length + chunk.length));
			}
			chunk.copy(read, length);
			length += chunk.length;
		}
		return { text: text() };
	} catch {
		return { text: text(), bodyError: 'broken' };
	} finally {
		forget();
		discardBody(response);
	}
}
