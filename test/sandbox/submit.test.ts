/** The fake HiDream server's checks of a submit: fields, tokens and limits. */
import { RESPONSES, VENDOR_STYLES } from '../../sandbox';
import type { SandboxSettings } from '../../sandbox';
import { startServer, pieces, SUBMIT, SUBMITTED_URL } from './support';
import type { TestClient } from './support';

let client: TestClient;

const good = { video_name: SUBMITTED_URL, style: 'anime' };

let time = 1_000_000;

describe('fields, headers and paths', () => {
	beforeEach(async () => (client = await startServer()));
	afterEach(async () => await client.close());

	type Key = keyof typeof RESPONSES;

	function expectRefusal(reply: { status: number; text: string }, key: Key): void {
		expect({ status: reply.status, code: (JSON.parse(reply.text) as { code: number }).code }).toEqual({
			status: RESPONSES[key].status,
			code: RESPONSES[key].code,
		});
		expect(client.sandbox.tasks).toHaveLength(0);
	}

	test('accepts HiDream\'s sample, and records it', async () => {
		const reply = await client.submit(
			{ prompt: 'Line\n"quote" \\ 猫 🐈 \u2028', style: 'ink_wash', video_name: SUBMITTED_URL, request_id: 'my-id', notify_url: 'https://me.example/hook' },
			{ 'API-User-ID': 'user-7' },
		);
		expect(reply.status).toBe(200);
		const [task] = client.sandbox.tasks;
		expect(reply.json()).toEqual({
			code: 0,
			message: '请求成功',
			request_id: 'my-id',
			result: { task_id: task?.taskId, sub_task_ids: task?.subTaskIds },
		});
		expect(task).toMatchObject({
			prompt: 'Line\n"quote" \\ 猫 🐈 \u2028',
			style: 'ink_wash',
			requestId: 'my-id',
			notifyUrl: 'https://me.example/hook',
			apiUserId: 'user-7',
			accountId: 'account-1',
			video: { kind: 'url', url: SUBMITTED_URL },
		});
	});

	test.each(VENDOR_STYLES)('accepts style %s without a prompt', async (style) => {
		expect((await client.submit({ video_name: SUBMITTED_URL, style })).json().code).toBe(0);
	});

	test('accepts a prompt without a style', async () => {
		expect((await client.submit({ video_name: SUBMITTED_URL, prompt: 'as clay' })).json().code).toBe(0);
		expect(client.sandbox.tasks[0]?.style).toBeNull();
	});

	const wrongFields: Array<[string, object, Key]> = [
		['no video', { style: 'anime' }, 'missingVideo'],
		['an empty video', { ...good, video_name: '' }, 'missingVideo'],
		['a video that is a number', { ...good, video_name: 7 }, 'badType'],
		['a video that is null', { ...good, video_name: null }, 'badType'],
		['a data: prefix', { ...good, video_name: 'data:video/mp4;base64,QUJD' }, 'badVideo'],
		['base64 without padding', { ...good, video_name: 'QUI' }, 'badVideo'],
		['base64 with padding in the middle', { ...good, video_name: 'QQ==QUJD' }, 'badVideo'],
		['padding alone', { ...good, video_name: '====' }, 'badVideo'],
		['URL-safe base64', { ...good, video_name: 'ab-_' }, 'badVideo'],
		['base64 with line breaks', { ...good, video_name: 'QUJD\nQUJD\n12' }, 'badVideo'],
		['base64 with stray bits', { ...good, video_name: 'QR==' }, 'badVideo'],
		['a URL without a host', { ...good, video_name: 'https://' }, 'badVideo'],
		['a URL with a space', { ...good, video_name: 'https://videos.example/a b.mp4' }, 'badVideo'],
		['a file URL', { ...good, video_name: 'file:///etc/passwd' }, 'badVideo'],
		['an unknown style', { ...good, style: 'van_gogh' }, 'badStyle'],
		['an empty style', { ...good, style: '' }, 'badStyle'],
		['neither prompt nor style', { video_name: SUBMITTED_URL }, 'noPromptNorStyle'],
		['an empty prompt and no style', { video_name: SUBMITTED_URL, prompt: '' }, 'noPromptNorStyle'],
		['a prompt that is a list', { ...good, prompt: ['a'] }, 'badType'],
		['a prompt that is an object', { ...good, prompt: { video_name: 'QUJD' } }, 'badType'],
		['a style that is true', { ...good, style: true }, 'badType'],
		['a long prompt', { ...good, prompt: 'x'.repeat(64 * 1024 + 1) }, 'tooLong'],
		['a long request id', { ...good, request_id: 'x'.repeat(129) }, 'tooLong'],
		['a request id that is a number', { ...good, request_id: 1 }, 'badType'],
		['a notify URL of another scheme', { ...good, notify_url: 'ftp://me.example/' }, 'badNotifyUrl'],
		['an empty notify URL', { ...good, notify_url: '' }, 'badNotifyUrl'],
		['an unknown field', { ...good, webhook: 'x' }, 'unknownField'],
		['forbidden content', { ...good, prompt: 'a [forbidden] thing' }, 'forbidden'],
		['a list', [good], 'badJson'],
	];
	test.each(wrongFields)('refuses %s', async (_name, fields, key) => {
		expectRefusal(await client.submit(fields), key);
	});

	test.each([
		['nothing', ''],
		['a text', '"anime"'],
		['half an object', '{"style":"anime"'],
		['an unfinished text', '{"style":"ani'],
		['a trailing comma', '{"style":"anime",}'],
		['a raw line break in a text', '{"prompt":"a\nb"}'],
		['something after the object', '{"style":"anime"} x'],
		['a field twice', `{"style":"anime","style":"anime","video_name":"${SUBMITTED_URL}"}`],
	])('refuses a body that is %s', async (_name, body) => {
		const headers = { authorization: `Bearer ${client.sandbox.accessToken}`, 'content-type': 'application/json' };
		expectRefusal(await client.send(SUBMIT, { method: 'POST', headers, body }), 'badJson');
	});

	test.each([
		['no Authorization', { authorization: '' }, 'missingToken'],
		['another scheme', { authorization: 'Basic abc' }, 'unknownToken'],
		['an unknown token', { authorization: 'Bearer nobody' }, 'unknownToken'],
		['an API key for a token', { authorization: 'Bearer eyJ.eyJ.x' }, 'unknownToken'],
		['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'badContentType'],
		['no type', { 'content-type': '' }, 'badContentType'],
		['an invalid type', { 'content-type': 'json' }, 'badContentType'],
	] as Array<[string, Record<string, string>, Key]>)('refuses a submit with %s', async (_name, headers, key) => {
		expectRefusal(await client.submit(good, headers), key);
		expect(client.sandbox.requests).toHaveLength(1);
	});

	test('refuses a body without a length', async () => {
		const headers = { authorization: `Bearer ${client.sandbox.accessToken}`, 'content-type': 'application/json' };
		const { body } = pieces([Buffer.from(JSON.stringify(good))]);
		expectRefusal(await client.send(SUBMIT, { method: 'POST', headers, body }), 'lengthRequired');
	});

	test('refuses wrong methods, unknown paths and stray query parameters', async () => {
		const headers = { authorization: `Bearer ${client.sandbox.accessToken}` };
		expectRefusal(await client.send(SUBMIT, { headers }), 'badMethod');
		expectRefusal(await client.send(`${SUBMIT}/results`, { method: 'POST', headers }), 'badMethod');
		expectRefusal(await client.send(`${SUBMIT}/results/batch`, { headers }), 'badMethod');
		expectRefusal(await client.send('/prod-api/user/apikey2token', { method: 'POST' }), 'badMethod');
		expectRefusal(await client.send(`${SUBMIT}/`, { method: 'POST' }), 'notFound');
		expectRefusal(await client.send(`${SUBMIT}/results?task_id=x&limit=1`, { headers }), 'unknownField');
	});

	test('refuses a body over the limit before it has arrived completely', async () => {
		await client.close();
		client = await startServer({ maxBodyBytes: 1000 });
		expectRefusal(await client.submit({ ...good, prompt: 'x'.repeat(1000) }), 'tooLarge');
		expect((await client.submit(good)).json().code).toBe(0);
	});

	test('responds in the requested language', async () => {
		expect((await client.submit({ ...good, style: 'x' })).json().message).toBe(`${RESPONSES.badStyle.zh} (x)`);
		expect((await client.submit({ ...good, style: 'x' }, { 'X-accept-language': 'en' })).json().message).toBe(`${RESPONSES.badStyle.en} (x)`);
	});

	test('a refusal has a request_id, too', async () => {
		expect((await client.submit({ ...good, style: 'x', request_id: 'my-id' })).json().request_id).toBe('my-id');
	});
});

describe('tokens and API keys', () => {
	beforeEach(async () => (client = await startServer({ now: () => time })));
	afterEach(async () => await client.close());

	interface Token { code: number; result: { token: string; expire_time: string } }
	const exchange = async (apiKey: string) => {
		const { text, status } = await client.send('/prod-api/user/apikey2token', { headers: { 'Api-Key': apiKey } });
		return { status, ...(JSON.parse(text) as Token) };
	};
	const submitWith = async (token: string) =>
		await client.submit({ video_name: SUBMITTED_URL, style: 'anime' }, { authorization: `Bearer ${token}` });

	test('exchanges an API key for a token of the same account, valid for a day', async () => {
		const { apiKey, id } = client.sandbox.addAccount();
		const { code, result } = await exchange(apiKey);
		expect(code).toBe(0);
		expect(result.expire_time).toBe(new Date(time + 24 * 60 * 60 * 1000).toISOString());
		expect((await submitWith(result.token)).json().code).toBe(0);
		expect(client.sandbox.tasks[0]?.accountId).toBe(id);
		time += 24 * 60 * 60 * 1000 - 1;
		expect((await submitWith(result.token)).status).toBe(200);
		time += 1;
		const late = await submitWith(result.token);
		expect([late.status, late.json().code]).toEqual([401, RESPONSES.expiredToken.code]);
	});

	test('a second exchange keeps the first token valid', async () => {
		const first = await exchange(client.sandbox.apiKey);
		const second = await exchange(client.sandbox.apiKey);
		expect(first.result.token).not.toBe(second.result.token);
		expect((await submitWith(first.result.token)).status).toBe(200);
		expect((await submitWith(second.result.token)).status).toBe(200);
	});

	test('can expire all exchanged tokens; access tokens and new exchanges still work', async () => {
		const { result } = await exchange(client.sandbox.apiKey);
		client.sandbox.expireTokens();
		expect((await submitWith(result.token)).status).toBe(401);
		expect((await submitWith(client.sandbox.accessToken)).status).toBe(200);
		expect((await submitWith((await exchange(client.sandbox.apiKey)).result.token)).status).toBe(200);
	});

	test.each([['an unknown key', 'nobody'], ['no key', '']])('refuses %s', async (_name, key) => {
		expect(await exchange(key)).toMatchObject({ status: 401, code: RESPONSES.badApiKey.code });
	});

	test('refuses an access token as an API key', async () => {
		expect((await exchange(client.sandbox.accessToken)).status).toBe(401);
	});

	test('accepts the configured credentials', async () => {
		await client.close();
		client = await startServer({ accessToken: 'sk-mine', apiKey: 'key-mine' });
		expect((await submitWith('sk-mine')).status).toBe(200);
		expect((await exchange('key-mine')).code).toBe(0);
	});
});

describe('limits and credits', () => {
	const limits = { free: 1, level1: 3, level2: 5, level3: 7, level4: 10 };
	const start = async (settings: Partial<SandboxSettings>) => (client = await startServer({ now: () => time, ...settings }));
	afterEach(async () => await client.close());

	const submitCode = async (fields: object = {}, token = client.sandbox.accessToken) =>
		(await client.submit({ ...good, ...fields }, { authorization: `Bearer ${token}` })).json().code;

	test('accepts two tasks in any minute; refusals do not count', async () => {
		await start({ tasksPerMinute: 2 });
		expect(await submitCode()).toBe(0);
		time += 30_000;
		expect(await submitCode({ style: 'nope' })).toBe(RESPONSES.badStyle.code);
		expect(await submitCode()).toBe(0);
		time += 29_999;
		const refused = await client.submit(good);
		expect(refused.status).toBe(429);
		expect(refused.json().code).toBe(RESPONSES.rateLimit.code);
		expect(refused.headers['retry-after']).toBeUndefined();
		time += 1;
		expect(await submitCode()).toBe(0);
		expect(await submitCode()).toBe(RESPONSES.rateLimit.code);
		time += 30_000;
		expect(await submitCode()).toBe(0);
		expect(client.sandbox.tasks).toHaveLength(4);
	});

	test('the rate window can be shortened', async () => {
		await start({ tasksPerMinute: 1, minuteMs: 500 });
		expect(await submitCode()).toBe(0);
		time += 499;
		expect(await submitCode()).toBe(RESPONSES.rateLimit.code);
		time += 1;
		expect(await submitCode()).toBe(0);
	});

	test('concurrent submissions cannot exceed the limits', async () => {
		await start({ tasksPerMinute: 2, parallelTasks: limits, accountLevel: 'level4', taskSeconds: 10 });
		const codes = await Promise.all(Array.from({ length: 6 }, async () => await submitCode()));
		expect(codes.filter((code) => code === 0)).toHaveLength(2);
	});

	test.each(Object.entries(limits))('an account of level %s has %d tasks in progress', async (level, allowed) => {
		await start({ parallelTasks: limits, taskSeconds: 10 });
		const { accessToken, id } = client.sandbox.addAccount({ level: level as keyof typeof limits });
		for (let count = 0; count < allowed; count += 1) expect(await submitCode({}, accessToken)).toBe(0);
		expect(await submitCode({}, accessToken)).toBe(RESPONSES.parallelLimit.code);
		expect(client.sandbox.tasks.every(({ accountId }) => accountId === id)).toBe(true);
		time += 10_000;
		expect(await submitCode({}, accessToken)).toBe(0);
	});

	test('ending a task early frees its parallel task', async () => {
		await start({ parallelTasks: limits, taskSeconds: 10 });
		const taskId = await client.task();
		expect(await submitCode()).toBe(RESPONSES.parallelLimit.code);
		client.sandbox.settle(taskId, 'failed');
		expect(await submitCode()).toBe(0);
	});

	test('accounts do not share limits', async () => {
		await start({ tasksPerMinute: 1 });
		const other = client.sandbox.addAccount();
		expect(await submitCode()).toBe(0);
		expect(await submitCode({}, other.accessToken)).toBe(0);
		expect(await submitCode()).toBe(RESPONSES.rateLimit.code);
	});

	test('refuses an account without credits with HiDream\'s 2007', async () => {
		await start({});
		const { accessToken } = client.sandbox.addAccount({ credits: 1 });
		expect(await submitCode({}, accessToken)).toBe(0);
		expect(await submitCode({}, accessToken)).toBe(2007);
	});
});
