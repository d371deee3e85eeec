/** Dry Run: validates and estimates a batch, submits nothing. */
import { useDeduplicator } from '../../harness/engine/deduplicator';
import { type Fault, startSandbox } from '../../sandbox';
import { expectReport, asDryRun, type Report, reportOf } from './support/outputs';
import { type SubmitOptions, useEngine } from './support/engine';
import { byCallback, waiting } from './support/waiting';

describe('items', () => {
	const engine = useEngine();

	beforeAll(async () => void (await useDeduplicator()));

	/** Items with a URL and a file name of their own. */
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

	test('a batch: how many tasks, and how long the limits make it take', async () => {
		const credential = engine().account({ tasksPerMinute: 2, accountLevel: 'level1' });
		const outcome = await engine().submit(asDryRun(videos(numbered(20), { credential })));
		expect(reportOf(outcome)).toMatchObject({ items: 20, tasks: 20, problems: [], minutes_to_submit: 9, minutes_to_finish: 17.5 });
		expect(reportOf(outcome)).toMatchObject({ tasks_per_minute: 2, parallel_tasks: 3 });
		expect(outcome.items()[0]?.pairedItem).toEqual(numbered(20).map((_, item) => ({ item })));
		expectNothingPaid();
	});

	test('Submit and Wait reports the same', async () => {
		const options = waiting(['a', 'b'], { tasksPerMinute: 0.5, parallelTasks: 1 });
		expect(reportOf(await engine().submit(asDryRun(options)))).toMatchObject({ tasks: 2, minutes_to_submit: 2, minutes_to_finish: 5 });
		expectNothingPaid();
	});

	test('the editor says that nothing was submitted, and the log does not say that anything was', async () => {
		const outcome = await engine().submit(asDryRun());
		const hints = outcome.run.data.resultData.runData['Stylize']?.[0]?.hints;
		expect(hints).toMatchObject([{ message: expect.stringContaining('nothing was submitted') as string, location: 'outputPane' }]);
		expect(outcome.log('info').filter((line) => line.includes('HiDream'))).toEqual([]);
	});

	test.each([undefined, 'stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'] as const)(
		'On Error %s: items that are wrong are named with their fields, and do not fail the run',
		async (onError) => {
			const options = videos(['a', 'b', 'c', 'd'], { onError, retryOnFail: true });
			const style = '={{ $json.file === "b" ? "oil" : "anime" }}';
			const videoUrl = '={{ $json.file === "d" ? "" : $json.url }}';
			const outcome = await engine().submit(asDryRun({ ...options, parameters: { ...options.parameters, style, videoUrl } }));
			expect(reportOf(outcome)).toMatchObject({ items: 4, tasks: 2, invalid: 2 });
			expect(reportOf(outcome).problems).toEqual([
				{ item: 1, error: '"Style" is "oil", which HiDream does not have', message: expect.stringContaining('Use one of') as string },
				{ item: 3, error: '"Video URL" is empty', message: expect.stringContaining('"Video URL"') as string },
			]);
			expect(outcome.rounds).toBe(1);
			expectNothingPaid();
		},
	);

	test.each([
		['one item asks for it', '={{ $json.file === "c" }}'],
		['one item asks for it in other words', '={{ $json.file === "c" ? "yes" : "no" }}'],
		['one item cannot say', '={{ $json.file === "c" ? $("Nobody").item.json.dry : false }}'],
	])('%s: nothing is paid for any', async (_, dryRun) => {
		const options = videos(['a', 'b', 'c'], { parameters: { options: { dryRun } }, onError: 'continueRegularOutput' });
		expect(reportOf(await engine().submit(options)).items).toBe(3);
		expectNothingPaid();
	});

	test('the expression of another option that fails does not hide it', async () => {
		const options = { dryRun: true, requestId: '={{ $("Nobody").item.json.id }}' };
		expect(reportOf(await engine().submit({ parameters: { options } }))).toMatchObject({ tasks: 0, invalid: 1 });
		expectNothingPaid();
	});

	test.each([false, 'false', '={{ 0 }}', '={{ undefined }}', '={{ null }}', '={{ " " }}'])('%p is no dry run', async (dryRun) => {
		const outcome = await engine().submit({ parameters: { options: { dryRun } } });
		expect(outcome.json()).toMatchObject([{ status: 'submitted' }]);
	});

	test('the next run in the same execution submits: nothing was left in the ledger', async () => {
		const options = videos(['a', 'b'], { parameters: { options: { dryRun: '={{ $runIndex === 0 }}' } }, rounds: 2 });
		const outcome = await engine().submit(options);
		expect(expectReport(outcome.json(0))).toMatchObject({ tasks: 2 });
		expect(outcome.json(1).map((json) => json['task_id'])).toEqual(engine().taskIds);
		const dryOnly = await engine().submit(asDryRun(videos(['a', 'b'])));
		expect(dryOnly.run.data.executionData?.contextData['node:Stylize']).toEqual({ hiDreamSubmissions: {} });
	});

	test('does not count items that an earlier attempt has settled', async () => {
		engine().sandbox.faults.add({ on: 'submit', skip: 1, times: 1, fault: { type: 'reset', when: 'afterAccept' } });
		const options = videos(['a', 'b', 'c'], { parameters: { options: { dryRun: '={{ $json.look === true }}' } } });
		const execution = await engine().start(options);
		expect((await execution.outcome()).error).toBeDefined();
		const look = await execution.retry(async ({ resultData }) => {
			for (const item of resultData.runData['Source']?.[0]?.data?.['main']?.[0] ?? []) item.json['look'] = true;
		});
		const report = reportOf(await look.outcome());
		expect(report).toMatchObject({ items: 3, tasks: 1, already_submitted: 1, uncertain: 1 });
		const { requestId } = engine().sandbox.tasks[1] ?? {};
		expect(report.problems).toMatchObject([{ item: 1, message: expect.stringContaining(`request ID is ${requestId}`) as string }]);
		expect(engine().submits).toHaveLength(2);
	});

	test('two items with one Submit Once Key are one task, and the keys are not used up', async () => {
		const deduplicator = await useDeduplicator();
		const submitOnceKey = '={{ $json.file.slice(0, 1) }}';
		const options = (dryRun: boolean) => videos(['a1', 'a2', 'b1'], { parameters: { options: { submitOnceKey, dryRun } } });
		expect(reportOf(await engine().submit(options(true)))).toMatchObject({ tasks: 2, already_submitted: 1, problems: [] });
		expect(deduplicator.recorded.size).toBe(0);
		const outcome = await engine().submit(options(false));
		expect(outcome.json().map((json) => json['status'])).toEqual(['submitted', 'already_submitted', 'submitted']);
	});

	test('a thousand items: one status request', async () => {
		const options = videos(numbered(1_000), { credential: engine().account({ tasksPerMinute: 2, accountLevel: 'free' }) });
		expect(reportOf(await engine().submit(asDryRun(options)))).toMatchObject({ tasks: 1_000, minutes_to_submit: 499, minutes_to_finish: 2500 });
		expectNothingPaid();
	});

	test('an AI agent gets the report too', async () => {
		const outcome = await engine().submit(asDryRun({ toolCalls: [{}] }));
		expect(expectReport(outcome.items('Agent').map(({ json }) => json))).toMatchObject({ items: 1, tasks: 1, problems: [] });
		expectNothingPaid();
	});

	test.each(['={{ "TRUE" }}', '={{ " yes " }}', '={{ 1 }}', 'On'])('Dry Run %s is a dry run', async (dryRun) => {
		expect(reportOf(await engine().submit(videos(['a'], { parameters: { options: { dryRun } } })))).toMatchObject({ tasks: 1, invalid: 0 });
		expectNothingPaid();
	});

	test('a Dry Run that is neither yes nor no makes the run dry, and its item invalid', async () => {
		const dryRun = '={{ $json.file === "a" ? "no" : "maybe" }}';
		const report = reportOf(await engine().submit(videos(['a', 'b'], { parameters: { options: { dryRun } } })));
		expect(report).toMatchObject({ items: 2, tasks: 1, invalid: 1 });
		expect(report.problems).toMatchObject([{ item: 1, error: '"Dry Run" is "maybe", which is neither yes nor no' }]);
		expectNothingPaid();
	});
});

