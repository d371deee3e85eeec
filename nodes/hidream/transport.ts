import { sleep } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';
import { bearerToken, blotSecrets, usesApiKey } from './account';
import { NO_TASK, resultUrl } from './endpoints';
import { failureOf } from './failure';
import type { Failure } from './failure';
import { SILENCE_MS, SLOWEST_LINE_BYTES_PER_SECOND, SMALL_REQUEST_MS, UNSEEN_BUFFER_BYTES } from './limits';

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

export interface HttpAnswer {
	kind: 'answer';
	status: number;
	headers: IDataObject;
	/** The body as text, secrets blotted out. */
	body: string;
}

/** The credential of one account, as one run holds it: n8n writes a renewed session token into it. */
export type Credential = ICredentialDataDecryptedObject;

const TICK_MS = 1_000;

/** Makes n8n sign a request with this credential, and write a renewed session token into it. */
const authenticatedBy = (credential: Credential) => ({
	credentialsDecrypted: { id: '', name: '', type: 'hiDreamApi', data: credential },
});

/** Seen by `httpRequestWithAuthentication` as the node itself, but for the signal that ends the request. */
const withSignal = (context: IExecuteFunctions, signal: AbortSignal): IExecuteFunctions =>
	Object.create(context, { getExecutionCancelSignal: { value: () => signal } }) as IExecuteFunctions;

/**
 * Ends a request on which no byte has moved for a minute. A wall clock over the whole upload would end a slow
 * one that is doing well, so the clock starts anew with every byte that is seen to move.
 */
async function watchSilence(upload: Upload, length: number, giveUp: AbortController, finished: AbortSignal) {
	const slack = (Math.min(length, UNSEEN_BUFFER_BYTES) / SLOWEST_LINE_BYTES_PER_SECOND) * 1_000;
	let seen = upload.progress();
	let since = Date.now();
	while (!finished.aborted) {
		await sleep(TICK_MS, finished).catch(() => undefined);
		const now = upload.progress();
		if (now !== seen) [seen, since] = [now, Date.now()];
		const patience = SILENCE_MS + (upload.handedOver() ? slack : 0);
		if (Date.now() - since >= patience) return giveUp.abort();
	}
}

/**
 * Makes n8n exchange the API key before the next request when the token that is stored cannot be used;
 * `force` when the service has just refused it. An access token needs no exchange: the field is filled so
 * that n8n does not call the credential's `preAuthentication` for it.
 */
export function readySession(credential: Credential, force = false): void {
	if (!usesApiKey(credential)) credential.sessionToken = 'not used';
	else if (force || bearerToken(credential, Date.now()) === undefined) credential.sessionToken = '';
}

/**
 * Sends one POST and gives its answer, whatever its status, or why there is none. Never throws and never
 * sends twice. The body goes out as it is read; redirects are not followed (they would keep a copy of the
 * whole body, and take the token to another host).
 * @param cancel ends the request at once
 */
export async function post(
	context: IExecuteFunctions,
	request: { url: string; headers: IDataObject; body: RequestBody; credential: Credential },
	cancel?: AbortSignal,
): Promise<HttpAnswer | Failure> {
	const { url, headers, body, credential } = request;
	const upload = body.open();
	const [giveUp, finished] = [new AbortController(), new AbortController()];
	const onCancel = () => giveUp.abort();
	cancel?.addEventListener('abort', onCancel, { once: true });
	if (cancel?.aborted) giveUp.abort();
	void watchSilence(upload, body.length, giveUp, finished.signal);
	try {
		const response = (await context.helpers.httpRequestWithAuthentication.call(
			withSignal(context, giveUp.signal),
			'hiDreamApi',
			{
				method: 'POST',
				url,
				headers: { ...headers, 'Content-Type': 'application/json', 'Content-Length': body.length, Accept: 'application/json' },
				body: upload.data,
				encoding: 'text',
				returnFullResponse: true,
				ignoreHttpStatusErrors: true,
				disableFollowRedirect: true,
				timeout: 0,
			},
			authenticatedBy(credential),
		)) as IN8nHttpFullResponse;
		return {
			kind: 'answer',
			status: response.statusCode,
			headers: response.headers,
			body: blotSecrets(String(response.body ?? ''), credential),
		};
	} catch (error) {
		const failure = failureOf(error, {
			handedOver: upload.handedOver(),
			unreadable: upload.unreadable(),
			silent: giveUp.signal.aborted && cancel?.aborted !== true,
		});
		return { ...failure, reason: blotSecrets(failure.reason, credential) };
	} finally {
		finished.abort();
		cancel?.removeEventListener('abort', onCancel);
		upload.close();
	}
}

/**
 * Asks for a task that nobody has, which makes none and costs nothing: does the service refuse the token?
 * Needed when an upload broke off: a service that refuses early may close the connection before its answer
 * has been read. An unclear answer counts as no.
 */
export async function isTokenRefused(
	context: IExecuteFunctions,
	baseUrl: string,
	credential: Credential,
): Promise<boolean> {
	const request = context.helpers.httpRequestWithAuthentication.call(
		context,
		'hiDreamApi',
		{
			method: 'GET',
			url: resultUrl(baseUrl),
			qs: { task_id: NO_TASK },
			encoding: 'text',
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
			timeout: SMALL_REQUEST_MS,
		},
		authenticatedBy(credential),
	) as Promise<IN8nHttpFullResponse>;
	return await request.then(
		({ statusCode }) => statusCode === 401,
		() => false,
	);
}
