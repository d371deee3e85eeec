/** Callbacks: validation, responses, and what starts the workflow. */
import { Readable } from 'node:stream';
import { StylizeVideoTrigger } from '../../../nodes/StylizeVideoTrigger/StylizeVideoTrigger.node';
import { newTrigger, callTrigger, services, tasksAre, tasksIn, VIDEO } from '../support/webhookFunctions';

const body = { main_task_id: 'task-1', sub_task_results: [{ task_status: 3 }] };

test('the workflow starts with HiDream\'s own result and the query of the URL', async () => {
	const { item, result, status, statusRequests } = await callTrigger({ body, query: { order: '17' } });
	expect(status).toBe(200);
	expect(result.noWebhookResponse).toBeUndefined();
	expect(item).toEqual({
		query: { order: '17' },
		task_id: 'task-1',
		status: 'succeeded',
		failure_reason: null,
		progress: 1,
		video_url: VIDEO,
		video_urls: [VIDEO],
		sub_task_results: [{ task_status: 1, task_completion: 1, video: VIDEO }],
	});
	expect(statusRequests.map(({ url, body: sent }) => [url.split('/').at(-1), tasksIn(sent)])).toEqual([['batch', ['task-1']]]);
});

test.each([
	['v2', { main_task_id: 'task-1', sub_task_results: [] }],
	['v3', { code: 0, result: { task_id: 'task-1', sub_task_results: [] } }],
	['v3 without its envelope', { task_id: 'task-1' }],
])('reads a callback as %s', async (_name, shape) => {
	expect((await callTrigger({ body: shape })).item).toMatchObject({ task_id: 'task-1' });
});

test.each(['main_task_id', 'task_id'])('keeps all digits of %s as a number', async (name) => {
	const taskId = '1234567890123456789';
	const rawBody = `{"${name}":${taskId}}`;
	const { item } = await callTrigger({ body: { [name]: Number(taskId) }, rawBody, service: tasksAre(1) });
	expect(item).toMatchObject({ task_id: taskId, status: 'succeeded' });
});

test.each([
	['no content type', {}],
	['text', JSON.stringify(body)],
	['a form', { [JSON.stringify(body)]: '' }],
])('reads JSON that n8n parsed as %s', async (_name, parsed) => {
	expect((await callTrigger({ body: parsed, rawBody: JSON.stringify(body) })).item).toMatchObject({ task_id: 'task-1' });
});

test.each([
	['nothing', {}],
	['a list', [body]],
	['a fraction', { main_task_id: 7.5 }],
	['an empty ID', { main_task_id: '' }],
	['an ID with a line break', { main_task_id: 'a\nb' }],
	['a very long ID', { main_task_id: 'x'.repeat(129) }],
	['text', 'hello'],
])('responds with 400 to %s, without a status request', async (_name, forged) => {
	const { status, item, statusRequests } = await callTrigger({ body: forged });
	expect([status, item, statusRequests]).toEqual([400, undefined, []]);
});

test.each([
	['goes on', tasksAre(2)],
	['waits', tasksAre(0)],
	['is unknown', services.forgotten],
	['has no status: HTTP 500', async () => ({ statusCode: 500, body: '' })],
	['has no status: HTML', async () => ({ statusCode: 200, body: '<html>' })],
	['has no status: the token is refused', async () => ({ statusCode: 401, body: '{"code":401}' })],
	['has no status: no connection', async () => {
		throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED', isAxiosError: true });
	}],
])('responds with 503 if the task %s, so that HiDream calls again, and logs it', async (_name, service) => {
	const trigger = newTrigger();
	const { status, item, log } = await callTrigger({ trigger, body, service });
	expect([status, item]).toEqual([503, undefined]);
	expect(log).toEqual([expect.stringContaining('task-1')]);
	expect(trigger.staticData).toEqual({});
	expect((await callTrigger({ trigger, body })).item).toMatchObject({ status: 'succeeded' });
});

test('responds within HiDream\'s 5 s if the API is silent', async () => {
	jest.useFakeTimers();
	try {
		const heard = callTrigger({ body, service: async () => await new Promise(() => undefined) });
		await jest.advanceTimersByTimeAsync(4_500);
		expect((await heard).status).toBe(503);
	} finally {
		jest.useRealTimers();
	}
});

test.each([
	[1, 'succeeded'],
	[3, 'failed'],
	[4, 'rejected'],
])('status %i starts the workflow as "%s" if it is selected, and is only acknowledged and logged otherwise', async (number, status) => {
	const service = tasksAre(number);
	const others = ['succeeded', 'failed', 'rejected'].filter((event) => event !== status);
	expect((await callTrigger({ body, service, parameters: { events: [status] } })).item).toMatchObject({ status });
	const trigger = newTrigger();
	const ignored = await callTrigger({ trigger, body, service, parameters: { events: others } });
	expect([ignored.status, ignored.item]).toEqual([200, undefined]);
	expect(ignored.log.join()).toContain(`task-1 ${status}`);
	expect(trigger.staticData).toEqual({});
});

test('drops query names that lead to a prototype', async () => {
	const query = JSON.parse('{"order":"17","__proto__":{"a":1},"more":{"constructor":"x","n":["1"]}}') as object;
	expect((await callTrigger({ body, query: { ...query } })).item).toMatchObject({ query: { order: '17', more: { n: ['1'] } } });
	const { item } = await callTrigger({ body, query: { ...query } });
	expect(JSON.stringify(item)).not.toMatch(/__proto__|constructor/);
});

