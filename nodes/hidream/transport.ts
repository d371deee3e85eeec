import type { IDataObject, IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { redactSecrets } from './account';
import { toTransportError } from './transportError';
import type { TransportError } from './transportError';
import { signedRequest } from './signedRequest';
import type { Credential, HttpResult } from './signedRequest';
import type { RequestBody } from './upload';
import { watchUpload } from './uploadEnd';

/**
 * Sends one POST and gives its answer, whatever its status, or why there is none. Never throws and never
 * sends twice. The body goes out as it is read.
 * @param cancel ends the request at once
 */
export async function post(
	context: IExecuteFunctions,
	request: { url: string; headers: IDataObject; body: RequestBody; credential: Credential },
	cancel?: AbortSignal,
): Promise<HttpResult | TransportError> {
	const { url, body, credential } = request;
	const upload = body.open();
	const end = watchUpload(upload, body.length, cancel);
	const headers = {
		...request.headers,
		'Content-Type': 'application/json',
		'Content-Length': body.length,
		// n8n asks for the connection to be closed, and a service that refuses a long body early then closes it before
		// its answer is read. A short one has left by then, and closing is dearer on our side than on the service's.
		...(typeof upload.data !== 'string' && { Connection: 'keep-alive' }),
	};
	// No wall clock: it would end a slow upload that is doing well.
	const options: IHttpRequestOptions = { method: 'POST', url, headers, body: upload.data, timeout: 0 };
	try {
		return await signedRequest(context, credential, options, end.ofRequest, end.ofAnswer);
	} catch (error) {
		const failure = toTransportError(error, {
			handedOver: upload.handedOver(),
			unreadable: upload.unreadable(),
			silent: end.isSilent(),
		});
		return { ...failure, reason: redactSecrets(failure.reason, credential) };
	} finally {
		end.finish();
		upload.close();
	}
}
