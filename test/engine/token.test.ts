/** API keys and access tokens. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox } from '../../sandbox';
import { useEngine } from './support/engine';

const engine = useEngine();

const exchanges = () => engine().sandbox.requests.filter(({ path }) => path.startsWith('/prod-api/user/apikey2token'));

/** The Bearer token of each submit, in order. */
const bearers = () => engine().submits.map(({ headers }) => headers['authorization']);

test('exchanges the key once and stores the token, and the next execution uses it', async () => {
	const credential = engine().n8n.credentials.add(engine().keyAccount());
	await engine().submit({ credential, items: [{}, {}] });
	const outcome = await engine().submit({ credential });
	expect(outcome.error).toBeUndefined();
	expect(exchanges()).toHaveLength(1);
	expect(exchanges()[0]?.headers).toMatchObject({ 'api-key': engine().sandbox.apiKey });
	expect(engine().n8n.credentials.updates).toHaveLength(1);
	expect(new Set(bearers()).size).toBe(1);
	expect(engine().taskIds).toHaveLength(3);
});

test('renews a refused token within the run', async () => {
	const credential = engine().n8n.credentials.add(engine().keyAccount());
	await engine().submit({ credential });
	engine().sandbox.expireTokens();
	const outcome = await engine().submit({ credential, items: [{}, {}] });
	expect(outcome.json()).toMatchObject([{ status: 'submitted' }, { status: 'submitted' }]);
	expect(exchanges()).toHaveLength(2);
	expect(engine().submits.map(({ status }) => status)).toEqual([200, 401, 200, 200]);
});

test('renews it also after a streamed upload', async () => {
	const credential = engine().n8n.credentials.add(engine().keyAccount());
	await engine().submit({ credential });
	engine().sandbox.expireTokens();
	const video = randomBytes(8 * 1024 * 1024 + 1);
	const outcome = await engine().submit({ credential, parameters: { inputType: 'binary' }, items: [{ binary: { data: video } }] });
	expect(outcome.json()).toMatchObject([{ status: 'submitted', task_id: engine().taskIds[1] }]);
	expect(engine().sandbox.tasks[1]).toMatchObject({ video: { kind: 'base64', bytes: video.length } });
	expect(engine().taskIds).toHaveLength(2);
});

test.each(['batch', 'result'] as const)('renews a token that a status request refuses with HTTP 200 and a code (%s)', async (on) => {
	const credential = engine().keyAccount();
	const response = { type: 'code', code: 401, message: 'token expired' } as const;
	if (on === 'result') engine().sandbox.faults.add({ on: 'batch', times: Infinity, fault: { type: 'status', status: 404 } });
	engine().sandbox.faults.add({ on, fault: response });
	const taskId = '00000000-0000-0000-0000-000000000009';
	const outcome = await engine().submit({ credential, parameters: { operation: 'getResult', taskId } });
	expect(outcome.json()).toMatchObject([{ task_id: taskId, status: 'not_found' }]);
	expect(engine().sandbox.requests.filter(({ endpoint }) => endpoint === 'exchange')).toHaveLength(2);
});

test('stops after the renewed token is refused', async () => {
	engine().sandbox.faults.add({ on: 'submit', times: Infinity, fault: { type: 'status', status: 401 } });
	const outcome = await engine().submit({ credential: engine().keyAccount() });
	expect(outcome.words).toMatch(/credential/);
	expect(engine().submits).toHaveLength(2);
	expect(exchanges()).toHaveLength(2);
});

test('after an edit of the key, the next submit is billed to the new account', async () => {
	const credential = engine().n8n.credentials.add(engine().keyAccount());
	await engine().submit({ credential });
	const other = engine().sandbox.addAccount();
	engine().n8n.credentials.edit(credential, { apiKey: other.apiKey });
	const outcome = await engine().submit({ credential });
	expect(outcome.error).toBeUndefined();
	expect(engine().sandbox.tasks[1]?.accountId).toBe(other.id);
	expect(exchanges()).toHaveLength(2);
});

test('after an edit of the Base URL, the old token does not go to the new host', async () => {
	const credential = engine().n8n.credentials.add(engine().keyAccount());
	await engine().submit({ credential });
	const { apiKey } = engine().sandbox;
	const other = await startSandbox({ apiKey, tasksPerMinute: 0 });
	engine().n8n.credentials.edit(credential, { baseUrl: other.url });
	const outcome = await engine().submit({ credential });
	await other.close();
	expect(outcome.error).toBeUndefined();
	expect(other.tasks).toHaveLength(1);
	const sent = other.requests.map(({ headers }) => headers['authorization']);
	expect(sent).not.toContain(bearers()[0]);
});

test('after a switch from key to access token, sends the access token', async () => {
	const credential = engine().n8n.credentials.add(engine().keyAccount());
	await engine().submit({ credential });
	const { accessToken } = engine().sandbox;
	engine().n8n.credentials.edit(credential, { authentication: 'accessToken', accessToken });
	await engine().submit({ credential });
	expect(bearers()[1]).toBe(`Bearer ${accessToken}`);
});

describe('expired tokens', () => {
	const LIFETIME = 500;
	const brief = useEngine({ tokenLifetimeMs: LIFETIME });

	test('renews an expired token before sending it', async () => {
		const credential = brief().n8n.credentials.add(brief().keyAccount());
		await brief().submit({ credential });
		await sleep(LIFETIME);
		const outcome = await brief().submit({ credential });
		expect(outcome.error).toBeUndefined();
		expect(brief().submits.map(({ status }) => status)).toEqual([200, 200]);
		expect(new Set(brief().submits.map(({ headers }) => headers['authorization'])).size).toBe(2);
	});
});
