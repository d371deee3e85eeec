/** Exchanging an API key for a token, and the messages if that fails. */
import { Readable } from 'node:stream';
import type { HttpClient, HttpRequest } from '../../../nodes/hidream/http';
import { exchangeApiKey, readExchange as readJson } from '../../../nodes/hidream/query';
import { vendorJson } from '../../../nodes/hidream/vendorJson';
import { exchangeText } from '../../../nodes/shared/messages/aboutResponses';

const readExchange = (status: number, body: string) => {
	const json = vendorJson(body);
	const exchanged = readJson({ status, headers: {}, json, ...(json === null && { truncated: body }) });
	return exchanged.ok ? exchanged : { ok: false, reason: exchangeText(exchanged.reason) };
};

test('the request has HiDream\'s header and no token', async () => {
	const seen: HttpRequest[] = [];
	const http: HttpClient = async (request) => {
		seen.push(request);
		return { status: 200, headers: {}, body: Readable.from([Buffer.from('{"code":0,"result":{"token":"t-1"}}')]) };
	};
	expect(await exchangeApiKey(http, 'https://api.hidream.test', 'key-1', (text) => text)).toMatchObject({ ok: true, token: 't-1' });
	expect(seen).toEqual([
		{
			method: 'GET',
			url: 'https://api.hidream.test/prod-api/user/apikey2token',
			headers: { 'Api-Key': 'key-1', Accept: 'application/json', 'X-accept-language': 'en' },
			timeoutMs: 30_000,
			signal: expect.any(AbortSignal) as AbortSignal,
		},
	]);
});

test('reads a token with its expiry', () => {
	const body = '{"code":0,"result":{"token":"t-1","expire_time":"2026-01-02T03:04:05+08:00"}}';
	expect(readExchange(200, body)).toEqual({ ok: true, token: 't-1', expiresAt: Date.UTC(2026, 0, 1, 19, 4, 5) });
});

test.each(['"someday"', 'null', '""', '{}', '[]'])('ignores an unreadable expiry (%s)', (end) => {
	const body = `{"code":0,"result":{"token":"t-1","expire_time":${end}}}`;
	expect(readExchange(200, body)).toEqual({ ok: true, token: 't-1', expiresAt: undefined });
});

test('accepts a code as text', () => {
	expect(readExchange(200, '{"code":" 0 ","result":{"token":"t-1"}}')).toMatchObject({ ok: true, token: 't-1' });
});

test.each([
	[408, ''],
	[429, '<html>'],
	[500, '{"code":0,"message":"busy","result":{"token":"t-1"}}'],
	[503, '{"code":9}'],
])('HTTP %i %s is temporary, so the exchange is worth another attempt', (status, body) => {
	expect(readJson({ status, headers: {}, json: vendorJson(body) })).toMatchObject({ ok: false, reason: { temporary: true } });
	expect(readExchange(status, body)).toHaveProperty('reason', expect.stringMatching(/^The API key could not be exchanged for a token: /));
});

test('reads a token without an expiry', () => {
	expect(readExchange(200, '{"code":0,"result":{"token":"t-1"}}')).toEqual({ ok: true, token: 't-1', expiresAt: undefined });
});

test.each([
	[404, ''],
	[401, '<html></html>'],
	[403, '<html><h1>403 Forbidden</h1></html>'],
	[502, '<html><body>Bad Gateway</body></html>'],
	[200, 'null'],
	[200, '[]'],
	[200, '"text"'],
	[200, '7'],
	[200, '{}'],
	[200, '{"result":{"token":"t-1"}}'],
	[302, ''],
])('HTTP %i %s is not from HiDream', (status, body) => {
	const exchanged = readExchange(status, body);
	expect(exchanged).toEqual({ ok: false, reason: expect.stringMatching(/(something between n8n and HiDream|redirects to another address).*Base URL/i) });
	expect(exchanged).toHaveProperty('reason', expect.stringContaining(`HTTP ${status}`));
});

test.each([
	[200, '{"code":1001,"message":"bad key"}', '1001'],
	[401, '{"code":401,"message":"bad key"}', '401'],
	[200, '{"code":-1,"message":"bad key","result":{"token":"t-1"}}', '-1'],
	[200, '{"code":"invalid_key","message":"bad key"}', 'invalid_key'],
])('HTTP %i %s rejects the key', (status, body, code) => {
	const exchanged = readExchange(status, body);
	expect(exchanged).toEqual({ ok: false, reason: expect.stringMatching(/^HiDream refused the API key/) });
	expect(exchanged).toHaveProperty('reason', expect.stringContaining('"bad key"'));
	expect(exchanged).toHaveProperty('reason', expect.stringContaining(`code ${code},`));
});

test.each([
	'{"code":0}',
	'{"code":0,"result":null}',
	'{"code":0,"result":[]}',
	'{"code":0,"result":"t-1"}',
	'{"code":0,"result":{"token":""}}',
	'{"code":0,"result":{"token":7}}',
	'{"code":0,"result":{"token":null}}',
	'{"code":7,"message":{"a":1}}',
])('finds no token in %s', (body) => {
	expect(readExchange(200, body)).toEqual({ ok: false, reason: expect.stringContaining('code ') });
});

test('a message that would flood an error is cut', () => {
	const exchanged = readExchange(200, JSON.stringify({ code: 7, message: 'x'.repeat(1_000_000) }));
	expect(JSON.stringify(exchanged).length).toBeLessThan(5_000);
});
