/** All items are read and validated before the first one is sent. */
import { Readable } from 'node:stream';
import { failAll, planAll } from '../../../nodes/StylizeVideo/plan';
import type { Plan } from '../../../nodes/StylizeVideo/plan';
import { Ledger } from '../../../nodes/submission/ledger';
import type { Entry } from '../../../nodes/submission/ledger';
import { BASE_URL, keyCredential, tokenCredential } from '../support/credentials';
import { fakeRequests } from '../support/httpRequests';
import { plansOf, fakeExecuteFunctions, PUBLIC_URL } from '../support/executeFunctions';
import type { NodeSetup } from '../support/executeFunctions';
import { bytesOf, storedVideo } from '../support/uploads';

describe('plan', () => {
	const plansFor = async (setup: NodeSetup) => await plansOf(fakeExecuteFunctions(setup));

	async function planOf(setup: NodeSetup): Promise<Plan> {
		const [plan] = await plansFor(setup);
		if (!plan || 'errorInfo' in plan) throw new Error(`The item was refused: ${plan?.errorInfo.message}`);
		return plan;
	}

	const keyOf = async (setup: NodeSetup) => (await planOf(setup)).submission.key;

	describe('rejects an invalid item with the name of its field', () => {
		test.each<[string, NodeSetup['parameters'], RegExp]>([
			['no URL', { videoUrl: ' ' }, /"Video URL" is empty/],
			['text that is not a URL', { videoUrl: null }, /"Video URL" is empty/],
			['an invalid URL', { videoUrl: 'cat.mp4' }, /"Video URL" is not a URL/],
			['an unreachable URL', { videoUrl: 'http://192.168.1.2/cat.mp4' }, /"Video URL" points to 192\.168\.1\.2/],
			['a list of URLs', { videoUrl: ['https://v.example/a', 'https://v.example/b'] }, /"Video URL" contains several URLs/],
			['a page of a video', { videoUrl: 'https://youtu.be/abc' }, /"Video URL" is a page of youtu\.be/],
			['several notify URLs', { options: { notifyUrl: 'https://a.example/x, https://b.example/y' } }, /"Notify URL" contains several URLs/],
			['a style there is not', { style: 'oil_painting' }, /"Style" has an unknown value: "oil_painting"/],
			['an empty style', { style: '' }, /"Style" is empty/],
			['an inherited style', { style: 'constructor' }, /"Style" has an unknown value: "constructor"/],
			['no prompt and no style', { style: 'none', prompt: ' \n' }, /"Prompt" is empty/],
			['an unknown input type', { inputType: 'ftp' }, /"Input Type" has an unknown value: "ftp"/],
			['an unreachable notify URL', { options: { notifyUrl: 'http://localhost:5678/webhook' } }, /"Notify URL" points to localhost/],
			['an invalid notify URL', { options: { notifyUrl: '/webhook' } }, /"Notify URL" is not a URL/],
			['an end user with a line break', { options: { apiUserId: 'a\nb' } }, /"API User ID"/],
			['an end user with non-ASCII characters', { options: { apiUserId: 'müller' } }, /"API User ID"/],
			['a concurrency of 0', { options: { concurrency: 0 } }, /"Concurrency"/],
			['a time below 0', { options: { maxRetryTime: -1 } }, /"Max Retry Time \(Minutes\)"/],
			['an infinite time', { options: { maxRetryTime: 'Infinity' } }, /"Max Retry Time \(Minutes\)"/],
			['an unknown value', { options: { onUnclearResponse: 'maybe' } }, /"On Unclear Response" has an unknown value: "maybe"/],
			['an expression that fails', { prompt: new Error('No path back') as never }, /"Prompt" cannot be evaluated: No path back/],
		])('%s', async (_, parameters, what) => {
			const [plan] = await plansFor({ parameters });
			expect(plan).toMatchObject({ status: 'invalid', errorInfo: { message: expect.stringMatching(what) } });
			expect(plan).toHaveProperty('errorInfo.hint', expect.stringMatching(/\w{3,}/));
		});

		test('rejects a key in an unsaved workflow', async () => {
			const [plan] = await plansFor({ parameters: { options: { idempotencyKey: 'k' } } });
			expect(plan).toMatchObject({ status: 'invalid', errorInfo: { message: expect.stringContaining('"Idempotency Key"') } });
		});

		test('rejects an unusable credential', async () => {
			const [plan] = await plansFor({ credential: tokenCredential({ baseUrl: 'http://hidream.example' }) });
			expect(plan).toMatchObject({ status: 'invalid', errorInfo: { message: expect.stringContaining('"Base URL"') } });
		});

		test('validates each item separately', async () => {
			const plans = await plansFor({ parameters: [{}, { videoUrl: '' }, {}] });
			expect(plans.map((plan) => 'submission' in plan)).toEqual([true, false, true]);
		});
	});

	test('a Base URL on this machine allows loopback hosts, and no other private ones', async () => {
		const credential = tokenCredential({ baseUrl: 'http://127.0.0.1:9' });
		const parameters = { videoUrl: 'http://localhost/cat.mp4', options: { notifyUrl: 'http://127.0.0.2/' } };
		expect((await planOf({ credential, parameters })).submission.styleOptions).toEqual({ style: 'anime', prompt: '' });
		const [plan] = await plansFor({ credential, parameters: { videoUrl: 'http://10.0.0.1/cat.mp4' } });
		expect(plan).toMatchObject({ status: 'invalid', errorInfo: { message: expect.stringContaining('10.0.0.1') as string } });
	});

	test('applies the defaults', async () => {
		const plan = await planOf({ credential: tokenCredential({ tasksPerMinute: '' }) });
		expect(plan).toMatchObject({ submission: { styleOptions: { style: 'anime', prompt: '' } }, concurrency: 2 });
		expect(plan.submission).toMatchObject({ tasksPerMinute: 2, maxRetryMs: 3_600_000, onUnclearResponse: 'fail', whenLimitReached: 'wait' });
		expect(plan.submission.requestId).toBeUndefined();
		expect(plan.submission.idempotencyKey).toBeUndefined();
		expect(plan.submission.renewToken).toBeUndefined();
	});

	test.each([
		['a free account', {}, 2],
		['level 2', { accountLevel: 'level2' }, 5],
		['level 4', { accountLevel: 'level4' }, 10],
		['many tasks per minute', { tasksPerMinute: 7.5 }, 8],
		['no rate limit', { tasksPerMinute: 0 }, 10],
		['no parallel limit', { accountLevel: 'custom', parallelTasks: 0 }, 10],
		['limits above ten', { accountLevel: 'custom', parallelTasks: 500 }, 10],
		['a fraction of a task per minute', { tasksPerMinute: 0.1 }, 1],
	])('sends this number of videos concurrently for %s', async (_, limits, concurrency) => {
		expect((await planOf({ credential: tokenCredential({ tasksPerMinute: 2, ...limits }) })).concurrency).toBe(concurrency);
	});

	test.each([
		['level4', 3],
		['free', 2],
	])('uploads fewer files than URLs concurrently: %s', async (accountLevel, concurrency) => {
		const file = { data: Buffer.from('\xff clip', 'latin1').toString('base64'), mimeType: 'video/mp4' };
		const setup = { parameters: { inputType: 'binary' }, items: [{ json: {}, binary: { data: file } }] };
		expect((await planOf({ ...setup, credential: tokenCredential({ tasksPerMinute: 2, accountLevel }) })).concurrency).toBe(concurrency);
	});

	test.each([
		['retryCodes', '7, {"a":1}', '"Retry Codes (HiDream API Credential)" contains "{"a":1}"'],
		['retryCodes', '2010, 0', '"Retry Codes (HiDream API Credential)" contains "0"'],
		['retryCodes', 'OK', '"Retry Codes (HiDream API Credential)" contains "OK"'],
		['tasksPerMinute', -1, '"Tasks per Minute (HiDream API Credential)"'],
	])('rejects the limit of the credential: %s %p', async (name, value, message) => {
		const [plan] = await plansFor({ credential: tokenCredential({ [name]: value }) });
		expect(plan).toMatchObject({ status: 'invalid', errorInfo: { message: expect.stringContaining(message) as string } });
	});

	test('reads the options', async () => {
		const options = { requestId: ' mine ', maxRetryTime: 0.5, onUnclearResponse: 'resubmit', concurrency: ' 3.0 ' };
		const { submission, concurrency } = await planOf({ parameters: { options } });
		expect(submission).toMatchObject({ requestId: 'mine', maxRetryMs: 30_000, onUnclearResponse: 'resubmit' });
		expect(concurrency).toBe(3);
	});

	test('marks an API key as renewable, and makes n8n exchange it again', async () => {
		const credential = keyCredential({ sessionToken: 'old' });
		const { submission } = await planOf({ credential });
		submission.renewToken?.();
		expect(credential['sessionToken']).toBe('');
	});

	describe('fingerprint of a submission', () => {
		const same: Array<[string, NodeSetup]> = [
			['another request ID', { parameters: { options: { requestId: 'mine' } } }],
			['a renewed token', { credential: tokenCredential({ accessToken: 'sk-2' }) }],
			['another pace', { credential: tokenCredential({ tasksPerMinute: 1 }), parameters: { options: { maxRetryTime: 1 } } }],
		];
		test.each(same)('%s does not change it', async (_, setup) => expect(await keyOf(setup)).toBe(await keyOf({})));

		test.each([{ videoUrl: 'https://videos.example/dog.mp4' }, { style: 'cartoon' }, { prompt: 'x' }])('%j changes it', async (parameters) => {
			expect(await keyOf({ parameters })).not.toBe(await keyOf({}));
		});

		test('another input field changes it', async () => {
			const file = { data: bytesOf(1_000).toString('base64'), mimeType: 'video/mp4' };
			const items = [{ json: {}, binary: { first: file, second: file } }];
			const keyOfField = async (binaryPropertyName: string) => await keyOf({ items, parameters: { inputType: 'binary', binaryPropertyName } });
			expect(await keyOfField('second')).not.toBe(await keyOfField('first'));
		});

		test('two equal items are two tasks', async () => {
			const plans = await plansFor({ parameters: [{}, {}] });
			expect(new Set(plans.map((plan) => 'submission' in plan && plan.submission.key)).size).toBe(2);
		});
	});
});

