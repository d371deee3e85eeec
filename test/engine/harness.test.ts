/** The harness behaves as n8n does: without this the other tests of this folder would prove nothing. */
import { createHash, randomBytes } from 'node:crypto';
import { closeEngine, Instance, type RunOptions } from '../../harness/engine';
import { startEcho } from './support/echo';
import { probeCredential, probeNode } from './support/probe';

let echo: Awaited<ReturnType<typeof startEcho>>;
let n8n: Instance;

beforeAll(async () => {
	echo = await startEcho();
});

beforeEach(() => {
	n8n = new Instance('test.probe', probeNode, probeCredential);
});

afterAll(async () => {
	await echo.close();
	closeEngine();
});

/** A run of the probe with word `hello` against the echo. */
function probe(more: Partial<RunOptions> = {}): RunOptions {
	return { parameters: { word: 'hello' }, credential: { key: 'k1', url: echo.url }, ...more };
}

test('a stored binary is streamed through the real HTTP helper with the exchanged token', async () => {
	const video = randomBytes(3 * 1024 * 1024 + 1);
	const outcome = await n8n.run(probe({ items: [{ json: { n: 7 }, binary: { data: video } }] }));
	const sha256 = createHash('sha256').update(video).digest('hex');
	expect(outcome.json()).toEqual([
		{ bytes: video.length, sha256, authorization: 'Bearer token-of-k1', tries: 1, round: 0 },
	]);
	expect(outcome.items('Source')[0]?.binary?.['data']?.id).toMatch(/^filesystem-v2:/);
	expect(outcome.items('Done')[0]?.json['from']).toEqual({ n: 7 });
	expect(outcome.log('info')).toEqual(['sent item 0']);
});

test('in-memory mode keeps the bytes in the item', async () => {
	const outcome = await n8n.run(probe({ items: [{ binary: { data: Buffer.from('abc') } }], binaryMode: 'default' }));
	expect(outcome.items('Source')[0]?.binary?.['data']).toMatchObject({ data: 'YWJj', bytes: 3 });
	expect(outcome.items('Source')[0]?.binary?.['data']).not.toHaveProperty('id');
});

test('the exchanged token is stored once and used again; a 401 renews it', async () => {
	const credential = n8n.credentials.add({ key: 'k1', url: echo.url });
	await n8n.run(probe({ credential }));
	await n8n.run(probe({ credential }));
	expect(n8n.credentials.updates).toEqual([{ key: 'k1', url: echo.url, token: 'token-of-k1' }]);
	n8n.credentials.edit(credential, { key: 'k2' });
	echo.statuses.push(401);
	const outcome = await n8n.run(probe({ credential }));
	expect(outcome.json()).toMatchObject([{ authorization: 'Bearer token-of-k2' }]);
	expect(n8n.credentials.stored(credential)).toMatchObject({ token: 'token-of-k2' });
});

test('Retry On Fail tries again with the same context', async () => {
	echo.statuses.push(500, 500);
	const outcome = await n8n.run(probe({ retryOnFail: true, maxTries: 3 }));
	expect(outcome.json()).toMatchObject([{ tries: 3 }]);
});

test("a user's Retry starts at the failed node and keeps its context", async () => {
	echo.statuses.push(500);
	const execution = await n8n.start(probe());
	expect((await execution.outcome()).failure).toMatchObject({ message: 'Probe failed' });
	const retried = await (await execution.retry()).outcome();
	expect(retried.error).toBeUndefined();
	expect(retried.json()).toMatchObject([{ tries: 2 }]);
});

test('a loop runs the node once a round', async () => {
	const outcome = await n8n.run(probe({ rounds: 3 }));
	expect(outcome.rounds).toBe(3);
	expect(outcome.json(2)).toMatchObject([{ round: 2 }]);
});

test('an agent calls the node as its tool and gets its items, or the message of its error', async () => {
	echo.statuses.push(200, 500);
	const calls = [{ text: 'a' }, { text: 'bc' }];
	const outcome = await n8n.run(probe({ parameters: { word: '={{ $json.text }}' }, toolCalls: calls }));
	expect(outcome.error).toBeUndefined();
	expect(outcome.items('Agent')).toMatchObject([{ json: { bytes: 1 } }, { json: { error: 'Probe failed' } }]);
});

test('stopping the execution ends the request in flight', async () => {
	echo.statuses.push('silence');
	const execution = await n8n.start(probe());
	await echo.silenced();
	execution.cancel();
	expect((await execution.outcome()).words).toMatch(/cancel/);
});
