/** n8n's own storage and test of the credential. */
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { freePort } from '../../harness/freePort';
import type { StoredCredential } from '../../harness/n8n/workflow';
import { startSandbox } from '../../sandbox';
import { useN8n } from '../support/n8n';
import { byUrl, videoItem } from '../support/workflows';

jest.setTimeout(120_000);

const on = useN8n();

const withKey = (): ICredentialDataDecryptedObject => ({ authentication: 'apiKey', accessToken: '', apiKey: on.sandbox.apiKey });
const exchanges = (): number => on.sandbox.requests.filter(({ path }) => path.endsWith('apikey2token')).length;

/** Reads a credential like the editor. */
async function dataOf({ id }: StoredCredential): Promise<ICredentialDataDecryptedObject> {
	const { data } = await on.n8n.instance.rest.call<{ data: ICredentialDataDecryptedObject }>('GET', `/credentials/${id}?includeData=true`);
	return data;
}

describe('an API key', () => {
	test('n8n stores the token for many executions, and renews it when it has expired', async () => {
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

	test('after an edit in the editor, the next task goes to the new host, with a token from that host', async () => {
		const elsewhere = await startSandbox({ tasksPerMinute: 0 });
		const credential = await on.n8n.credential(on.sandbox, withKey());
		const workflow = await on.n8n.workflow(credential, { parameters: byUrl });
		await on.n8n.send(workflow, [videoItem(1)]);
		// The editor sends back all fields, with the change.
		const data = { ...(await dataOf(credential)), baseUrl: elsewhere.url, apiKey: elsewhere.apiKey };
		await on.n8n.instance.rest.call('PATCH', `/credentials/${credential.id}`, { ...credential, data });
		const { execution } = await on.n8n.send(workflow, [videoItem(2)]);
		await elsewhere.close();

		expect([execution.error, execution.status]).toEqual([undefined, 'success']);
		expect([on.sandbox.tasks.length, elsewhere.tasks.length]).toEqual([1, 1]);
	});
});

describe('the credential test', () => {
	interface Verdict {
		status: 'OK' | 'Error';
		message: string;
	}

	async function verdict(data: ICredentialDataDecryptedObject): Promise<Verdict> {
		const { id, name, type } = await on.n8n.credential(on.sandbox, data);
		const credentials = { id, name, type, data: await dataOf({ id, name, type }) };
		return await on.n8n.instance.rest.call<Verdict>('POST', '/credentials/test', { credentials });
	}

	afterEach(() => expect(on.sandbox.tasks).toEqual([]));

	test('accepts a valid access token and a valid API key', async () => {
		expect(await verdict({})).toMatchObject({ status: 'OK' });
		expect(await verdict(withKey())).toMatchObject({ status: 'OK' });
	});

	test('rejects a wrong access token, and shows it nowhere', async () => {
		const accessToken = 'sk-wrong-token-0815-cafe';
		const { status, message } = await verdict({ accessToken });
		expect([status, message]).toEqual(['Error', expect.stringMatching(/refused the token/i)]);
		expect(message).not.toContain(accessToken);
		expect(await on.n8n.instance.log()).not.toContain(accessToken);
	});

	test('rejects a wrong API key, and shows it nowhere', async () => {
		const apiKey = 'wrong.api.key-0815-cafe';
		const { status, message } = await verdict({ ...withKey(), apiKey });
		expect([status, message]).toEqual(['Error', expect.stringMatching(/key/i)]);
		expect(message).not.toContain(apiKey);
		expect(await on.n8n.instance.log()).not.toContain(apiKey);
	});

	test('says that a page with HTTP 401 does not come from HiDream', async () => {
		const server = createServer((_request, response) => response.writeHead(401, { 'content-type': 'text/html' }).end('<html></html>'));
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		for (const data of [{ baseUrl }, { ...withKey(), baseUrl }]) {
			const shown = await verdict(data);
			expect([shown.status, shown.message]).toEqual(['Error', expect.stringMatching(/something between n8n and HiDream/i)]);
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
