/** A whole submit: what comes out, what is logged, and what is kept for further tries. */
import type { IDataObject } from 'n8n-workflow';
import { StylizeVideo } from '../../../nodes/StylizeVideo/StylizeVideo.node';
import { exchangedCredential } from '../support/credentials';
import { clientError, scriptedRequests } from '../support/httpCaller';
import type { Reply } from '../support/httpCaller';
import { play } from '../support/nodeScene';
import type { Scene } from '../support/nodeScene';

const task = (id: string): Reply => ({ statusCode: 200, body: `{"code":0,"result":{"task_id":"${id}","sub_task_ids":["${id}-s"]}}` });
const REFUSED: Reply = { statusCode: 400, body: '{"code":1042,"message":"no cats","request_id":"theirs"}' };

/** Runs the node on so many items, with these replies. */
function start(replies: Reply[], scene: Scene = {}, count = replies.length) {
	const { seen, httpRequestWithAuthentication } = scriptedRequests(...replies);
	const parameters = Array.isArray(scene.parameters) ? scene.parameters : Array<IDataObject>(count).fill(scene.parameters ?? {});
	const helpers = { ...scene.helpers, httpRequestWithAuthentication };
	const { context, log } = play({ ...scene, parameters, helpers });
	return { run: new StylizeVideo().execute.call(context), seen, log };
}

const idsOf = (seen: ReturnType<typeof start>['seen']) =>
	seen.map(({ options }) => (JSON.parse(String(options.body)) as { request_id: string }).request_id);

test('each item becomes a task, each output is paired, and each acceptance is logged', async () => {
	const { run, seen, log } = start([task('t-0'), task('t-1')], { parameters: { prompt: 'p' } });
	const [items] = await run;
	const [first, second] = idsOf(seen);
	expect(items).toStrictEqual([
		{
			json: { task_id: 't-0', sub_task_ids: ['t-0-s'], request_id: first, status: 'submitted', style: 'anime', prompt: 'p' },
			pairedItem: { item: 0 },
		},
		{
			json: { task_id: 't-1', sub_task_ids: ['t-1-s'], request_id: second, status: 'submitted', style: 'anime', prompt: 'p' },
			pairedItem: { item: 1 },
		},
	]);
	expect(log).toEqual([
		`info: Submitting item 0 to HiDream (request_id ${first})`,
		expect.stringMatching(/^info: .*t-0/),
		`info: Submitting item 1 to HiDream (request_id ${second})`,
		expect.stringMatching(/^info: .*t-1/),
	]);
});

test('one bad item: nothing is sent, for any of them', async () => {
	const { run, seen, log } = start([], { parameters: [{}, { videoUrl: '' }, {}] });
	await expect(run).rejects.toMatchObject({
		message: expect.stringMatching(/"Video URL" is empty.*\[item 1\].*2 items were not tried/s),
		context: { itemIndex: 1 },
	});
	expect(seen).toEqual([]);
	expect(log).toEqual([]);
});

