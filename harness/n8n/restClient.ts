import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';

import type { Login } from './settings';

const loginWithin = 60_000;

const browserId = 'n8n-nodes-hidream-harness';

/** An error response of n8n's REST API. */
export class RestError extends Error {
	constructor(
		call: string,
		readonly status: number,
		readonly body: string,
	) {
		super(`${call} responded with ${status}: ${body.slice(0, 1000)}`);
	}
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** n8n's own REST API, as its editor uses it, signed in as the owner. */
export class RestClient {
	/** @param cookie the session of a client that is already signed in */
	constructor(
		private readonly url: string,
		private readonly user: Login,
		private cookie = '',
	) {}

	/** The cookie of the session, for another client. */
	get session(): string {
		return this.cookie;
	}

	/** Signs in. Retries for a while, since n8n may not have its owner, or its REST API, right after a start. */
	async login(): Promise<void> {
		for (const deadline = Date.now() + loginWithin; ; await sleep(500)) {
			try {
				await this.call('POST', '/login', { emailOrLdapLoginId: this.user.email, password: this.user.password });
				return;
			} catch (error) {
				if (Date.now() > deadline) throw error;
			}
		}
	}

	/** Calls `/rest<path>` and returns the `data` of the response, or the whole response without one. */
	async call<T>(method: Method, path: string, body?: unknown): Promise<T> {
		const response = await request(`${this.url}/rest${path}`, {
			method,
			headers: { 'content-type': 'application/json', 'browser-id': browserId, cookie: this.cookie },
			...(body !== undefined && { body: JSON.stringify(body) }),
		});
		const text = await response.body.text();
		if (response.statusCode >= 300) throw new RestError(`${method} /rest${path}`, response.statusCode, text);
		this.keepCookie(response.headers['set-cookie']);
		const json = JSON.parse(text) as { data?: T };
		return json.data ?? (json as T);
	}

	/** Gets the bytes of `/rest<path>`. */
	async download(path: string): Promise<Buffer> {
		const response = await request(`${this.url}/rest${path}`, { headers: { 'browser-id': browserId, cookie: this.cookie } });
		const bytes = Buffer.from(await response.body.arrayBuffer());
		if (response.statusCode >= 300) throw new RestError(`GET /rest${path}`, response.statusCode, bytes.toString());
		return bytes;
	}

	private keepCookie(header: string | string[] | undefined): void {
		const [cookie] = [header ?? []].flat().filter((line) => line.startsWith('n8n-auth='));
		if (cookie !== undefined) this.cookie = cookie.split(';')[0] ?? '';
	}
}