describe('problems in n8n', () => {
	test.each([
		['a bad base URL', { credential: { accessToken: 'sk-secret', baseUrl: 'http://example.com' } }],
		['a field name that leads to a prototype', { parameters: { outputBinaryPropertyName: '__proto__' } }],
		['invalid options', { parameters: { options: 'text' } }],
		['a limit that is not a number', { parameters: { options: { maxDownloadSize: 'big' } } }],
	])('responds with 503 to %s and logs it', async (_name, more) => {
		const { status, item, log } = await callTrigger({ body, ...more });
		expect([status, item]).toEqual([503, undefined]);
		expect(log).toHaveLength(1);
		expect(log[0]).toMatch(/"(Base URL|Options|Put Output File in Field|Max Download Size \(MB\))"/);
		expect(log[0]).not.toContain('sk-secret');
	});
});

describe('with Download Video', () => {
	const parameters = { downloadVideo: true, outputBinaryPropertyName: 'film' };
	const media = async () => ({ statusCode: 200, headers: {}, body: Readable.from([Buffer.from('video')]) });

	test('responds to HiDream first, and outputs the video', async () => {
		const { status, item, result } = await callTrigger({ body, parameters, media });
		expect([status, result.noWebhookResponse]).toEqual([200, true]);
		expect(item).toMatchObject({ task_id: 'task-1', query: {} });
		expect(item).not.toHaveProperty('download_error');
		expect(Object.keys(result.workflowData?.[0]?.[0]?.binary ?? {})).toEqual(['film']);
	});

	test('outputs the item if the download fails', async () => {
		const gone = async () => ({ ...(await media()), statusCode: 404 });
		const { status, item, result } = await callTrigger({ body, parameters, media: gone });
		expect(status).toBe(200);
		expect(item).toMatchObject({ video_url: VIDEO, download_error: expect.stringContaining('404') });
		expect(result.workflowData?.[0]?.[0]?.binary).toBeUndefined();
	});

	test('does not download a video over the limit', async () => {
		const options = { maxDownloadSize: 0.000001 };
		const { item } = await callTrigger({ body, parameters: { ...parameters, options }, media });
		expect(item).toMatchObject({ download_error: expect.stringContaining('limit') });
	});

	test('an error after the response: does not respond again', async () => {
		const query = Object.defineProperty({}, 'order', { enumerable: true, get: () => { throw new Error('cannot be read'); } });
		const { status, item, log } = await callTrigger({ body, query, parameters: { downloadVideo: true } });
		expect([status, item]).toEqual([200, undefined]);
		expect(log.join()).toContain('cannot be read');
	});

	test('downloads nothing for a failed task', async () => {
		const { item } = await callTrigger({ body, parameters, service: tasksAre(3) });
		expect(item).toMatchObject({ status: 'failed', video_url: null });
		expect(item).not.toHaveProperty('download_error');
	});
});

test('n8n shows the production and the test URL of one POST webhook', () => {
	const { description } = new StylizeVideoTrigger();
	expect(description.webhooks).toEqual([{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' }]);
});

test('300 concurrent callbacks share batch requests, and each starts the workflow', async () => {
	const trigger = newTrigger();
	const ids = Array.from({ length: 300 }, (_, n) => `task-${n}`);
	const credential = { authentication: 'accessToken', accessToken: 'sk-many', baseUrl: 'https://hidream.example.com' };
	const heard = await Promise.all(ids.map(async (id) => await callTrigger({ trigger, body: { main_task_id: id }, credential })));
	expect(heard.map(({ item }) => item?.['task_id'])).toEqual(ids);
	expect(heard.flatMap(({ statusRequests }) => statusRequests).length).toBeLessThanOrEqual(4);
});

test('concurrent callbacks of two accounts: each account is asked about its own tasks only', async () => {
	const credentialOf = (accessToken: string) => ({ authentication: 'accessToken', accessToken, baseUrl: 'https://hidream.example.com' });
	const heard = await Promise.all(['one', 'two'].map(async (id) => await callTrigger({ body: { main_task_id: id }, credential: credentialOf(`sk-${id}`) })));
	expect(heard.map(({ statusRequests }) => statusRequests.map((request) => tasksIn(request.body)))).toEqual([[['one']], [['two']]]);
});

test.each([
	['text', 'succeeded, Failed', 1, 'succeeded'],
	['text in another case', ' FAILED ', 3, 'failed'],
	['a list in another case', ['Rejected'], 4, 'rejected'],
])('accepts Events as %s', async (_name, events, number, status) => {
	expect((await callTrigger({ body, service: tasksAre(number), parameters: { events } })).item).toMatchObject({ status });
});

test.each([
	['an unknown event', { events: ['succeeded', 'done'] }, '"Events" has an unknown value: "done". Use one of'],
	['no event', { events: [] }, '"Events" is empty. Choose at least one event'],
	['Download Video that is not a boolean', { downloadVideo: 'maybe' }, '"Download Video" is "maybe"'],
])('responds with 503 to %s and logs what to do', async (_name, parameters, words) => {
	const { status, item, log } = await callTrigger({ body, parameters });
	expect([status, item]).toEqual([503, undefined]);
	expect(log.join()).toContain(words);
});

test('Download Video = "TRUE" downloads', async () => {
	const media = async () => ({ statusCode: 200, headers: {}, body: Readable.from([Buffer.from('video')]) });
	const { result } = await callTrigger({ body, parameters: { downloadVideo: 'TRUE' }, media });
	expect(Object.keys(result.workflowData?.[0]?.[0]?.binary ?? {})).toEqual(['data']);
});

test('text appended to the URL does not change the query before it', async () => {
	const { item } = await callTrigger({ body, query: { order: '17', hidream: '1?x=y' } });
	expect(item).toMatchObject({ query: { order: '17' } });
	expect(item?.['query']).not.toHaveProperty('hidream');
});
