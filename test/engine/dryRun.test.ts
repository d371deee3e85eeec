/** "Dry Run": the whole batch is checked and reported in one item, and nothing is paid. */
import { Deduplicator } from '../../harness/engine/deduplicator';
import { asReport, dry, reportOf } from './support/dryRun';
import { useBench, type SubmitOptions } from './support/hidream';
import { waiting } from './support/waiting';

const bench = useBench();
const deduplicator = new Deduplicator();

beforeAll(async () => {
	await deduplicator.install();
});

/** Items with a URL and a file name of their own. */
const videos = (names: string[], more: SubmitOptions = {}): SubmitOptions => ({
	items: names.map((name) => ({ json: { url: `https://videos.example.com/${name}.mp4`, file: name } })),
	...more,
	parameters: { videoUrl: '={{ $json.url }}', ...more.parameters },
});

const numbered = (count: number) => Array.from({ length: count }, (_, n) => `video-${n}`);

/** One free question about a task that nobody has, and nothing else. */
function expectNothingPaid(): void {
	expect(bench().submits).toEqual([]);
	expect(bench().taskIds).toEqual([]);
	expect(bench().singles).toEqual(['00000000-0000-0000-0000-000000000000']);
	expect(bench().sandbox.requests).toHaveLength(1);
}

test('a batch: how many tasks, and how long the limits make it take', async () => {
	const credential = bench().account({ tasksPerMinute: 2, accountLevel: 'level1' });
	const outcome = await bench().submit(dry(videos(numbered(20), { credential })));
	expect(reportOf(outcome)).toMatchObject({ items: 20, tasks: 20, problems: [], minutes_to_submit: 9, minutes_to_finish: 17.5 });
	expect(reportOf(outcome)).toMatchObject({ tasks_per_minute: 2, parallel_tasks: 3 });
	expect(outcome.items()[0]?.pairedItem).toEqual(numbered(20).map((_, item) => ({ item })));
	expectNothingPaid();
});

test('Submit and Wait reports the same', async () => {
	const options = waiting(['a', 'b'], { tasksPerMinute: 0.5, parallelTasks: 1 });
	expect(reportOf(await bench().submit(dry(options)))).toMatchObject({ tasks: 2, minutes_to_submit: 2, minutes_to_finish: 5 });
	expectNothingPaid();
});

test('the editor says that nothing was submitted, and the log does not say that anything was', async () => {
	const outcome = await bench().submit(dry());
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
		const outcome = await bench().submit(dry({ ...options, parameters: { ...options.parameters, style, videoUrl } }));
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
	expect(reportOf(await bench().submit(options)).items).toBe(3);
	expectNothingPaid();
});

test('the expression of another option that fails does not hide it', async () => {
	const options = { dryRun: true, requestId: '={{ $("Nobody").item.json.id }}' };
	expect(reportOf(await bench().submit({ parameters: { options } }))).toMatchObject({ tasks: 0, invalid: 1 });
	expectNothingPaid();
});

test.each([false, 'false', '={{ 0 }}', '={{ undefined }}', '={{ null }}', '={{ " " }}'])('%p is no dry run', async (dryRun) => {
	const outcome = await bench().submit({ parameters: { options: { dryRun } } });
	expect(outcome.json()).toMatchObject([{ status: 'submitted' }]);
});

test('the next run in the same execution submits: nothing was left in the ledger', async () => {
	const options = videos(['a', 'b'], { parameters: { options: { dryRun: '={{ $runIndex === 0 }}' } }, rounds: 2 });
	const outcome = await bench().submit(options);
	expect(asReport(outcome.json(0))).toMatchObject({ tasks: 2 });
	expect(outcome.json(1).map((json) => json['task_id'])).toEqual(bench().taskIds);
	const dryOnly = await bench().submit(dry(videos(['a', 'b'])));
	expect(dryOnly.run.data.executionData?.contextData['node:Stylize']).toEqual({ hiDreamSubmissions: {} });
});

test('what an earlier try of the execution has settled is not counted as a task', async () => {
	bench().sandbox.faults.add({ on: 'submit', skip: 1, times: 1, fault: { type: 'reset', when: 'afterAccept' } });
	const options = videos(['a', 'b', 'c'], { parameters: { options: { dryRun: '={{ $json.look === true }}' } } });
	const execution = await bench().start(options);
	expect((await execution.outcome()).error).toBeDefined();
	const look = await execution.retry(async ({ resultData }) => {
		for (const item of resultData.runData['Source']?.[0]?.data?.['main']?.[0] ?? []) item.json['look'] = true;
	});
	const report = reportOf(await look.outcome());
	expect(report).toMatchObject({ items: 3, tasks: 1, already_submitted: 1, uncertain: 1 });
	const { requestId } = bench().sandbox.tasks[1] ?? {};
	expect(report.problems).toMatchObject([{ item: 1, message: expect.stringContaining(`request ID is ${requestId}`) as string }]);
	expect(bench().submits).toHaveLength(2);
});

test('two items with one Submit Once Key are one task, and the keys are not used up', async () => {
	deduplicator.recorded.clear();
	const submitOnceKey = '={{ $json.file.slice(0, 1) }}';
	const options = (dryRun: boolean) => videos(['a1', 'a2', 'b1'], { parameters: { options: { submitOnceKey, dryRun } } });
	expect(reportOf(await bench().submit(options(true)))).toMatchObject({ tasks: 2, already_submitted: 1, problems: [] });
	expect(deduplicator.recorded.size).toBe(0);
	const outcome = await bench().submit(options(false));
	expect(outcome.json().map((json) => json['status'])).toEqual(['submitted', 'already_submitted', 'submitted']);
});

test('a thousand items: one question', async () => {
	const options = videos(numbered(1_000), { credential: bench().account({ tasksPerMinute: 2, accountLevel: 'free' }) });
	expect(reportOf(await bench().submit(dry(options)))).toMatchObject({ tasks: 1_000, minutes_to_submit: 499, minutes_to_finish: 2500 });
	expectNothingPaid();
});

test('an AI agent gets the report too', async () => {
	const outcome = await bench().submit(dry({ toolCalls: [{}] }));
	expect(asReport(outcome.items('Agent').map(({ json }) => json))).toMatchObject({ items: 1, tasks: 1, problems: [] });
	expectNothingPaid();
});

test.each(['={{ "TRUE" }}', '={{ " yes " }}', '={{ 1 }}', 'On'])('Dry Run %s is a dry run', async (dryRun) => {
	expect(reportOf(await bench().submit(videos(['a'], { parameters: { options: { dryRun } } })))).toMatchObject({ tasks: 1, invalid: 0 });
	expectNothingPaid();
});

test('a Dry Run that is neither yes nor no makes the run dry, and its item invalid', async () => {
	const dryRun = '={{ $json.file === "a" ? "no" : "maybe" }}';
	const report = reportOf(await bench().submit(videos(['a', 'b'], { parameters: { options: { dryRun } } })));
	expect(report).toMatchObject({ items: 2, tasks: 1, invalid: 1 });
	expect(report.problems).toMatchObject([{ item: 1, error: '"Dry Run" is "maybe", which is neither yes nor no' }]);
	expectNothingPaid();
});