test('one bad item, under "continue on fail": the others go on', async () => {
	const scene = { continueOnFail: true, parameters: [{}, { videoUrl: '' }, {}] };
	const [items] = await start([task('t-0'), task('t-2')], scene).run;
	expect(items?.map(({ json }) => json['task_id'] ?? json['error'])).toEqual(['t-0', '"Video URL" is empty', 't-2']);
	expect(items?.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
	expect(Object.keys(items?.[1]?.json ?? {})).toEqual(['error', 'message', 'details']);
	expect(items?.[1]).not.toHaveProperty('error');
});

test('a refusal ends the run, and the message names what is paid for and what is left', async () => {
	const { run, seen } = start([task('t-0'), REFUSED], {}, 5);
	await expect(run).rejects.toMatchObject({
		message: expect.stringMatching(/no cats.*\[item 1\].*t-0.*3 items were not tried/s),
		description: expect.stringMatching(/t-0.*3 items were not tried.*1042/s),
		httpCode: '400',
	});
	expect(seen).toHaveLength(2);
});

test('a refusal under "continue on fail" concerns its own item', async () => {
	const [items] = await start([REFUSED, task('t-1')], { continueOnFail: true }).run;
	expect(items?.[0]?.json['details']).toEqual({ status: 'refused', code: 1042, request_id: 'theirs', task_id: null });
	expect(items?.[1]?.json['task_id']).toBe('t-1');
});

test('no answer: the item is uncertain, the log says so, and the request is named', async () => {
	const { run, seen, log } = start([clientError('ECONNRESET')], { continueOnFail: true });
	const [items] = await run;
	expect(items?.[0]?.json['details']).toEqual({ status: 'uncertain', code: null, request_id: idsOf(seen)[0], task_id: null });
	expect(log).toEqual([
		`info: Submitting item 0 to HiDream (request_id ${idsOf(seen)[0]})`,
		expect.stringMatching(new RegExp(`^warn: .*${idsOf(seen)[0]}`)),
	]);
});

test('no credits: the rest is not tried, "continue on fail" or not', async () => {
	const { run, seen } = start([task('t-0'), { statusCode: 200, body: '{"code":2007}' }], { continueOnFail: true }, 4);
	const [items] = await run;
	expect(seen).toHaveLength(2);
	expect(items?.slice(1).map(({ json }) => (json['details'] as IDataObject)['status'])).toEqual(['refused', 'not_tried', 'not_tried']);
	expect(items?.[3]?.json['error']).toMatch(/Not tried/);
	expect(items?.[3]?.json['message']).toMatch(/credits/);
});

test('no credits, while another item fails in flight: the rest names the reason that ended the run', async () => {
	let answer: (reply: { statusCode: number; body: string }) => void = () => undefined;
	const late = async () => await new Promise<{ statusCode: number; body: string }>((resolve) => (answer = resolve));
	const noCredits = async () => {
		setImmediate(() => answer({ statusCode: 400, body: '{"code":1042,"message":"no cats"}' }));
		return { statusCode: 200, body: '{"code":2007}' };
	};
	const scene = { continueOnFail: true, parameters: { options: { concurrency: 2 } } };
	const [items] = await start([noCredits, late], scene, 3).run;
	expect(items?.[1]?.json['error']).toMatch(/no cats/);
	expect(items?.[2]?.json['message']).toMatch(/credits/);
	expect(items?.[2]?.json['message']).not.toMatch(/no cats/);
});

test('a further try of the same execution pays for nothing twice', async () => {
	const kept: IDataObject = {};
	await expect(start([task('t-0'), REFUSED], { kept }, 3).run).rejects.toThrow('no cats');
	const again = start([task('t-1'), task('t-2')], { kept: JSON.parse(JSON.stringify(kept)) as IDataObject }, 3);
	const [items] = await again.run;
	expect(items?.map(({ json }) => json['task_id'])).toEqual(['t-0', 't-1', 't-2']);
	expect(again.log.filter((line) => line.includes('Submitting'))).toHaveLength(2);
	expect(again.log.join()).not.toContain('t-0');
});

test('a further try reports what is uncertain before anything new is sent', async () => {
	const kept: IDataObject = {};
	const first = start([task('t-0'), clientError('ECONNRESET')], { kept }, 3);
	await expect(first.run).rejects.toThrow(/\[item 1\]/);
	const again = start([], { kept: JSON.parse(JSON.stringify(kept)) as IDataObject }, 3);
	await expect(again.run).rejects.toThrow(/\[item 1\].*t-0.*1 item was not tried/s);
	expect(again.seen).toEqual([]);
});

test('another round of a loop is another submission', async () => {
	const kept: IDataObject = {};
	await start([task('t-0')], { kept, runIndex: 0 }).run;
	const [items] = await start([task('t-1')], { kept, runIndex: 1 }).run;
	expect(items?.[0]?.json['task_id']).toBe('t-1');
});

test('an AI tool that asks for the same video again gets the same task', async () => {
	const scene = { kept: {}, type: 'n8n-nodes-hidream.stylizeVideoTool' };
	await start([task('t-0')], { ...scene, runIndex: 0 }).run;
	const [items] = await start([], { ...scene, runIndex: 1 }, 1).run;
	expect(items?.[0]?.json['task_id']).toBe('t-0');
});

test('a token that is refused is renewed within the run, for all items of the account', async () => {
	const credential = exchangedCredential({}, { baseUrl: 'https://renew.hidream.test' });
	const renewed: Reply = async (request) => {
		expect(request.sessionToken).toBe('');
		credential['sessionToken'] = exchangedCredential({ token: 'fresh' }, { baseUrl: 'https://renew.hidream.test' })['sessionToken'] ?? '';
		return { statusCode: 200, body: '{"code":0,"result":{"task_id":"t-0"}}' };
	};
	const { run, seen } = start([{ statusCode: 401 }, renewed, task('t-1')], { credential }, 2);
	const [items] = await run;
	expect(items?.map(({ json }) => json['task_id'])).toEqual(['t-0', 't-1']);
	expect(seen[2]?.sessionToken).toContain('fresh');
	expect(new Set(idsOf(seen.slice(0, 2))).size).toBe(1);
});
