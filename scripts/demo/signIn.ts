import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request } from 'undici';

import type { Login } from '../../harness/n8n/settings';

/** A local page that signs the browser in to n8n. */
export interface SignInPage {
	url: string;
	close: () => Promise<void>;
}

/** n8n's own cookie for a new session. Without a browser ID in the login, n8n accepts it from any browser. */
async function sessionCookie(n8nUrl: string, { email, password }: Login): Promise<string | string[]> {
	const { statusCode, headers, body } = await request(`${n8nUrl}/rest/login`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ emailOrLdapLoginId: email, password }),
	});
	await body.dump();
	const cookie = headers['set-cookie'];
	if (statusCode !== 200 || cookie === undefined) throw new Error(`n8n responded with ${statusCode} to the login.`);
	return cookie;
}

/**
 * Opens a page that sets n8n's cookie and redirects to `path` in its editor. Browsers send a cookie to all ports of a host,
 * so this page can set it on its own port. Its address contains a secret that other pages cannot guess.
 */
export async function openSignInPage(n8nUrl: string, login: Login, path: string): Promise<SignInPage> {
	const secretPath = `/${randomUUID()}`;
	const server = createServer((incoming, response) => {
		if (incoming.url !== secretPath) {
			response.writeHead(404).end();
			return;
		}
		sessionCookie(n8nUrl, login).then(
			(cookie) => response.writeHead(302, { location: `${n8nUrl}${path}`, 'set-cookie': cookie }).end(),
			(error: unknown) => response.writeHead(502).end(String(error)),
		);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}${secretPath}`,
		close: async () => {
			server.close();
			server.closeAllConnections();
		},
	};
}
