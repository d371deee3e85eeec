import { ANSWERS } from '../../sandbox';
import { open, VIDEO_URL, type Bench } from './support';

let bench: Bench;
let time = 1_000_000;
beforeEach(async () => (bench = await open({ now: () => time })));
afterEach(async () => await bench.close());

interface Token { code: number; result: { token: string; expire_time: string } }
const exchange = async (apiKey: string) => {
	const { text, status } = await bench.send('/prod-api/user/apikey2token', { headers: { 'Api-Key': apiKey } });
	return { status, ...(JSON.parse(text) as Token) };
};
const submitWith = async (token: string) =>
	await bench.submit({ video_name: VIDEO_URL, style: 'anime' }, { authorization: `Bearer ${token}` });

test('an API key gives a token of the same account, for a day', async () => {
	const { apiKey, id } = bench.sandbox.addAccount();
	const { code, result } = await exchange(apiKey);
	expect(code).toBe(0);
	expect(result.expire_time).toBe(new Date(time + 24 * 60 * 60 * 1000).toISOString());
	expect((await submitWith(result.token)).json().code).toBe(0);
	expect(bench.sandbox.tasks[0]?.accountId).toBe(id);
	time += 24 * 60 * 60 * 1000 - 1;
	expect((await submitWith(result.token)).status).toBe(200);
	time += 1;
	const late = await submitWith(result.token);
	expect([late.status, late.json().code]).toEqual([401, ANSWERS.expiredToken.code]);
});

test('a second exchange leaves the first token valid', async () => {
	const first = await exchange(bench.sandbox.apiKey);
	const second = await exchange(bench.sandbox.apiKey);
	expect(first.result.token).not.toBe(second.result.token);
	expect((await submitWith(first.result.token)).status).toBe(200);
	expect((await submitWith(second.result.token)).status).toBe(200);
});

test('all exchanged tokens can be ended; access tokens and new exchanges go on', async () => {
	const { result } = await exchange(bench.sandbox.apiKey);
	bench.sandbox.expireTokens();
	expect((await submitWith(result.token)).status).toBe(401);
	expect((await submitWith(bench.sandbox.accessToken)).status).toBe(200);
	expect((await submitWith((await exchange(bench.sandbox.apiKey)).result.token)).status).toBe(200);
});

test.each([['an unknown key', 'nobody'], ['no key', '']])('refuses %s', async (_name, key) => {
	expect(await exchange(key)).toMatchObject({ status: 401, code: ANSWERS.badApiKey.code });
});

test('an access token is no API key', async () => {
	expect((await exchange(bench.sandbox.accessToken)).status).toBe(401);
});

test('credentials can be chosen', async () => {
	await bench.close();
	bench = await open({ accessToken: 'sk-mine', apiKey: 'key-mine' });
	expect((await submitWith('sk-mine')).status).toBe(200);
	expect((await exchange('key-mine')).code).toBe(0);
});
