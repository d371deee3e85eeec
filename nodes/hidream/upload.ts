import { systemClock } from '../async/clock';
import { onAbort } from '../async/onAbort';
import { CANCELLED_RESPONSE_MS, IDLE_TIMEOUT_MS, MIN_UPLOAD_BYTES_PER_SECOND, RESPONSE_TIMEOUT_MS, SEND_BUFFER_BYTES } from './limits';

/** A request body that is being sent. Each attempt opens a new one, since a stream can be sent only once. */
export interface Upload {
	/** What the HTTP client sends: text, or a Node.js stream. */
	data: string | NodeJS.ReadableStream;
	/** Grows whenever bytes leave; never shrinks. */
	progress: () => number;
	/** Whether the last byte has been handed to the connection. */
	handedOver: () => boolean;
	/** Why the video could not be read, as a whole sentence, if that is what ended it. */
	unreadable: () => string | undefined;
	/** Closes the file behind it. */
	close: () => void;
}

/** A request body that can be sent again. */
export interface RequestBody {
	/** Exact length in bytes: the Content-Length. */
	length: number;
	open: () => Upload;
}

const TICK_MS = 1_000;

/** The reason of an abort that ends a wait. Node.js would otherwise create an error, with a stack, for each. */
export const FINISHED = new Error('Finished');

/**
 * Calls `onIdle` after an idle timeout. A limit on the whole transfer would end a slow one that makes progress, so each byte
 * that moves restarts the timer.
 * @param transfer `progress` grows with what moves; `idleTimeoutMs` is read again on each tick
 * @param finished ends the watch
 */
export async function watchIdle(transfer: { progress: () => number; idleTimeoutMs: () => number }, onIdle: () => void, finished: AbortSignal): Promise<void> {
	let seen = transfer.progress();
	let since = systemClock.now();
	while (!finished.aborted) {
		await systemClock.sleep(TICK_MS, finished);
		const progress = transfer.progress();
		if (progress !== seen) [seen, since] = [progress, systemClock.now()];
		if (systemClock.now() - since >= transfer.idleTimeoutMs()) return onIdle();
	}
}

/** The idle timeout of an upload. After the last byte it also covers the send buffer and the wait for the response. */
function idleTimeoutOf(upload: Upload, length: number): number {
	if (!upload.handedOver()) return IDLE_TIMEOUT_MS;
	return RESPONSE_TIMEOUT_MS + (Math.min(length, SEND_BUFFER_BYTES) / MIN_UPLOAD_BYTES_PER_SECOND) * 1_000;
}

/** Watches an upload of `length` bytes until `finish`, and ends it on an idle timeout or a cancel. */
export function watchUpload(upload: Upload, length: number, cancel: AbortSignal | undefined) {
	const [request, response, finished] = [new AbortController(), new AbortController(), new AbortController()];
	let [idle, begun] = [false, false];
	const onIdle = () => {
		idle = true;
		request.abort();
		response.abort();
	};
	const forgetCancel = onAbort(cancel, () => {
		if (!begun) request.abort();
		void systemClock.sleep(CANCELLED_RESPONSE_MS, finished.signal).then(() => finished.signal.aborted || response.abort());
	});
	const idleTimeoutMs = () => idleTimeoutOf(upload, length);
	void watchIdle({ progress: upload.progress, idleTimeoutMs }, onIdle, finished.signal);
	return {
		/** Ends the request: a cancel, or an idle timeout. */
		ofRequest: request.signal,
		/** Ends the reading of the response: an idle timeout, or a cancel a little later. */
		ofResponse: response.signal,
		/** A response that has begun may name a task that is paid for, so a cancel no longer ends it immediately. */
		onResponse: () => (begun = true),
		/** Whether it was an idle timeout. */
		isIdle: () => idle,
		finish: () => {
			finished.abort(FINISHED);
			forgetCancel();
		},
	};
}
