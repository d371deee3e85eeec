import { ANSWERS, STYLES } from '../../sandbox';
import { open, pieces, SUBMIT, VIDEO_URL, type Bench } from './support';

let bench: Bench;
beforeEach(async () => (bench = await open()));
afterEach(async () => await bench.close());

type Key = keyof typeof ANSWERS;
const good = { video_name: VIDEO_URL, style: 'anime' };

function expectRefusal(reply: { status: number; text: string }, key: Key): void {
	expect({ status: reply.status, code: (JSON.parse(reply.text) as { code: number }).code }).toEqual({
		status: ANSWERS[key].status,
		code: ANSWERS[key].code,
	});
	expect(bench.sandbox.tasks).toHaveLength(0);
}

test('takes what the vendor\'s sample sends, and records it', async () => {
	const reply = await bench.submit(
		{ prompt: 'Line\n"quote" \\ 猫 🐈 \u2028', style: 'ink_wash', video_name: VIDEO_URL, request_id: 'my-id', notify_url: 'https://me.example/hook' },
		{ 'API-User-ID': 'user-7' },
	);
	expect(reply.status).toBe(200);
	const [task] = bench.sandbox.tasks;
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
		video: { kind: 'url', url: VIDEO_URL },
	});
});

test.each(STYLES)('takes style %s without a prompt', async (style) => {
	expect((await bench.submit({ video_name: VIDEO_URL, style })).json().code).toBe(0);
});

test('takes a prompt without a style', async () => {
	expect((await bench.submit({ video_name: VIDEO_URL, prompt: 'as clay' })).json().code).toBe(0);
	expect(bench.sandbox.tasks[0]?.style).toBeNull();
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
	['a URL with a blank', { ...good, video_name: 'https://videos.example/a b.mp4' }, 'badVideo'],
	['a file URL', { ...good, video_name: 'file:///etc/passwd' }, 'badVideo'],
	['an unknown style', { ...good, style: 'van_gogh' }, 'badStyle'],
	['an empty style', { ...good, style: '' }, 'badStyle'],
	['neither prompt nor style', { video_name: VIDEO_URL }, 'noPromptNorStyle'],
	['an empty prompt and no style', { video_name: VIDEO_URL, prompt: '' }, 'noPromptNorStyle'],
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
	expectRefusal(await bench.submit(fields), key);
});

test.each([
	['nothing', ''],
	['a text', '"anime"'],
	['half an object', '{"style":"anime"'],
	['an unfinished text', '{"style":"ani'],
	['a trailing comma', '{"style":"anime",}'],
	['a raw line break in a text', '{"prompt":"a\nb"}'],
	['something after the object', '{"style":"anime"} x'],
	['a field twice', `{"style":"anime","style":"anime","video_name":"${VIDEO_URL}"}`],
])('refuses a body that is %s', async (_name, body) => {
	const headers = { authorization: `Bearer ${bench.sandbox.accessToken}`, 'content-type': 'application/json' };
	expectRefusal(await bench.send(SUBMIT, { method: 'POST', headers, body }), 'badJson');
});

test.each([
	['no Authorization', { authorization: '' }, 'missingToken'],
	['another scheme', { authorization: 'Basic abc' }, 'unknownToken'],
	['an unknown token', { authorization: 'Bearer nobody' }, 'unknownToken'],
	['an API key for a token', { authorization: 'Bearer eyJ.eyJ.x' }, 'unknownToken'],
	['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'badContentType'],
	['no type', { 'content-type': '' }, 'badContentType'],
	['a type that is none', { 'content-type': 'json' }, 'badContentType'],
] as Array<[string, Record<string, string>, Key]>)('refuses a submit with %s', async (_name, headers, key) => {
	expectRefusal(await bench.submit(good, headers), key);
	expect(bench.sandbox.requests).toHaveLength(1);
});

test('refuses a body without a length', async () => {
	const headers = { authorization: `Bearer ${bench.sandbox.accessToken}`, 'content-type': 'application/json' };
	const { body } = pieces([Buffer.from(JSON.stringify(good))]);
	expectRefusal(await bench.send(SUBMIT, { method: 'POST', headers, body }), 'lengthRequired');
});

test('refuses wrong methods, unknown paths and stray query parameters', async () => {
	const headers = { authorization: `Bearer ${bench.sandbox.accessToken}` };
	expectRefusal(await bench.send(SUBMIT, { headers }), 'badMethod');
	expectRefusal(await bench.send(`${SUBMIT}/results`, { method: 'POST', headers }), 'badMethod');
	expectRefusal(await bench.send(`${SUBMIT}/results/batch`, { headers }), 'badMethod');
	expectRefusal(await bench.send('/prod-api/user/apikey2token', { method: 'POST' }), 'badMethod');
	expectRefusal(await bench.send(`${SUBMIT}/`, { method: 'POST' }), 'notFound');
	expectRefusal(await bench.send(`${SUBMIT}/results?task_id=x&limit=1`, { headers }), 'unknownField');
});

test('refuses a body over the limit while it is still on its way', async () => {
	await bench.close();
	bench = await open({ maxBodyBytes: 1000 });
	expectRefusal(await bench.submit({ ...good, prompt: 'x'.repeat(1000) }), 'tooLarge');
	expect((await bench.submit(good)).json().code).toBe(0);
});

test('answers in the language that was asked for', async () => {
	expect((await bench.submit({ ...good, style: 'x' })).json().message).toBe(`${ANSWERS.badStyle.zh} (x)`);
	expect((await bench.submit({ ...good, style: 'x' }, { 'X-accept-language': 'en' })).json().message).toBe(`${ANSWERS.badStyle.en} (x)`);
});

test('names the request id also in a refusal', async () => {
	expect((await bench.submit({ ...good, style: 'x', request_id: 'my-id' })).json().request_id).toBe('my-id');
});
