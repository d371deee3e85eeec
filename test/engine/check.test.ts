/** Check: validates and estimates a batch, submits nothing. */
import { useDeduplicator } from '../../harness/engine/deduplicator';
import { type Fault, startSandbox } from '../../sandbox';
import { expectReport, asCheck, type CheckReport, reportOf } from './support/outputs';
import { type SubmitOptions, useEngine } from './support/engine';

describe('items', () => {
	const engine = useEngine();

	beforeAll(async () => void (await useDeduplicator()));

	/** Items with their own URL and file name. */
	const videos = (names: string[], more: SubmitOptions = {}): SubmitOptions => ({
		items: names.map((name) => ({ json: { url: `https://videos.example.com/${name}.mp4`, file: name } })),
		...more,
		parameters: { videoUrl: '={{ $json.url }}', ...more.parameters },
	});

	const numbered = (count: number) => Array.from({ length: count }, (_, n) => `video-${n}`);

	/** One free status request for an unknown task, and nothing else. */
	function expectNothingPaid(): void {
		expect(engine().submits).toEqual([]);
		expect(engine().taskIds).toEqual([]);
		expect(engine().singles).toEqual(['00000000-0000-0000-0000-000000000000']);
		expect(engine().sandbox.requests).toHaveLength(1);
	}

	test('reports how many tasks a batch takes, and how long with the limits', async () => {
		const credential = engine().account({ tasksPerMinute: 2, accountLevel: 'level1' });
		const outcome = await engine().submit(asCheck(videos(numbered(20), { credential })));
		expect(reportOf(outcome)).toMatchObject({ items: 20, tasks: 20, problems: [], minutes_to_submit: 9, minutes_to_finish: 17.5 });
		expect(reportOf(outcome)).toMatchObject({ tasks_per_minute: 2, parallel_tasks: 3 });
		expect(outcome.items()[0]?.pairedItem).toEqual(numbered(20).map((_, item) => ({ item })));
		expectNothingPaid();
	});

	test.each([undefined, 'stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'] as const)(
		'On Error %s: names invalid items with their fields, and does not fail the run',
		async (onError) => {
			const options = videos(['a', 'b', 'c', 'd'], { onError, retryOnFail: true });
			const style = '={{ $json.file === "b" ? "oil" : "anime" }}';
			const videoUrl = '={{ $json.file === "d" ? "" : $json.url }}';
			const outcome = await engine().submit(asCheck({ ...options, parameters: { ...options.parameters, style, videoUrl } }));
			expect(reportOf(outcome)).toMatchObject({ items: 4, tasks: 2, invalid: 2 });
			expect(reportOf(outcome).problems).toEqual([
				{ item: 1, error: '"Style" has an unknown value: "oil"', message: expect.stringContaining('Use one of') as string },
				{ item: 3, error: '"Video URL" is empty', message: expect.stringContaining('"Video URL"') as string },
			]);
			expect(outcome.rounds).toBe(1);
			expectNothingPaid();
		},
	);

	test('reports an item whose signed URL expires before its turn', async () => {
		const expires = Math.round(Date.now() / 1_000) + 170;
		const videoUrl = `=https://b.s3.amazonaws.com/{{ $json.file }}.mp4?AWSAccessKeyId=A&Signature=s&Expires=${expires}`;
		const report = reportOf(await engine().submit(asCheck(videos(numbered(4), { limits: { tasksPerMinute: 1 }, parameters: { videoUrl } }))));
		expect(report).toMatchObject({ tasks: 4, invalid: 0 });
		expect(report.problems).toEqual([{ item: 3, error: expect.stringContaining('"Video URL"') as string, message: expect.stringContaining('expires') as string }]);
		expectNothingPaid();
	});

	test('reports a failed expression as a problem of its item', async () => {
		const options = { idempotencyKey: '={{ $("Nobody").item.json.id }}' };
		expect(reportOf(await engine().submit(asCheck({ parameters: { options } })))).toMatchObject({ tasks: 0, invalid: 1 });
		expectNothingPaid();
	});

	test('logs no submission, and leaves nothing in the ledger', async () => {
		const outcome = await engine().submit(asCheck(videos(['a', 'b'])));
		expect(outcome.log('info').filter((line) => line.includes('HiDream'))).toEqual([]);
		expect(outcome.run.data.executionData?.contextData['node:Stylize']).toEqual({ hiDreamSubmissions: {} });
	});

	test('counts two items with one Idempotency Key as one task, and does not use up the keys', async () => {
		const deduplicator = await useDeduplicator();
		const idempotencyKey = '={{ $json.file.slice(0, 1) }}';
		const options = videos(['a1', 'a2', 'b1'], { parameters: { options: { idempotencyKey } } });
		expect(reportOf(await engine().submit(asCheck(options)))).toMatchObject({ tasks: 2, already_submitted: 1, problems: [] });
		expect(deduplicator.recorded.size).toBe(0);
		const outcome = await engine().submit(options);
		expect(outcome.json().map((json) => json['status'])).toEqual(['submitted', 'already_submitted', 'submitted']);
	});

	test('an AI agent gets the report too', async () => {
		const outcome = await engine().submit(asCheck({ toolCalls: [{}] }));
		expect(expectReport(outcome.items('Agent').map(({ json }) => json))).toMatchObject({ items: 1, tasks: 1, problems: [] });
		expectNothingPaid();
	});
});

