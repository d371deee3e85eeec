import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { parseResponse } from './response';
import { submitUrl } from './endpoints';
import { classifyResponse } from './classifyResponse';
import { isTokenRefused } from './query';
import { readySession } from './signedRequest';
import type { Credential } from './signedRequest';
import { post } from './transport';
import type { RequestBody } from './upload';
import { classifyTransportError } from './verdict';
import type { Verdict } from './verdict';

/** The fields of a submit beside the video; each is left out of the request when it is empty. */
export interface SubmitFields {
	style?: string;
	prompt?: string;
	request_id: string;
	notify_url?: string;
}

export interface SubmitRequest {
	baseUrl: string;
	credential: Credential;
	/** CERTAIN: the optional header `API-User-ID`, an identifier of the end user. */
	apiUserId?: string;
	body: RequestBody;
	/** Codes that the user says will pass, as `codeKey` gives them. */
	retryCodes: ReadonlySet<string>;
}

/** Sends one submit and judges what came back. Never throws; never sends twice. */
export async function submitTask(
	context: IExecuteFunctions,
	{ baseUrl, credential, apiUserId, body, retryCodes }: SubmitRequest,
	cancel?: AbortSignal,
): Promise<Verdict> {
	readySession(credential);
	const headers: IDataObject = apiUserId ? { 'API-User-ID': apiUserId } : {};
	const result = await post(context, { url: submitUrl(baseUrl), headers, body, credential }, cancel);
	if (result.kind === 'answer') return classifyResponse(parseResponse(result, Date.now()), retryCodes);
	if (result.kind === 'brokeBefore' && !cancel?.aborted && (await isTokenRefused(context, baseUrl, credential, cancel))) {
		return classifyResponse({ httpStatus: 401, subTaskIds: [] }, retryCodes);
	}
	return classifyTransportError(result);
}