describe('a failed check of an item that an earlier attempt may have submitted', () => {
	const STYLE_OPTIONS = { style: 'cartoon', prompt: 'as it was' } as const;
	const ACCEPTED: Entry = { state: 'accepted', requestId: 'req-1', taskId: 'task-1', subTaskIds: [], styleOptions: STYLE_OPTIONS };
	const UNCERTAIN: Entry = { state: 'uncertain', requestId: 'req-1', reason: { code: 'brokeAfter', cause: 'idle' } };
	const SENDING: Entry = { state: 'sending', requestId: 'req-1' };
	const REFUSED: Entry = { state: 'refused', requestId: 'req-1' };

	const signed = (secondsLeft: number) =>
		`https://b.s3.amazonaws.com/x.mp4?AWSAccessKeyId=A&Signature=s&Expires=${Math.round(Date.now() / 1_000) + secondsLeft}`;

	/** The item's plan in a first attempt, and in a second one for which `entry` is in the ledger. */
	async function twoTries(entry: Entry, first: NodeSetup, second: NodeSetup) {
		const kept = {};
		const scope = first.type ? undefined : { runIndex: 0 };
		const planNow = async (setup: NodeSetup) =>
			(await planAll(fakeExecuteFunctions(setup), new Ledger(kept, scope), { readMore: () => undefined }))[0];
		const before = await planNow(first);
		if (!before || 'errorInfo' in before) throw new Error(`The first attempt failed: ${before?.errorInfo.message}`);
		new Ledger(kept, scope).write(before.submission.key, entry);
		const after = await planNow(second);
		if (!after) throw new Error('There is no plan');
		return { before, after };
	}

	const url = (videoUrl: unknown): NodeSetup => ({ parameters: { videoUrl: videoUrl as string } });
	/** A field with an expression whose value differs between the attempts. */
	function typed(setup: NodeSetup): NodeSetup {
		return { ...setup, typed: { videoUrl: '={{ $json.url }}', style: '={{ $json.style }}' } };
	}

	test('an accepted item needs no video: its URL may have expired, or be rejected now', async () => {
		for (const now of [signed(-3600), 'https://youtu.be/abc', '', null]) {
			const { after } = await twoTries(ACCEPTED, typed(url(signed(3600))), typed(url(now)));
			expect(after).toMatchObject({ submission: { styleOptions: STYLE_OPTIONS } });
		}
	});

	test('an accepted item needs no style', async () => {
		const { after } = await twoTries(ACCEPTED, typed({}), typed({ parameters: { style: 'oil' } }));
		expect(after).toMatchObject({ submission: { styleOptions: STYLE_OPTIONS } });
	});

	test('an accepted item has a task, even if its status cannot be requested', async () => {
		const { after } = await twoTries(ACCEPTED, typed({}), typed({ credential: tokenCredential({ accessToken: '' }) }));
		expect(after).toMatchObject({ status: 'query_failed', requestId: 'req-1', errorInfo: { taskId: 'task-1', hint: expect.stringContaining('task-1') as string } });
	});

	test.each([['uncertain', UNCERTAIN, /no response in time.*expired/], ['interrupted', SENDING, /interrupted.*expired/]] as const)(
		'an item that is %s keeps this status and its request ID',
		async (_, entry, what) => {
			const { after } = await twoTries(entry, typed(url(signed(3600))), typed(url(signed(-3600))));
			expect(after).toMatchObject({ status: 'uncertain', requestId: 'req-1', errorInfo: { message: expect.stringMatching(what) as string } });
		},
	);

	test('a refused item is invalid', async () => {
		const { after } = await twoTries(REFUSED, typed(url(signed(3600))), typed(url(signed(-3600))));
		expect(after).toMatchObject({ status: 'invalid', errorInfo: { message: expect.stringContaining('expired') as string } });
	});

	test('reports a problem of the whole run for each item with the status of its earlier attempt', async () => {
		const context = fakeExecuteFunctions({ parameters: [{}, {}, {}] });
		const ledger = new Ledger({}, { runIndex: 0 });
		const plans = await planAll(context, ledger, { readMore: () => undefined });
		for (const [i, entry] of [ACCEPTED, SENDING].entries()) {
			const plan = plans[i];
			if (plan && 'submission' in plan) ledger.write(plan.submission.key, entry);
		}
		const failed = failAll(context, ledger, { status: 'invalid', errorInfo: { message: 'Wrong "Wait For"', hint: 'Correct it.' } });
		expect(failed.map(({ status }) => status)).toEqual(['query_failed', 'uncertain', 'invalid']);
	});

	describe('AI tool calls, identified by their content', () => {
		const type = 'n8n-nodes-hidream.stylizeVideoTool';

		afterEach(() => void jest.restoreAllMocks());

		test('a style matches by its value or its name; another style is another submission', async () => {
			async function keyOf(style: string): Promise<string> {
				const context = fakeExecuteFunctions({ type, parameters: { style } });
				const [plan] = await planAll(context, new Ledger({}, undefined), { readMore: () => undefined });
				if (!plan || 'errorInfo' in plan) throw new Error('The item was refused');
				return plan.submission.key;
			}
			expect(await keyOf('Ink Wash')).toBe(await keyOf('ink_wash'));
			expect(await keyOf('Ink Wash')).not.toBe(await keyOf('anime'));
		});

		test.each([['accepted', ACCEPTED, undefined], ['uncertain', UNCERTAIN, 'uncertain'], ['refused', REFUSED, 'invalid']] as const)(
			'the same URL, now expired: the item is %s',
			async (_, entry, status) => {
				const same: NodeSetup = { type, ...url(signed(3600)) };
				const kept = {};
				const planNow = async () => (await planAll(fakeExecuteFunctions(same), new Ledger(kept, undefined), { readMore: () => undefined }))[0];
				const before = await planNow();
				if (!before || 'errorInfo' in before) throw new Error('The first call failed');
				new Ledger(kept, undefined).write(before.submission.key, entry);
				jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 7_200_000);
				const after = await planNow();
				if (status === undefined) expect(after).toHaveProperty('submission.key', before.submission.key);
				else expect(after).toHaveProperty('status', status);
			},
		);
	});

	test('validates a signed URL again just before it is sent', async () => {
		const [plan] = await planAll(fakeExecuteFunctions(url(signed(60))), new Ledger({}, { runIndex: 0 }), { readMore: () => undefined });
		if (!plan || 'errorInfo' in plan) throw new Error('There is no plan');
		expect(plan.submission.recheck?.()).toBeUndefined();
		const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 61_000);
		const errorInfo = plan.submission.recheck?.();
		now.mockRestore();
		expect(errorInfo).toMatchObject({ message: expect.stringMatching(/^"Video URL" is a signed URL that expired at \d{4}-/) as string, hint: expect.stringContaining('Binary File') as string });
	});
});

