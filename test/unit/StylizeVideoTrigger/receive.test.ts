/** A callback: what is believed, what is answered, what starts the workflow. */
import { Readable } from 'node:stream';
import { StylizeVideoTrigger } from '../../../nodes/StylizeVideoTrigger/StylizeVideoTrigger.node';
import { newTrigger, receive, services, tasksAre, tasksIn, VIDEO } from '../support/webhookFunctions';

const body = { main_task_id: 'task-1', sub_task_results: [{ task_status: 3 }] };

test('the workflow starts with what HiDream itself says, and with the query of the URL', async () => {
	const { item, result, status, asked } = await receive({ body, query: { order: '17' } });
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
	expect(asked.map(({ url, body: sent }) => [url.split('/').at(-1), tasksIn(sent)])).toEqual([['batch', ['task-1']]]);
});

test.each([
	['v2', { main_task_id: 'task-1', sub_task_results: [] }],
	['v3', { code: 0, result: { task_id: 'task-1', sub_task_results: [] } }],
	['v3 without its envelope', { task_id: 'task-1' }],
])('%s is understood', async (_name, shape) => {
	expect((await receive({ body: shape })).item).toMatchObject({ task_id: 'task-1' });
});

test.each(['main_task_id', 'task_id'])('%s as a number is told with its very digits', async (name) => {
	const taskId = '1234567890123456789';
	const rawBody = `{"${name}":${taskId}}`;
	const { item } = await receive({ body: { [name]: Number(taskId) }, rawBody, service: tasksAre(1) });
	expect(item).toMatchObject({ task_id: taskId, status: 'succeeded' });
});

test.each([
	['no content type', {}],
	['text', JSON.stringify(body)],
	['a form', { [JSON.stringify(body)]: '' }],
])('JSON that n8n took for %s is understood', async (_name, parsed) => {
	expect((await receive({ body: parsed, rawBody: JSON.stringify(body) })).item).toMatchObject({ task_id: 'task-1' });
});

test.each([
	['nothing', {}],
	['a list', [body]],
	['a fraction', { main_task_id: 7.5 }],
	['an empty ID', { main_task_id: '' }],
	['an ID with a line break', { main_task_id: 'a\nb' }],
	['an ID without end', { main_task_id: 'x'.repeat(129) }],
	['text', 'hello'],
])('%s is answered 400 and HiDream is not asked', async (_name, forged) => {
	const { status, item, asked } = await receive({ body: forged });
	expect([status, item, asked]).toEqual([400, undefined, []]);
});

test.each([
	['goes on', tasksAre(2)],
	['waits', tasksAre(0)],
	['is unknown', services.forgotten],
	['cannot be asked about: HTTP 500', async () => ({ statusCode: 500, body: '' })],
	['cannot be asked about: HTML', async () => ({ statusCode: 200, body: '<html>' })],
	['cannot be asked about: the token is refused', async () => ({ statusCode: 401, body: '{"code":401}' })],
	['cannot be asked about: no connection', async () => {
		throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED', isAxiosError: true });
	}],
])('a task that %s is answered 503, so that HiDream calls again', async (_name, service) => {
	const trigger = newTrigger();
	const { status, item } = await receive({ trigger, body, service });
	expect([status, item]).toEqual([503, undefined]);
	expect(trigger.staticData).toEqual({});
	expect((await receive({ trigger, body })).item).toMatchObject({ status: 'succeeded' });
});