describe('account and wait', () => {
	const engine = useEngine();

	async function run(options: SubmitOptions): Promise<Report> {
		const outcome = await engine().submit(asDryRun(options));
		expect(outcome.run.waitTill).toBeUndefined();
		expect(engine().submits).toEqual([]);
		return reportOf(outcome);
	}

	/** The problems that are not about one item. */
	const ofAll = ({ problems }: Report) => problems.filter(({ item }) => item === null).map(({ error, message }) => `${error} ${message}`);

	test('a wrong token', async () => {
		const credential = engine().account({ accessToken: 'sk-wrong-one' });
		const report = await run({ credential, items: [{}, {}] });
		expect(report).toMatchObject({ items: 2, tasks: 2, invalid: 0 });
		expect(ofAll(report)).toEqual([expect.stringMatching(/rejected the token.*credential/)]);
		expect(JSON.stringify(report)).not.toContain('sk-wrong-one');
	});

	test('a wrong API key; a right one is exchanged, and is fine', async () => {
		expect(ofAll(await run({ credential: engine().keyAccount({ apiKey: 'no-such-key' }) }))).toEqual([expect.stringMatching(/API key/i)]);
		expect(await run({ credential: engine().keyAccount() })).toMatchObject({ problems: [] });
	});

	test('checks the account even if every item is invalid', async () => {
		const credential = engine().account({ accessToken: 'sk-wrong-one' });
		const report = await run({ credential, parameters: { videoUrl: '={{ "" }}' } });
		expect(report.problems.map(({ item }) => item)).toEqual([null, 0]);
		expect(report).toMatchObject({ tasks: 0, invalid: 1, minutes_to_finish: 0, tasks_per_minute: null, parallel_tasks: null });
	});

	test('a credential that cannot be used is a problem of each item', async () => {
		const report = await run({ credential: engine().account({ baseUrl: 'ftp://nowhere' }), items: [{}, {}] });
		expect(report.problems).toMatchObject([0, 1].map((item) => ({ item, error: expect.stringContaining('"Base URL"') as string })));
		expect(engine().sandbox.requests).toEqual([]);
	});

	test('a host that does not exist', async () => {
		const gone = await startSandbox();
		await gone.close();
		expect(ofAll(await run({ credential: engine().account({ baseUrl: gone.url }) }))).toEqual([expect.stringMatching(/No connection.*Base URL/)]);
	});

	test.each<[string, Fault, RegExp]>([
		['a page that is not from HiDream', { type: 'notJson' }, /Something between n8n and HiDream.*a web page.*Base URL/],
		['a page of a firewall', { type: 'notJson', status: 403 }, /Something between n8n and HiDream.*HTTP 403, a web page.*firewalls/],
		['a wrong path', { type: 'status', status: 404 }, /something between n8n and HiDream.*Base URL/],
		['an account that may not', { type: 'code', status: 403, code: 9 }, /\(code 9\).*may not use/],
		['no credits left, as text', { type: 'code', code: 'insufficient_credits' }, /code insufficient_credits.*Top it up/],
		['no credits left', { type: 'code', code: 2007, message: 'no credits' }, /"no credits" \(code 2007\).*Top it up/],
		['an overload', { type: 'status', status: 503 }, /HTTP 503.*later/],
		['a broken connection', { type: 'reset', when: 'before' }, /no readable response/],
	])('%s', async (_, fault, words) => {
		engine().sandbox.faults.add({ on: 'result', times: Infinity, fault });
		expect(ofAll(await run({}))).toEqual([expect.stringMatching(words)]);
	});

	test('two accounts: tasks are added up, the longer time counts, and the wrong one is named', async () => {
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

	test('Wait For Callback: reports all obstacles together', async () => {
		const credential = engine().account({ accountLevel: 'level1' });
		const { parameters, ...more } = byCallback(['a', 'b', 'c', 'd'], {}, { credential, settings: { engineType: 'v2' } });
		const report = await run({ ...more, parameters: { ...parameters, options: { onTaskFailure: 'error' } } });
		expect(report.tasks).toBe(4);
		const words = [/engine v2/, /4 items.*only 3.*Loop Over Items.*Polling/, /"On Task Failure" is Error/];
		expect(ofAll(report)).toEqual(words.map((word) => expect.stringMatching(word) as string));
	});

	test('Wait For Callback: an n8n that HiDream cannot call, and items of two accounts', async () => {
		const other = engine().sandbox.addAccount({ level: 'free' });
		const credential = engine().account({ accessToken: '={{ $json.prompt }}' });
		const options = byCallback([engine().sandbox.accessToken, other.accessToken], {}, { credential });
		expect(ofAll(await run({ ...options, waitingUrl: 'ftp://n8n/webhook-waiting' }))).toEqual([
			expect.stringMatching(/resume this execution.*WEBHOOK_URL/),
			expect.stringMatching(/different HiDream accounts/),
		]);
	});

	test('Wait For Callback without obstacles: no problem', async () => {
		const options = { ...byCallback(['a', 'b']), waitingUrl: 'https://n8n.example.com/webhook-waiting' };
		expect(await run(options)).toMatchObject({ tasks: 2, problems: [] });
	});

	test('an unknown Wait For', async () => {
		const { parameters, ...more } = byCallback(['a']);
		expect(ofAll(await run({ ...more, parameters: { ...parameters, waitFor: 'pigeon' } }))).toEqual([expect.stringContaining('"Wait For" has an unknown value: "pigeon"')]);
	});
});
