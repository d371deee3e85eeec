/** The way with an API key: exchange, storage, renewal, and edited credentials. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSandbox } from '../../sandbox';
import { useBench } from './support/hidream';

const bench = useBench();

const exchanges = () => bench().sandbox.requests.filter(({ path }) => path.startsWith('/prod-api/user/apikey2token'));

/** The Bearer token of each submit, in order. */
const bearers = () => bench().submits.map(({ headers }) => headers['authorization']);

test('the key is exchanged once, stored, and used again by the next execution', async () => {
	const credential = bench().n8n.credentials.add(bench().keyAccount());
	await bench().submit({ credential, items: [{}, {}] });
	const outcome = await bench().submit({ credential });
	expect(outcome.error).toBeUndefined();
	expect(exchanges()).toHaveLength(1);
	expect(exchanges()[0]?.headers).toMatchObject({ 'api-key': bench().sandbox.apiKey });
	expect(bench().n8n.credentials.updates).toHaveLength(1);
	expect(new Set(bearers()).size).toBe(1);
	expect(bench().taskIds).toHaveLength(3);
});

test('neither key nor token shows in output, log or execution data', async () => {
	const outcome = await bench().submit({ credential: bench().keyAccount() });
	expect(outcome.error).toBeUndefined();
	const token = String(bearers()[0]).replace('Bearer ', '');
	expect(token).toMatch(/^sk-/);
	expect(outcome.everything).not.toContain(token);
	expect(outcome.everything).not.toContain(bench().sandbox.apiKey);
});

test('a token that the service refuses is renewed within the run', async () => {
	const credential = bench().n8n.credentials.add(bench().keyAccount());
	await bench().submit({ credential });
	bench().sandbox.expireTokens();
	const outcome = await bench().submit({ credential, items: [{}, {}] });
	expect(outcome.json()).toMatchObject([{ status: 'submitted' }, { status: 'submitted' }]);
	expect(exchanges()).toHaveLength(2);
	expect(bench().submits.map(({ status }) => status)).toEqual([200, 401, 200, 200]);
});

test('also when the refused request was a streamed upload', async () => {
	const credential = bench().n8n.credentials.add(bench().keyAccount());
	await bench().submit({ credential });
	bench().sandbox.expireTokens();
	const video = randomBytes(8 * 1024 * 1024 + 1);
	const outcome = await bench().submit({ credential, parameters: { inputType: 'binary' }, items: [{ binary: { data: video } }] });
	expect(outcome.json()).toMatchObject([{ status: 'submitted', task_id: bench().taskIds[1] }]);
	expect(bench().sandbox.tasks[1]).toMatchObject({ video: { kind: 'base64', bytes: video.length } });
	expect(bench().taskIds).toHaveLength(2);
});

test.each(['batch', 'result'] as const)('a question that is answered 200 with a code for "bad token" (%s) renews it, too', async (on) => {
	const credential = bench().keyAccount();
	const answer = { type: 'code', code: 401, message: 'token expired' } as const;
	if (on === 'result') bench().sandbox.faults.add({ on: 'batch', times: Infinity, fault: { type: 'status', status: 404 } });
	bench().sandbox.faults.add({ on, fault: answer });
	const taskId = '00000000-0000-0000-0000-000000000009';
	const outcome = await bench().submit({ credential, parameters: { operation: 'getResult', taskId } });
	expect(outcome.json()).toMatchObject([{ task_id: taskId, status: 'not_found' }]);
	expect(bench().sandbox.requests.filter(({ endpoint }) => endpoint === 'exchange')).toHaveLength(2);
});

test('a token that is refused once more after the renewal ends it', async () => {
	bench().sandbox.faults.add({ on: 'submit', times: Infinity, fault: { type: 'status', status: 401 } });
	const outcome = await bench().submit({ credential: bench().keyAccount() });
	expect(outcome.words).toMatch(/credential/);
	expect(bench().submits).toHaveLength(2);
	expect(exchanges()).toHaveLength(2);
});

test('an edited key: the next submit is billed to the new account', async () => {
	const credential = bench().n8n.credentials.add(bench().keyAccount());
	await bench().submit({ credential });
	const other = bench().sandbox.addAccount();
	bench().n8n.credentials.edit(credential, { apiKey: other.apiKey });
	const outcome = await bench().submit({ credential });
	expect(outcome.error).toBeUndefined();
	expect(bench().sandbox.tasks[1]?.accountId).toBe(other.id);
	expect(exchanges()).toHaveLength(2);
});

test('an edited Base URL: the old token does not go to the new host', async () => {
	const credential = bench().n8n.credentials.add(bench().keyAccount());
	await bench().submit({ credential });
	const { apiKey } = bench().sandbox;
	const other = await startSandbox({ apiKey, tasksPerMinute: 0 });
	bench().n8n.credentials.edit(credential, { baseUrl: other.url });
	const outcome = await bench().submit({ credential });
	await other.close();
	expect(outcome.error).toBeUndefined();
	expect(other.tasks).toHaveLength(1);
	const sent = other.requests.map(({ headers }) => headers['authorization']);
	expect(sent).not.toContain(bearers()[0]);
});

test('a switch from key to access token sends the access token', async () => {
	const credential = bench().n8n.credentials.add(bench().keyAccount());
	await bench().submit({ credential });
	const { accessToken } = bench().sandbox;
	bench().n8n.credentials.edit(credential, { authentication: 'accessToken', accessToken });
	await bench().submit({ credential });
	expect(bearers()[1]).toBe(`Bearer ${accessToken}`);
});

test('a key that is not known: refused in words, and nothing is submitted', async () => {
	const outcome = await bench().submit({ credential: bench().keyAccount({ apiKey: 'no-such-key' }) });
	expect(outcome.words).toMatch(/API key/i);
	expect(outcome.everything).not.toContain('no-such-key');
	expect(bench().submits).toEqual([]);
});

test('a wrong access token: refused in words, and it shows nowhere', async () => {
	const outcome = await bench().submit({ credential: bench().account({ accessToken: 'sk-wrong-one' }) });
	expect(outcome.words).toMatch(/credential/);
	expect(outcome.everything).not.toContain('sk-wrong-one');
	expect(bench().taskIds).toEqual([]);
});

describe('tokens that run out by the clock', () => {
	const LIFETIME = 500;
	const brief = useBench({ tokenLifetimeMs: LIFETIME });

	test('a token that has run out is renewed before it is sent', async () => {
		const credential = brief().n8n.credentials.add(brief().keyAccount());
		await brief().submit({ credential });
		await sleep(LIFETIME);
		const outcome = await brief().submit({ credential });
		expect(outcome.error).toBeUndefined();
		expect(brief().submits.map(({ status }) => status)).toEqual([200, 200]);
		expect(new Set(brief().submits.map(({ headers }) => headers['authorization'])).size).toBe(2);
	});
});