describe('the account', () => {
	const engine = useEngine();

	async function run(options: SubmitOptions): Promise<CheckReport> {
		const outcome = await engine().submit(asCheck(options));
		expect(outcome.run.waitTill).toBeUndefined();
		expect(engine().submits).toEqual([]);
		return reportOf(outcome);
	}

	/** The problems without an item. */
	const ofAll = ({ problems }: CheckReport) => problems.filter(({ item }) => item === null).map(({ error, message }) => `${error} ${message}`);

	test('reports a wrong token', async () => {
		const credential = engine().account({ accessToken: 'sk-wrong-one' });
		const report = await run({ credential, items: [{}, {}] });
		expect(report).toMatchObject({ items: 2, tasks: 2, invalid: 0 });
		expect(ofAll(report)).toEqual([expect.stringMatching(/refused the token.*credential/)]);
		expect(JSON.stringify(report)).not.toContain('[account of item');
		expect(JSON.stringify(report)).not.toContain('sk-wrong-one');
	});

	test('reports a wrong API key, and exchanges a valid one', async () => {
		expect(ofAll(await run({ credential: engine().keyAccount({ apiKey: 'no-such-key' }) }))).toEqual([expect.stringMatching(/API key/i)]);
		expect(await run({ credential: engine().keyAccount() })).toMatchObject({ problems: [] });
	});

	test('checks the account even if every item is invalid', async () => {
		const credential = engine().account({ accessToken: 'sk-wrong-one' });
		const report = await run({ credential, parameters: { videoUrl: '={{ "" }}' } });
		expect(report.problems.map(({ item }) => item)).toEqual([null, 0]);
		expect(report).toMatchObject({ tasks: 0, invalid: 1, minutes_to_finish: 0, tasks_per_minute: null, parallel_tasks: null });
	});

	test('reports an unusable credential as a problem of each item', async () => {
		const report = await run({ credential: engine().account({ baseUrl: 'ftp://nowhere' }), items: [{}, {}] });
		expect(report.problems).toMatchObject([0, 1].map((item) => ({ item, error: expect.stringContaining('"Base URL"') as string })));
		expect(engine().sandbox.requests).toEqual([]);
	});

	test('reports a host that does not exist', async () => {
		const gone = await startSandbox();
		await gone.close();
		expect(ofAll(await run({ credential: engine().account({ baseUrl: gone.url }) }))).toEqual([expect.stringMatching(/No connection.*Base URL/)]);
	});

	test.each<[string, Fault, RegExp]>([
		['no credits left', { type: 'code', code: 2007, message: 'no credits' }, /"no credits" \(code 2007\).*Top it up/],
		['a broken connection', { type: 'reset', when: 'before' }, /no readable response/],
	])('%s', async (_, fault, words) => {
		engine().sandbox.faults.add({ on: 'result', times: Infinity, fault });
		expect(ofAll(await run({}))).toEqual([expect.stringMatching(words)]);
	});

	test('two accounts: adds up the tasks, reports the longer time, and names the account with a wrong token', async () => {
		const other = engine().sandbox.addAccount({ level: 'free' });
		const credential = engine().account({
			accessToken: '={{ $json.token }}',
			tasksPerMinute: '={{ $json.rate }}',
			accountLevel: 'level4',
		});
		const item = (token: string, rate: number) => ({ json: { token, rate } });
		const { accessToken } = engine().sandbox;
		const items = [item(accessToken, 2), item(other.accessToken, 1), item(accessToken, 2), item(other.accessToken, 1), item(accessToken, 2)];
		const report = await run({ credential, items });
		expect(report).toMatchObject({ tasks: 5, minutes_to_submit: 1, minutes_to_finish: 3.5, tasks_per_minute: null, parallel_tasks: 10, problems: [] });
		expect(engine().singles).toHaveLength(2);
		const wrong = await run({ credential, items: [...items, item('sk-wrong', 2)] });
		expect(ofAll(wrong)).toEqual([expect.stringContaining('[account of item 5]')]);
	});
});