test('a service that keeps silent is not waited for beyond the 5 s that HiDream waits', async () => {
	jest.useFakeTimers();
	try {
		const heard = receive({ body, service: async () => await new Promise(() => undefined) });
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
])('status %i starts the workflow as "%s" when that is chosen, and else is just heard', async (number, status) => {
	const service = tasksAre(number);
	const others = ['succeeded', 'failed', 'rejected'].filter((event) => event !== status);
	expect((await receive({ body, service, parameters: { events: [status] } })).item).toMatchObject({ status });
	const trigger = newTrigger();
	const ignored = await receive({ trigger, body, service, parameters: { events: others } });
	expect([ignored.status, ignored.item]).toEqual([200, undefined]);
	expect(trigger.staticData).toEqual({});
});

test('names that lead to a prototype do not come out as query', async () => {
	const query = JSON.parse('{"order":"17","__proto__":{"a":1},"more":{"constructor":"x","n":["1"]}}') as object;
	expect((await receive({ body, query: { ...query } })).item).toMatchObject({ query: { order: '17', more: { n: ['1'] } } });
	const { item } = await receive({ body, query: { ...query } });
	expect(JSON.stringify(item)).not.toMatch(/__proto__|constructor/);
});

describe('trouble in n8n', () => {
	test.each([
		['a bad base URL', { credential: { accessToken: 'sk-secret', baseUrl: 'http://example.com' } }],
		['a field name that leads to a prototype', { parameters: { outputBinaryPropertyName: '__proto__' } }],
		['options that are none', { parameters: { options: 'text' } }],
		['a limit that is no number', { parameters: { options: { maxDownloadSize: 'big' } } }],
	])('%s is answered 503 and logged', async (_name, more) => {
		const { status, item, log } = await receive({ body, ...more });
		expect([status, item]).toEqual([503, undefined]);
		expect(log).toHaveLength(1);
		expect(log[0]).toMatch(/"(Base URL|Options|Put Output File in Field|Max Download Size \(MB\))"/);
		expect(log[0]).not.toContain('sk-secret');
	});
});

describe('with Download Video', () => {
	const parameters = { downloadVideo: true, outputBinaryPropertyName: 'film' };
	const media = async () => ({ statusCode: 200, headers: {}, body: Readable.from([Buffer.from('video')]) });

	test('HiDream is answered first, and the video comes along', async () => {
		const { status, item, result } = await receive({ body, parameters, media });
		expect([status, result.noWebhookResponse]).toEqual([200, true]);
		expect(item).toMatchObject({ task_id: 'task-1', query: {} });
		expect(item).not.toHaveProperty('download_error');
		expect(Object.keys(result.workflowData?.[0]?.[0]?.binary ?? {})).toEqual(['film']);
	});

	test('a video that cannot be had does not cost the item', async () => {
		const gone = async () => ({ ...(await media()), statusCode: 404 });
		const { status, item, result } = await receive({ body, parameters, media: gone });
		expect(status).toBe(200);
		expect(item).toMatchObject({ video_url: VIDEO, download_error: expect.stringContaining('404') });
		expect(result.workflowData?.[0]?.[0]?.binary).toBeUndefined();
	});

	test('a larger one than the limit is left where it is', async () => {
		const options = { maxDownloadSize: 0.000001 };
		const { item } = await receive({ body, parameters: { ...parameters, options }, media });
		expect(item).toMatchObject({ download_error: expect.stringContaining('limit') });
	});

	test('a failed task has nothing to download', async () => {
		const { item } = await receive({ body, parameters, service: tasksAre(3) });
		expect(item).toMatchObject({ status: 'failed', video_url: null });
	});
});

test('n8n shows the production and the test URL of one POST webhook', () => {
	const { description } = new StylizeVideoTrigger();
	expect(description.webhooks).toEqual([{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' }]);
});

test('300 callbacks at once share batch requests, and each starts the workflow', async () => {
	const trigger = newTrigger();
	const ids = Array.from({ length: 300 }, (_, n) => `task-${n}`);
	const credential = { authentication: 'accessToken', accessToken: 'sk-many', baseUrl: 'https://hidream.example.com' };
	const heard = await Promise.all(ids.map(async (id) => await receive({ trigger, body: { main_task_id: id }, credential })));
	expect(heard.map(({ item }) => item?.['task_id'])).toEqual(ids);
	expect(heard.flatMap(({ asked }) => asked).length).toBeLessThanOrEqual(4);
});

test.each([
	['text', 'succeeded, Failed', 1, 'succeeded'],
	['text in other letters', ' FAILED ', 3, 'failed'],
	['a list in other letters', ['Rejected'], 4, 'rejected'],
])('Events may be %s', async (_name, events, number, status) => {
	expect((await receive({ body, service: tasksAre(number), parameters: { events } })).item).toMatchObject({ status });
});

test.each([
	['an event that there is not', { events: ['succeeded', 'done'] }, '"Events" has an unknown value: "done". Use one of'],
	['no event', { events: [] }, '"Events" is empty. Choose at least one event'],
	['Download Video that is neither yes nor no', { downloadVideo: 'maybe' }, '"Download Video" is "maybe"'],
])('%s is answered 503 and logged with what to do', async (_name, parameters, words) => {
	const { status, item, log } = await receive({ body, parameters });
	expect([status, item]).toEqual([503, undefined]);
	expect(log.join()).toContain(words);
});

test('Download Video = "TRUE" downloads', async () => {
	const media = async () => ({ statusCode: 200, headers: {}, body: Readable.from([Buffer.from('video')]) });
	const { result } = await receive({ body, parameters: { downloadVideo: 'TRUE' }, media });
	expect(Object.keys(result.workflowData?.[0]?.[0]?.binary ?? {})).toEqual(['data']);
});

test('what was appended to the URL does not spoil the query before it', async () => {
	const { item } = await receive({ body, query: { order: '17', hidream: '1?x=y' } });
	expect(item).toMatchObject({ query: { order: '17' } });
	expect(item?.['query']).not.toHaveProperty('hidream');
});
