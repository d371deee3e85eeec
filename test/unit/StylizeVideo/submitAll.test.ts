/** A whole submit: output, log, data for later attempts, cancelling, and secrets. */
import type { IDataObject } from 'n8n-workflow';
import { StylizeVideo } from '../../../nodes/StylizeVideo/StylizeVideo.node';
import { exchangedCredential, keyCredential, tokenCredential } from '../support/credentials';
import { clientError, fakeRequests, silence } from '../support/httpRequests';
import type { Reply } from '../support/httpRequests';
import { fakeExecuteFunctions } from '../support/executeFunctions';
import type { NodeSetup } from '../support/executeFunctions';

/** Items are sent one after the other by default. */
const inOrder = (parameters: IDataObject[]): IDataObject[] =>
	parameters.map((own) => ({ ...own, options: { concurrency: 1, ...(own['options'] as IDataObject | undefined) } }));

describe('a complete run', () => {
	const task = (id: string): Reply => ({ statusCode: 200, body: `{"code":0,"result":{"task_id":"${id}","sub_task_ids":["${id}-s"]}}` });
	const REFUSED: Reply = { statusCode: 400, body: '{"code":1042,"message":"no cats","request_id":"theirs"}' };

	/** Runs the node on this number of items, with these responses. */
	function start(replies: Reply[], setup: NodeSetup = {}, count = replies.length) {
		const { seen, httpRequestWithAuthentication } = fakeRequests(...replies);
		const parameters = Array.isArray(setup.parameters) ? setup.parameters : Array<IDataObject>(count).fill(setup.parameters ?? {});
		const helpers = { ...setup.helpers, httpRequestWithAuthentication };
		const { context, log } = fakeExecuteFunctions({ ...setup, parameters: inOrder(parameters), helpers });
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

	test('one invalid item: sends nothing', async () => {
		const { run, seen, log } = start([], { parameters: [{}, { videoUrl: '' }, {}] });
		await expect(run).rejects.toMatchObject({
			message: expect.stringMatching(/"Video URL" is empty.*\[item 1\].*2 items were not tried/s),
			context: { itemIndex: 1 },
		});
		expect(seen).toEqual([]);
		expect(log).toEqual([]);
	});

	test('one invalid item under "continue on fail": the others continue', async () => {
		const setup = { continueOnFail: true, parameters: [{}, { videoUrl: '' }, {}] };
		const [items] = await start([task('t-0'), task('t-2')], setup).run;
		expect(items?.map(({ json }) => json['task_id'] ?? json['error'])).toEqual(['t-0', '"Video URL" is empty', 't-2']);
		expect(items?.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		expect(Object.keys(items?.[1]?.json ?? {})).toEqual(['error', 'message', 'details']);
		expect(items?.[1]).not.toHaveProperty('error');
	});

	test('a refusal ends the run, and the message names the accepted tasks and the number of items not tried', async () => {
		const { run, seen } = start([task('t-0'), REFUSED], {}, 5);
		await expect(run).rejects.toMatchObject({
			message: expect.stringMatching(/no cats.*\[item 1\].*t-0.*3 items were not tried/s),
			description: expect.stringMatching(/t-0.*3 items were not tried.*1042/s),
			httpCode: '400',
		});
		expect(seen).toHaveLength(2);
	});

	test('a refusal under "continue on fail" affects only its own item', async () => {
		const [items] = await start([REFUSED, task('t-1')], { continueOnFail: true }).run;
		expect(items?.[0]?.json['details']).toEqual({ status: 'refused', scope: 'item', code: 1042, request_id: 'theirs', task_id: null });
		expect(items?.[1]?.json['task_id']).toBe('t-1');
	});

	test('no response: the item is uncertain, and the log and the message name the request', async () => {
		const { run, seen, log } = start([clientError('ECONNRESET')], { continueOnFail: true });
		const [items] = await run;
		expect(items?.[0]?.json['details']).toEqual({ status: 'uncertain', scope: 'item', code: null, request_id: idsOf(seen)[0], task_id: null });
		expect(log).toEqual([
			`info: Submitting item 0 to HiDream (request_id ${idsOf(seen)[0]})`,
			expect.stringMatching(new RegExp(`^warn: .*${idsOf(seen)[0]}`)),
		]);
	});

	test('no credits: does not try the remaining items, with or without "continue on fail"', async () => {
		const { run, seen } = start([task('t-0'), { statusCode: 200, body: '{"code":2007}' }], { continueOnFail: true }, 4);
		const [items] = await run;
		expect(seen).toHaveLength(2);
		expect(items?.slice(1).map(({ json }) => (json['details'] as IDataObject)['status'])).toEqual(['refused', 'not_tried', 'not_tried']);
		expect(items?.[3]?.json['error']).toMatch(/Not tried/);
		expect(items?.[3]?.json['message']).toMatch(/credits/);
	});

	test('no credits while another item fails in flight: the remaining items name the reason that ended the run', async () => {
		let response: (reply: { statusCode: number; body: string }) => void = () => undefined;
		const late = async () => await new Promise<{ statusCode: number; body: string }>((resolve) => (response = resolve));
		const noCredits = async () => {
			setImmediate(() => response({ statusCode: 400, body: '{"code":1042,"message":"no cats"}' }));
			return { statusCode: 200, body: '{"code":2007}' };
		};
		const setup = { continueOnFail: true, parameters: { options: { concurrency: 2 } } };
		const [items] = await start([noCredits, late], setup, 3).run;
		expect(items?.[1]?.json['error']).toMatch(/no cats/);
		expect(items?.[2]?.json['message']).toMatch(/credits/);
		expect(items?.[2]?.json['message']).not.toMatch(/no cats/);
	});

	test('a further attempt of the same execution pays for nothing twice', async () => {
		const kept: IDataObject = {};
		await expect(start([task('t-0'), REFUSED], { kept }, 3).run).rejects.toThrow('no cats');
		const again = start([task('t-1'), task('t-2')], { kept: JSON.parse(JSON.stringify(kept)) as IDataObject }, 3);
		const [items] = await again.run;
		expect(items?.map(({ json }) => json['task_id'])).toEqual(['t-0', 't-1', 't-2']);
		expect(again.log.filter((line) => line.includes('Submitting'))).toHaveLength(2);
		expect(again.log.join()).not.toContain('t-0');
	});

	test('a further attempt reports uncertain items before it sends anything', async () => {
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

	test('an AI tool call for the same video returns the same task', async () => {
		const setup = { kept: {}, type: 'n8n-nodes-hidream.stylizeVideoTool' };
		await start([task('t-0')], { ...setup, runIndex: 0 }).run;
		const [items] = await start([], { ...setup, runIndex: 1 }, 1).run;
		expect(items?.[0]?.json['task_id']).toBe('t-0');
	});

	test('renews a refused token within the run, for all items of the account', async () => {
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
});

describe('a run that ends early', () => {
	const task = (id: string): Reply => ({ statusCode: 200, body: `{"code":0,"result":{"task_id":"${id}"}}` });

	function start(replies: Reply[], setup: NodeSetup, count: number) {
		const { seen, httpRequestWithAuthentication } = fakeRequests(...replies);
		const parameters = Array<IDataObject>(count).fill((setup.parameters ?? {}) as IDataObject);
		const { context, log } = fakeExecuteFunctions({ ...setup, parameters: inOrder(parameters), helpers: { ...setup.helpers, httpRequestWithAuthentication } });
		return { run: new StylizeVideo().execute.call(context), seen, log };
	}

	describe('a cancelled run', () => {
		test.each([false, true])('during an upload: sends nothing more, and names the accepted tasks (continue on fail: %s)', async (continueOnFail) => {
			const cancel = new AbortController();
			const cut: Reply = async (request) => {
				cancel.abort();
				return await silence(request);
			};
			const { run, seen, log } = start([task('t-0'), cut], { continueOnFail, signal: cancel.signal }, 4);
			await expect(run).rejects.toThrow(/cancelled.*t-0/);
			expect(seen).toHaveLength(2);
			expect(log.filter((line) => line.includes('t-0'))).toHaveLength(1);
			expect(log.filter((line) => line.includes('Submitting'))).toHaveLength(2);
		});

		test('while a task is accepted: logs and names that task', async () => {
			const cancel = new AbortController();
			const last: Reply = async () => {
				cancel.abort();
				return { statusCode: 200, body: '{"code":0,"result":{"task_id":"t-0"}}' };
			};
			const { run, seen, log } = start([last], { signal: cancel.signal }, 3);
			await expect(run).rejects.toThrow(/cancelled.*t-0/);
			expect(log).toEqual([expect.stringContaining('Submitting item 0'), expect.stringContaining('t-0')]);
			expect(seen).toHaveLength(1);
		});

		test('before it begins: sends nothing', async () => {
			const { run, seen } = start([], { signal: AbortSignal.abort() }, 2);
			await expect(run).rejects.toThrow(/cancelled/);
			expect(seen).toEqual([]);
		});
	});

	test('several in flight: waits for the requests in flight and names their tasks when one is refused', async () => {
		const ends: Array<() => void> = [];
		const slow = (id: string): Reply => async () => {
			await new Promise<void>((resolve) => ends.push(resolve));
			return { statusCode: 200, body: `{"code":0,"result":{"task_id":"${id}"}}` };
		};
		const refused: Reply = async () => {
			setImmediate(() => ends.forEach((end) => end()));
			return { statusCode: 400, body: '{"code":1042}' };
		};
		const setup = { parameters: { options: { concurrency: 3 } } };
		const { run, seen } = start([slow('t-0'), slow('t-1'), refused], setup, 9);
		await expect(run).rejects.toMatchObject({
			message: expect.stringMatching(/\[item 2\].*t-0, t-1.*6 items were not tried/s),
			context: { itemIndex: 2 },
		});
		expect(seen).toHaveLength(3);
	});

	test('several failures: reports the error of the first failed item, whichever response came first', async () => {
		let response: () => void = () => undefined;
		const refusal = (message: string) => ({ statusCode: 400, body: JSON.stringify({ code: 1, message }) });
		const late: Reply = async () => {
			await new Promise<void>((resolve) => (response = resolve));
			return refusal('one');
		};
		const early: Reply = async () => {
			setImmediate(() => response());
			return refusal('two');
		};
		const setup = { parameters: { options: { concurrency: 2 } } };
		await expect(start([late, early], setup, 3).run).rejects.toThrow(/"one".*\[item 0\]/);
	});

	test('at a limit: returns items unsent, with the seconds to wait', async () => {
		const credential = tokenCredential({ accessToken: 'sk-limited-submit', tasksPerMinute: 1 });
		const setup = { credential, parameters: { options: { whenLimitReached: 'return' } } };
		const [items] = await start([task('t-0')], setup, 2).run;
		expect(items?.map(({ json }) => json['status'])).toEqual(['submitted', 'not_submitted']);
		expect(items?.[1]?.json['retry_after']).toBeGreaterThanOrEqual(1);
		expect(items?.[1]?.json['retry_after']).toBeLessThanOrEqual(60);
	});

	test('a used key: sends nothing', async () => {
		const setup: NodeSetup = {
			workflowId: 'workflow-1',
			parameters: { options: { idempotencyKey: 'cat.mp4' } },
			helpers: {
				checkProcessedAndRecord: async ([key = '', ...others]) => ({ new: others, processed: [key] }),
				removeProcessed: async () => undefined,
			},
		};
		const { run, seen } = start([], setup, 1);
		const [items] = await run;
		expect(items?.[0]?.json).toMatchObject({ status: 'already_submitted', task_id: null });
		expect(seen).toEqual([]);
	});

	describe('sends nothing after the first item has ended the run, while the next one waits for its rate slot', () => {
		const broken = async () => await Promise.reject(new Error('database is locked'));

		test.each<[string, Reply[], IDataObject, NodeSetup['helpers'], RegExp]>([
			['a 429 without a retry budget', [{ statusCode: 429 }], { maxRetryTime: 0 }, {}, /429/],
			['a Retry-After beyond the retry budget', [{ statusCode: 429, headers: { 'retry-after': '7200' } }], {}, {}, /429/],
			['a final refusal', [{ statusCode: 400, body: '{"code":1042}' }], {}, {}, /1042/],
			['no answer', [clientError('ECONNRESET')], {}, {}, /did not respond/],
			['a key that cannot be claimed', [], { idempotencyKey: 'key' }, { checkProcessedAndRecord: broken }, /database is locked/],
		])('%s', async (name, replies, options, helpers, message) => {
			const credential = tokenCredential({ accessToken: `sk-${name.replaceAll(' ', '-')}`, tasksPerMinute: 1 });
			const setup: NodeSetup = { workflowId: 'workflow-1', credential, helpers, parameters: { options: { concurrency: 2, ...options } } };
			const { run, seen } = start(replies, setup, 2);
			await expect(run).rejects.toThrow(message);
			expect(seen).toHaveLength(replies.length);
		});
	});

	test('a Retry-After beyond the retry budget: the other items fail without a request, and the message says why and until when', async () => {
		const credential = tokenCredential({ accessToken: 'sk-held', tasksPerMinute: 0 });
		const setup: NodeSetup = { continueOnFail: true, credential };
		const { run, seen } = start([{ statusCode: 429, headers: { 'retry-after': '7200' } }], setup, 200);
		const [items] = await run;
		expect(seen).toHaveLength(1);
		expect(new Set(items?.map(({ json }) => (json['details'] as IDataObject)['status']))).toEqual(new Set(['refused']));
		expect(items?.[199]?.json['error']).toMatch(/not sent.*HTTP 429/);
		expect(items?.[199]?.json['message']).toMatch(/again in 120 min.*"Max Retry Time/);
	});

	test('with When Limit Reached: Return, items have the actual delay of the account\'s backoff', async () => {
		const credential = tokenCredential({ accessToken: 'sk-held-return', tasksPerMinute: 0 });
		const setup: NodeSetup = { credential, parameters: { options: { whenLimitReached: 'return' } } };
		const [items] = await start([{ statusCode: 429, headers: { 'retry-after': '7200' } }], setup, 3).run;
		expect(items?.map(({ json }) => [json['status'], json['retry_after']])).toEqual(Array(3).fill(['not_submitted', 7_200]));
	});

	describe('shows secrets nowhere', () => {
		const echo = (secret: string): Reply[] => [
			{ statusCode: 400, body: JSON.stringify({ code: 1, message: `bad ${secret}`, request_id: secret }) },
			{ statusCode: 302, body: secret, headers: { location: `https://evil.example/${secret}` } },
			clientError('EPIPE', { message: `Bearer ${secret}`, config: { headers: { Authorization: secret } } }),
			new Error(`n8n says ${secret}`),
		];
		const SECRET = 'sk-very-secret';

		test.each(echo(SECRET))('in output and log', async (reply) => {
			const credential = [tokenCredential({ accessToken: SECRET }), keyCredential({ apiKey: SECRET })];
			for (const account of credential) {
				const setup = { continueOnFail: true, credential: account, parameters: { options: { maxRetryTime: 0 } } };
				const { run, log } = start([reply], setup, 1);
				expect(JSON.stringify([await run, log])).not.toContain(SECRET);
			}
		});

		test.each(echo(SECRET))('in the error', async (reply) => {
			const setup = { credential: tokenCredential({ accessToken: SECRET }), parameters: { options: { maxRetryTime: 0 } } };
			const error = (await start([reply], setup, 1).run.catch((thrown: Error) => thrown)) as Error;
			expect(error).toBeInstanceOf(Error);
			expect(`${JSON.stringify(error)} ${error.message} ${error.stack}`).not.toContain(SECRET);
		});
	});
});
