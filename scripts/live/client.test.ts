/** The live check's HTTP client: the node's own code over undici. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { batchQuery, singleQuery } from '../../nodes/hidream/queryTasks';
import { jsonBody } from '../../nodes/video/jsonBody';
import { LiveClient, type LiveReply } from './client';
import { interpretStatus, interpretSubmit } from './interpret';

interface Seen {
	method: string;
	url: string;
	headers: IncomingMessage['headers'];
	body: string;
}

/** Sends one request to a server with this response. */
async function exchange(respond: (response: ServerResponse) => void, send: (client: LiveClient, url: string) => Promise<LiveReply>): Promise<{ reply: LiveReply; seen: Seen[] }> {
	const seen: Seen[] = [];
	const server = createServer((request, response) => {
		let body = '';
		request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
		request.on('end', () => {
			seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
			respond(response);
		});
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const client = new LiveClient(2_000);
	try {
		return { reply: await send(client, `http://127.0.0.1:${(server.address() as AddressInfo).port}`), seen };
	} finally {
		await client.close();
		server.closeAllConnections();
		server.close();
	}
}

const TASK = '{"code":0,"result":{"task_id":1234567890123456789,"sub_task_ids":[]}}';

test('sends a query with the token, and returns its complete response', async () => {
	const { reply, seen } = await exchange(
		(response) => response.writeHead(200, { 'X-Own': '1' }).end('{"code":0,"result":{"task_id":"t-1"}}'),
		async (client, url) => await client.query(singleQuery(url, 't-1'), 'sk-1'),
	);
	expect(seen).toMatchObject([{ method: 'GET', url: expect.stringMatching(/\/results\?task_id=t-1$/), headers: { authorization: 'Bearer sk-1', accept: 'application/json' } }]);
	expect(reply).toMatchObject({ kind: 'answer', status: 200, headers: { 'x-own': '1' }, json: { code: 0 } });
	expect(await interpretStatus('t-1', { single: reply })).toBe('waiting');
});

test('sends a batch query as JSON', async () => {
	const { seen } = await exchange((response) => response.end('{}'), async (client, url) => await client.query(batchQuery(url, ['a', 'b']), 'sk-1'));
	expect(seen).toMatchObject([{ method: 'POST', body: '{"task_id_list":["a","b"]}', headers: { 'content-type': 'application/json' } }]);
});

test.each([
	['a URL', { kind: 'text', text: 'https://videos.example/a.mp4' }, 'https://videos.example/a.mp4'],
	['base64', { kind: 'base64', base64: 'QUJD'.repeat(200_000) }, 'QUJD'.repeat(200_000)],
] as const)('a submit with %s has the body that the node sends', async (_, video, sent) => {
	const body = jsonBody({ style: 'anime', prompt: '', request_id: 'r-1' }, video);
	const { reply, seen } = await exchange((response) => response.end(TASK), async (client, url) => await client.post(`${url}/submit`, body, 'sk-1'));
	expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ style: 'anime', request_id: 'r-1', video_name: sent });
	expect(seen[0]?.headers['content-length']).toBe(String(body.length));
	expect(interpretSubmit(reply)).toEqual({ kind: 'accepted', taskId: '1234567890123456789', subTaskIds: [] });
});

test('returns a redirect as a response: the token goes to no other host', async () => {
	const { reply, seen } = await exchange(
		(response) => response.writeHead(302, { location: '/elsewhere' }).end(),
		async (client, url) => await client.query(singleQuery(url, 't-1'), 'sk-1'),
	);
	expect(reply).toMatchObject({ kind: 'answer', status: 302, text: '', json: undefined });
	expect(seen).toHaveLength(1);
});

test('reports a missing response after the timeout', async () => {
	const client = new LiveClient(100);
	const server = createServer(() => undefined).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const silent = { kind: 'failed', reason: 'no response in time' };
	expect(await client.query(singleQuery(url, 't-1'))).toEqual(silent);
	expect(await client.post(url, jsonBody({}, { kind: 'text', text: 'x' }), '')).toEqual(silent);
	await client.close();
	server.closeAllConnections();
	server.close();
});

test('reports a connection that breaks, and one that fails', async () => {
	const broken = await exchange((response) => response.destroy(), async (client, url) => await client.query(singleQuery(url, 't-1')));
	expect(broken.reply).toEqual({ kind: 'failed', reason: 'the connection broke' });
	const client = new LiveClient(2_000);
	expect(await client.query(singleQuery('http://127.0.0.1:1', 't-1'))).toEqual({ kind: 'failed', reason: 'the host refuses connections' });
	await client.close();
});