describe('the request of a validated item', () => {
	const TASK = { statusCode: 200, body: '{"code":0,"result":{"task_id":"t-1"}}' };
	const FILE = { id: 'filesystem:1', data: 'filesystem', mimeType: 'video/mp4' };

	/** Plans one item, whose requests get these responses. */
	async function plan(setup: NodeSetup, replies = [TASK], notifyUrl?: string) {
		const { seen, httpRequestWithAuthentication } = fakeRequests(...replies);
		const context = fakeExecuteFunctions({ ...setup, helpers: { ...setup.helpers, httpRequestWithAuthentication } });
		const [item] = await plansOf(context, notifyUrl);
		if (!item || 'errorInfo' in item) throw new Error(`The item was refused: ${item?.errorInfo.message}`);
		return { seen, send: item.submission.send };
	}

	async function bodyOf(setup: NodeSetup): Promise<unknown> {
		const { seen, send } = await plan(setup);
		expect(await send('req-1')).toMatchObject({ kind: 'accepted', taskId: 't-1' });
		return JSON.parse(String(seen[0]?.options.body));
	}

	test('has style, prompt, request ID and video', async () => {
		const parameters = { style: 'ink_wash', prompt: ' two lines\n"quoted" ', videoUrl: ` ${PUBLIC_URL}\n` };
		expect(await bodyOf({ parameters })).toStrictEqual({
			style: 'ink_wash',
			prompt: ' two lines\n"quoted" ',
			request_id: 'req-1',
			video_name: PUBLIC_URL,
		});
	});

	test('omits empty values', async () => {
		expect(await bodyOf({})).toStrictEqual({ style: 'anime', request_id: 'req-1', video_name: PUBLIC_URL });
	});

	test('sends only the prompt: "none" is never sent', async () => {
		const parameters = { style: 'none', prompt: 'like old paper' };
		expect(await bodyOf({ parameters })).toStrictEqual({ prompt: 'like old paper', request_id: 'req-1', video_name: PUBLIC_URL });
	});

	test('has a notify URL', async () => {
		const parameters = { options: { notifyUrl: 'https://n8n.example/webhook?order=17' } };
		expect(await bodyOf({ parameters })).toHaveProperty('notify_url', 'https://n8n.example/webhook?order=17');
	});

	test('without callbacks has no notify URL, whatever an option of another operation says', async () => {
		const { seen, send } = await plan({ parameters: { options: { notifyUrl: 'https://n8n.example/webhook' } } }, [TASK], '');
		await send('req-1');
		expect(JSON.parse(String(seen[0]?.options.body))).not.toHaveProperty('notify_url');
	});

	test('sends the API User ID as a header, without surrounding spaces', async () => {
		const { seen, send } = await plan({ parameters: { options: { apiUserId: ' user-1 ' } } });
		await send('req-1');
		expect(seen[0]?.options.url).toMatch(new RegExp(`^${BASE_URL}/api-pub/`));
		expect(seen[0]?.options.headers).toHaveProperty('API-User-ID', 'user-1');
	});

	test('has the retry codes', async () => {
		const response = { statusCode: 200, body: '{"code":-7}' };
		const { send } = await plan({ credential: tokenCredential({ retryCodes: ' 1999;-7 , 2 ' }) }, [response]);
		expect(await send('req-1')).toMatchObject({ kind: 'refused', retryReason: 'busy' });
	});

	test('reads a file again for each attempt', async () => {
		const bytes = bytesOf(1_000);
		const stored = storedVideo([bytes], bytes.length);
		if (stored.kind !== 'stored') throw new Error('It is not stored');
		const helpers = { getBinaryMetadata: async () => ({ fileSize: bytes.length }), getBinaryStream: stored.open };
		const { seen, send } = await plan(
			{ parameters: { inputType: 'binary' }, items: [{ json: {}, binary: { data: FILE } }], helpers },
			[{ statusCode: 429, body: '' }, TASK],
		);
		for (const requestId of ['req-1', 'req-2']) await send(requestId);
		const json = JSON.stringify({ style: 'anime', request_id: 'req-1', video_name: bytes.toString('base64') });
		expect(seen.map(({ options }) => options.headers?.['Content-Length'])).toEqual([json.length, json.length]);
		expect(seen[1]?.options.body).not.toBe(seen[0]?.options.body);
	});

	describe('a link to a file', () => {
		const links = (makeLink: () => string): NodeSetup => ({
			parameters: { inputType: 'binaryLink' },
			items: [{ json: {}, binary: { data: FILE } }],
			helpers: {
				getBinaryMetadata: async () => ({ fileSize: 7 }),
				getBinaryStream: async () => Readable.from([bytesOf(7)], { objectMode: false }),
				createBinarySignedUrl: makeLink,
			},
		});

		test('is created again for each attempt', async () => {
			let made = 0;
			const { seen, send } = await plan(links(() => `https://n8n.example/binary?n=${(made += 1)}`), [TASK, TASK]);
			await send('req-1');
			await send('req-1');
			const [first, second] = seen.map(({ options }) => JSON.parse(String(options.body)) as { video_name: string });
			expect(first?.video_name).toMatch(/^https:\/\/n8n\.example\/binary/);
			expect(second?.video_name).not.toBe(first?.video_name);
		});

		test('a link that can no longer be created is a refusal: nothing was sent', async () => {
			let gone = false;
			const makeLink = () => {
				if (gone) throw new Error('the signing key is gone');
				return 'https://n8n.example/binary';
			};
			const { send } = await plan(links(makeLink), []);
			gone = true;
			expect(await send('req-1')).toHaveProperty('kind', 'refused');
		});
	});
});
