import { sleep } from 'n8n-workflow';
import type { IDataObject, IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { blotSecrets } from './account';
import { failureOf } from './failure';
import type { Failure } from './failure';
import { LAST_ANSWER_MS, SILENCE_MS, SLOWEST_LINE_BYTES_PER_SECOND, UNSEEN_BUFFER_BYTES } from './limits';
import { onAbort } from './onAbort';
import { signedRequest } from './signedRequest';
import type { Credential, HttpAnswer } from './signedRequest';
import { watchSilence } from './silence';

/** A request body on its way out. A new one is opened for every try: a stream can be sent once. */
export interface Upload {
	/** What the HTTP client sends: text, or a Node.js stream. */
	data: IHttpRequestOptions['body'];
	/** Grows whenever bytes leave; never shrinks. */
	progress: () => number;
	/** Whether the last byte has been handed to the connection. */
	handedOver: () => boolean;
	/** Why the video could not be read, if that is what ended it. */
	unreadable: () => string | undefined;
	/** Lets go of the file behind it. */
	close: () => void;
}

export interface RequestBody {
	/** Exact length in bytes: the Content-Length. */
	length: number;
	open: () => Upload;
}

/** How long an upload may stand still: longer at its end, while the last bytes leave unseen. */
function patienceOf(upload: Upload, length: number): number {
	const slack = (Math.min(length, UNSEEN_BUFFER_BYTES) / SLOWEST_LINE_BYTES_PER_SECOND) * 1_000;
	return SILENCE_MS + (upload.handedOver() ? slack : 0);
}

/**
 * Sends one POST and gives its answer, whatever its status, or why there is none. Never throws and never
 * sends twice. The body goes out as it is read.
 * @param cancel ends the request at once
 */
export async function post(
	context: IExecuteFunctions,
	request: { url: string; headers: IDataObject; body: RequestBody; credential: Credential },
	cancel?: AbortSignal,
): Promise<HttpAnswer | Failure> {
	const { url, body, credential } = request;
	const upload = body.open();
	const [giveUp, silence, tooLate, finished] = [new AbortController(), new AbortController(), new AbortController(), new AbortController()];
	const forget = onAbort(cancel, () => giveUp.abort());
	onAbort(silence.signal, () => giveUp.abort());
	const soon = () => void sleep(LAST_ANSWER_MS, finished.signal).then(() => tooLate.abort(), () => undefined);
	const forgetLate = onAbort(cancel, soon);
	const patienceMs = () => patienceOf(upload, body.length);
	void watchSilence({ progress: upload.progress, patienceMs }, silence, finished.signal);
	const headers = {
		...request.headers,
		'Content-Type': 'application/json',
		'Content-Length': body.length,
		// n8n asks for the connection to be closed, and a service that refuses early then closes it before its answer is read.
		Connection: 'keep-alive',
	};
	// No wall clock: it would end a slow upload that is doing well.
	const options: IHttpRequestOptions = { method: 'POST', url, headers, body: upload.data, timeout: 0 };
	try {
		// An answer that has begun may name a task that is paid for: a cancel no longer ends it at once.
		const answer = { signal: AbortSignal.any([silence.signal, tooLate.signal]), onBegin: forget };
		return await signedRequest(context, credential, options, giveUp.signal, answer);
	} catch (error) {
		const failure = failureOf(error, {
			handedOver: upload.handedOver(),
			unreadable: upload.unreadable(),
			silent: silence.signal.aborted,
		});
		return { ...failure, reason: blotSecrets(failure.reason, credential) };
	} finally {
		finished.abort();
		forget();
		forgetLate();
		upload.close();
	}
}
