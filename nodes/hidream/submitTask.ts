import { submitUrl } from './endpoints';
import { COMMON_HEADERS, hasResponse, readResponse, toTransportError, type Connection, type TransportError } from './http';
import { isTokenRefused } from './query';
import { parseResponse, type ApiResponse } from './response';
import { watchUpload, type RequestBody } from './upload';
import { classifyResponse, classifyTransportError, type Verdict } from './verdict';

/** The fields of a submit beside the video; each is left out of the request when it is empty. */
export interface SubmitFields {
	style?: string;
	prompt?: string;
	request_id: string;
	notify_url?: string;
}

/** One video to submit. */
export interface SubmitRequest {
	/** CERTAIN: the optional header `API-User-ID`, an identifier of the end user. */
	apiUserId?: string;
	/** JSON: the `SubmitFields`, and `video_name` with the video's URL or its base64 (LIKELY without a `data:` prefix). */
	body: RequestBody;
	/** Codes that the user calls temporary, as `codeKey` gives them. */
	retryCodes: ReadonlySet<string>;
}

/**
 * Sends one POST and gives its response, whatever its status, or why there is none. Never throws and never sends twice.
 * The body is sent while it is read.
 * @param cancel ends the request immediately
 */
export async function post(
	connection: Connection,
	{ url, headers, body }: { url: string; headers?: Readonly<Record<string, string>>; body: RequestBody },
	cancel?: AbortSignal,
): Promise<ApiResponse | TransportError> {
	const upload = body.open();
	const end = watchUpload(upload, body.length, cancel);
	const allHeaders = {
		...COMMON_HEADERS,
		...headers,
		'Content-Type': 'application/json',
		'Content-Length': body.length,
		// If the client sends `Connection: close`, a service that refuses a long body early closes the connection before its
		// response is read. A short body is sent by then, and n8n's default is faster for it.
		...(typeof upload.data !== 'string' && { Connection: 'keep-alive' }),
	};
	try {
		// No limit on the total time: it would end a slow upload that makes progress.
		const response = await connection.http({ method: 'POST', url, headers: allHeaders, body: upload.data, timeoutMs: 0, signal: end.ofRequest });
		end.onResponse();
		return await readResponse(response, end.ofResponse, connection.redactor());
	} catch (error) {
		const state = { handedOver: upload.handedOver(), unreadable: upload.unreadable(), idle: end.isIdle() };
		return toTransportError(error, state, connection.redactor());
	} finally {
		end.finish();
		upload.close();
	}
}

/** Sends one submit and classifies what came back. Never throws; never sends twice. */
export async function submitTask(connection: Connection, { apiUserId, body, retryCodes }: SubmitRequest, cancel?: AbortSignal): Promise<Verdict> {
	const headers: Record<string, string> = apiUserId ? { 'API-User-ID': apiUserId } : {};
	const result = await post(connection, { url: submitUrl(connection.baseUrl), headers, body }, cancel);
	if (hasResponse(result)) return classifyResponse(parseResponse(result, Date.now()), retryCodes);
	if (result.code === 'brokeBefore' && !cancel?.aborted && (await isTokenRefused(connection, cancel))) {
		return classifyResponse({ httpStatus: 401, subTaskIds: [] }, retryCodes);
	}
	return classifyTransportError(result);
}
