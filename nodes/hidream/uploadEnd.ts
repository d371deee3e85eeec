import { sleep } from 'n8n-workflow';
import { RESPONSE_TIMEOUT_MS, CANCELLED_RESPONSE_MS, IDLE_TIMEOUT_MS, MIN_UPLOAD_BYTES_PER_SECOND, SEND_BUFFER_BYTES } from './limits';
import { onAbort } from '../async/onAbort';
import { OVER, watchIdle } from './idleTimeout';
import type { Upload } from './upload';

/** What ends a submit before its time. */
export interface UploadEnd {
	/** Ends the request: a cancel, or silence. */
	ofRequest: AbortSignal;
	/**
	 * Ends the reading of the answer: silence, or a cancel a little later. An answer that has begun may name a
	 * task that is paid for, so from `onBegin` on a cancel no longer ends the request at once.
	 */
	ofAnswer: { signal: AbortSignal; onBegin: () => void };
	/** Whether it was silence. */
	isSilent: () => boolean;
	/** Ends the watch. */
	finish: () => void;
}

/** How long an upload may stand still. At its end the last bytes leave unseen, and then the answer is waited for. */
function patienceOf(upload: Upload, length: number): number {
	if (!upload.handedOver()) return IDLE_TIMEOUT_MS;
	return RESPONSE_TIMEOUT_MS + (Math.min(length, SEND_BUFFER_BYTES) / MIN_UPLOAD_BYTES_PER_SECOND) * 1_000;
}

/** Watches an upload of `length` bytes until `finish`. */
export function watchUpload(upload: Upload, length: number, cancel: AbortSignal | undefined): UploadEnd {
	const [request, answer, finished] = [new AbortController(), new AbortController(), new AbortController()];
	let [silent, begun] = [false, false];
	const onSilence = () => {
		silent = true;
		request.abort();
		answer.abort();
	};
	const forgetCancel = onAbort(cancel, () => {
		if (!begun) request.abort();
		void sleep(CANCELLED_RESPONSE_MS, finished.signal).then(() => answer.abort(), () => undefined);
	});
	const patienceMs = () => patienceOf(upload, length);
	void watchIdle({ progress: upload.progress, patienceMs }, onSilence, finished.signal);
	return {
		ofRequest: request.signal,
		ofAnswer: { signal: answer.signal, onBegin: () => (begun = true) },
		isSilent: () => silent,
		finish: () => {
			finished.abort(OVER);
			forgetCancel();
		},
	};
}
