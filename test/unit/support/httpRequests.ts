import { Readable } from 'node:stream';
import type { ICredentialDataDecryptedObject, IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import type { Credential } from '../../../nodes/shared/credential';
import { connectionOf } from '../../../nodes/shared/n8nHttpClient';
import { BASE_URL } from './credentials';
import { strictDouble } from './strictDouble';

/** One request, as n8n's helper receives it. */
export interface Seen {
	credentialType: string;
	options: IHttpRequestOptions;
	credential: ICredentialDataDecryptedObject | undefined;
	/** The signal that ends the request. */
	signal: AbortSignal | undefined;
	/** The stored session when the request was sent. */
	sessionToken: unknown;
}

export interface Response {
	statusCode: number;
	/** Text, or a stream that the test controls. */
	body?: string | Readable;
	headers?: Record<string, string>;
}

export type Reply = Response | Error | ((seen: Seen) => Promise<Response>);

/** An error of n8n's HTTP client. */
export const clientError = (code: string, more: object = {}): Error =>
	Object.assign(new Error(`the client failed: ${code}`), { code, isAxiosError: true, ...more });

/** The Node.js request of an HTTP client's error, with the state of its socket; null before a proxy has opened a tunnel. */
export const clientRequest = (socket: object | null): object => Object.assign(new (class ClientRequest { readonly protocol = 'https:'; })(), { socket });

/** Never responds: rejects once the request is aborted. */
export const silence = async ({ signal }: Seen): Promise<Response> =>
	await new Promise((_, reject) => {
		const end = () => reject(clientError('ERR_CANCELED'));
		if (signal?.aborted) end();
		signal?.addEventListener('abort', end);
	});

/** A response body as n8n's helper returns it with `encoding: 'stream'`. */
export const streamed = (body: string | Readable = ''): Readable =>
	typeof body === 'string' ? Readable.from(body === '' ? [] : [Buffer.from(body)]) : body;

/** n8n's HTTP helper with one reply per request; one more request throws. */
export function fakeRequests(...replies: Reply[]) {
	const seen: Seen[] = [];
	const left = [...replies];
	const httpRequestWithAuthentication: IExecuteFunctions['helpers']['httpRequestWithAuthentication'] = async function (
		credentialType,
		options,
		more,
	) {
		const signal = 'getExecutionCancelSignal' in this ? this.getExecutionCancelSignal() : undefined;
		const credential = more?.credentialsDecrypted?.data;
		const request = { credentialType, options, credential, signal, sessionToken: credential?.['sessionToken'] };
		seen.push(request);
		// n8n's HTTP client reads the body before it sends anything.
		void options.body;
		const reply = left.shift();
		if (!reply) throw new Error('A request too many was sent');
		if (reply instanceof Error) throw reply;
		const response = typeof reply === 'function' ? await reply(request) : reply;
		const body = streamed(response.body);
		// As n8n's HTTP client does, also after the head of the response.
		signal?.addEventListener('abort', () => body.destroy(clientError('ERR_CANCELED')));
		return { headers: {}, ...response, body };
	};
	return { seen, httpRequestWithAuthentication };
}

/** A node context that can only send these requests. */
function fakeCaller(...replies: Reply[]) {
	const { seen, httpRequestWithAuthentication } = fakeRequests(...replies);
	const helpers = strictDouble<IExecuteFunctions['helpers']>('helpers', { httpRequestWithAuthentication });
	const caller = strictDouble<IExecuteFunctions>('context', { helpers });
	return { caller, seen };
}

/** The connection of a node that can only send these requests, as n8n signs them with this credential. */
export function fakeConnection(credential: Credential, ...replies: Reply[]) {
	const { caller, seen } = fakeCaller(...replies);
	return { connection: connectionOf(caller, { baseUrl: BASE_URL, credential }), seen };
}
