import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { freePort } from '../../harness/freePort';
import type { StoredCredential } from '../../harness/n8n/workflow';
import { fastSandbox } from '../support/n8n';
import { useN8n } from '../support/n8n';
import { byUrl, videoItem } from '../support/workflows';

jest.setTimeout(180_000);

const on = useN8n();

const withKey = (): ICredentialDataDecryptedObject => ({ authentication: 'apiKey', accessToken: '', apiKey: on.sandbox.apiKey });
const exchanges = (): number => on.sandbox.requests.filter(({ path }) => path.endsWith('apikey2token')).length;

/** Changes a credential as the editor does: what n8n gave for editing goes back whole, with the change in it. */
async function edit({ id, name, type }: StoredCredential, change: ICredentialDataDecryptedObject): Promise<void> {
	const { data } = await on.n8n.instance.rest.call<{ data: ICredentialDataDecryptedObject }>('GET', `/credentials/${id}?includeData=true`);
	await on.n8n.instance.rest.call('PATCH', `/credentials/${id}`, { id, name, type, data: { ...data, ...change } });
}

describe('an API key', () => {
	test('is exchanged once for many runs, and again when its token ran out, unseen by the user', async () => {
		const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox, withKey()), { parameters: byUrl });
		const first = await on.n8n.send(workflow, [videoItem(1)]);
		expect([first.execution.error, first.execution.status]).toEqual([undefined, 'success']);
		await on.n8n.send(workflow, [videoItem(2)]);
		expect(exchanges()).toBe(1);

		on.sandbox.expireTokens();
		const renewed = await on.n8n.send(workflow, [videoItem(3)]);
		expect([renewed.execution.error, renewed.execution.status]).toEqual([undefined, 'success']);
		expect(exchanges()).toBe(2);
		expect(on.sandbox.tasks.map(({ prompt }) => prompt)).toEqual(['video 1', 'video 2', 'video 3']);
		await on.n8n.expectNoTrace(on.sandbox.apiKey, renewed);
		await on.n8n.expectNoTrace('sk-sandbox-session-', renewed);
	});

	test('gets a new token within the run when a streamed upload was refused', async () => {
		const filePath = join(on.n8n.files, 'renew.mp4');
		const bytes = Buffer.alloc(3 * 1024 * 1024, 'a video\0');
		await writeFile(filePath, bytes);
		const parameters = { operation: 'submit', inputType: 'binary', style: 'anime', options: {} };
		const workflow = await on.n8n.workflow(await on.n8n.credential(on.sandbox, withKey()), { parameters, readFile: true });
		await on.n8n.send(workflow, [{ filePath }]);
		on.sandbox.expireTokens();
		const { execution } = await on.n8n.send(workflow, [{ filePath }]);

		expect([execution.error, execution.status]).toEqual([undefined, 'success']);
		expect(on.sandbox.tasks.map(({ video }) => video)).toEqual([1, 2].map(() => expect.objectContaining({ bytes: bytes.length })));
	});

	test('goes with its base URL: an edited one sends the next task there, with a token from there', async () => {
		const elsewhere = await fastSandbox();
		const credential = await on.n8n.credential(on.sandbox, withKey());
		const workflow = await on.n8n.workflow(credential, { parameters: byUrl });
		await on.n8n.send(workflow, [videoItem(1)]);
		await edit(credential, { baseUrl: elsewhere.url, apiKey: elsewhere.apiKey });
		const { execution } = await on.n8n.send(workflow, [videoItem(2)]);
		await elsewhere.close();

		expect([execution.error, execution.status]).toEqual([undefined, 'success']);
		expect([on.sandbox.tasks.length, elsewhere.tasks.length]).toEqual([1, 1]);
	});

	test('that was edited sends the next task to the other account', async () => {
		const other = on.sandbox.addAccount();
		const credential = await on.n8n.credential(on.sandbox, withKey());
		const workflow = await on.n8n.workflow(credential, { parameters: byUrl });
		await on.n8n.send(workflow, [videoItem(1)]);
		await edit(credential, { apiKey: other.apiKey });
		const { execution } = await on.n8n.send(workflow, [videoItem(2)]);

		expect([execution.error, execution.status]).toEqual([undefined, 'success']);
		const [first, second] = on.sandbox.tasks;
		expect(first?.accountId).not.toBe(other.id);
		expect(second?.accountId).toBe(other.id);
	});
});

describe('the credential test', () => {
	interface Verdict {
		status: 'OK' | 'Error';
		message: string;
	}

	async function verdict(data: ICredentialDataDecryptedObject): Promise<Verdict> {
		const { id, name, type } = await on.n8n.credential(on.sandbox, data);
		const stored = await on.n8n.instance.rest.call<{ data: ICredentialDataDecryptedObject }>('GET', `/credentials/${id}?includeData=true`);
		const credentials = { id, name, type, data: stored.data };
		return await on.n8n.instance.rest.call<Verdict>('POST', '/credentials/test', { credentials });
	}

	afterEach(() => expect(on.sandbox.tasks).toHaveLength(0));

	test('takes a right access token', async () => {
		expect(await verdict({})).toMatchObject({ status: 'OK' });
	});

	test('refuses a wrong access token and says so', async () => {
		const accessToken = 'sk-wrong-token-0815-cafe';
		const { status, message } = await verdict({ accessToken });
		expect(status).toBe('Error');
		expect(message).toMatch(/rejected the token/i);
		expect(message).not.toContain(accessToken);
		expect(await on.n8n.instance.log()).not.toContain(accessToken);
	});

	test('takes a right API key', async () => {
		expect(await verdict(withKey())).toMatchObject({ status: 'OK' });
	});

	test('refuses a wrong API key and says so', async () => {
		const apiKey = 'wrong.api.key-0815-cafe';
		const { status, message } = await verdict({ ...withKey(), apiKey });
		expect(status).toBe('Error');
		expect(message).toMatch(/key/i);
		expect(message).not.toContain(apiKey);
		expect(await on.n8n.instance.log()).not.toContain(apiKey);
	});

	test.each([
		['a web page', 200, 'text/html', '<!doctype html><title>Welcome</title>'],
		['the page of a firewall', 403, 'text/html', '<html><h1>403 Forbidden</h1></html>'],
		['a page with HTTP 405', 405, 'text/html', '<html></html>'],
		['a page with HTTP 429', 429, 'text/html', '<html></html>'],
		['a page with HTTP 401', 401, 'text/html', '<html></html>'],
		['other JSON', 200, 'application/json', '{"hello":"world"}'],
	])('says that %s does not come from HiDream', async (_name, status, contentType, body) => {
		const server = createServer((_request, response) => response.writeHead(status, { 'content-type': contentType }).end(body));
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		for (const data of [{ baseUrl }, { ...withKey(), baseUrl }]) {
			const told = await verdict(data);
			expect([told.status, told.message]).toEqual(['Error', expect.stringMatching(/something between n8n and HiDream/i)]);
		}
		await new Promise((resolve) => server.close(resolve));
	});

	test('says that a host cannot be reached', async () => {
		const baseUrl = `http://127.0.0.1:${await freePort()}`;
		for (const data of [{ baseUrl }, { ...withKey(), baseUrl }]) {
			const { status, message } = await verdict(data);
			expect([status, message]).toEqual(['Error', expect.stringMatching(/reach|connect|refused/i)]);
		}
	});
});
