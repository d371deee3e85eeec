/** What a dry run finds out about the account, and about the wait, beside the items. */
import type { Fault } from '../../sandbox';
import { startSandbox } from '../../sandbox';
import { dry, reportOf, type Report } from './support/dryRun';
import { useBench, type SubmitOptions } from './support/hidream';
import { byCallback } from './support/parking';

const bench = useBench();

async function run(options: SubmitOptions): Promise<Report> {
	const outcome = await bench().submit(dry(options));
	expect(outcome.run.waitTill).toBeUndefined();
	expect(bench().submits).toEqual([]);
	return reportOf(outcome);
}

/** The problems that are not about one item. */
const ofAll = ({ problems }: Report) => problems.filter(({ item }) => item === null).map(({ error, message }) => `${error} ${message}`);

test('a wrong token', async () => {
	const credential = bench().account({ accessToken: 'sk-wrong-one' });
	const report = await run({ credential, items: [{}, {}] });
	expect(report).toMatchObject({ items: 2, tasks: 2, invalid: 0 });
	expect(ofAll(report)).toEqual([expect.stringMatching(/rejected the token.*credential/)]);
	expect(JSON.stringify(report)).not.toContain('sk-wrong-one');
});

test('a wrong API key; a right one is exchanged, and is fine', async () => {
	expect(ofAll(await run({ credential: bench().keyAccount({ apiKey: 'no-such-key' }) }))).toEqual([expect.stringMatching(/API key/i)]);
	expect(await run({ credential: bench().keyAccount() })).toMatchObject({ problems: [] });
});

test('the account is looked at although no item is fine', async () => {
	const credential = bench().account({ accessToken: 'sk-wrong-one' });
	const report = await run({ credential, parameters: { videoUrl: '={{ "" }}' } });
	expect(report.problems.map(({ item }) => item)).toEqual([null, 0]);
	expect(report).toMatchObject({ tasks: 0, invalid: 1, minutes_to_finish: 0, tasks_per_minute: null, parallel_tasks: null });
});

test('a credential that cannot be used is a problem of each item', async () => {
	const report = await run({ credential: bench().account({ baseUrl: 'ftp://nowhere' }), items: [{}, {}] });
	expect(report.problems).toMatchObject([0, 1].map((item) => ({ item, error: expect.stringContaining('"Base URL"') as string })));
	expect(bench().sandbox.requests).toEqual([]);
});

test('a host that is not there', async () => {
	const gone = await startSandbox();
	await gone.close();
	expect(ofAll(await run({ credential: bench().account({ baseUrl: gone.url }) }))).toEqual([expect.stringMatching(/No connection.*Base URL/)]);
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
	bench().sandbox.faults.add({ on: 'result', times: Infinity, fault });
	expect(ofAll(await run({}))).toEqual([expect.stringMatching(words)]);
});

test('two accounts: tasks are added up, the longer time counts, and the wrong one is named', async () => {
	const other = bench().sandbox.addAccount({ level: 'free' });
	const credential = bench().account({
		accessToken: '={{ $json.token }}',
		tasksPerMinute: '={{ $json.rate }}',
		accountLevel: 'level4',
	});
	const item = (token: string, rate: number) => ({ json: { token, rate } });
	const { accessToken } = bench().sandbox;
	const items = [item(accessToken, 2), item(other.accessToken, 1), item(accessToken, 2), item(other.accessToken, 1), item(accessToken, 2)];
	const report = await run({ credential, items });
	expect(report).toMatchObject({ tasks: 5, minutes_to_submit: 1, minutes_to_finish: 3.5, tasks_per_minute: null, parallel_tasks: 10, problems: [] });
	expect(bench().singles).toHaveLength(2);
	const wrong = await run({ credential, items: [...items, item('sk-wrong', 2)] });
	expect(ofAll(wrong)).toEqual([expect.stringContaining('[account of item 5]')]);
});

test('Wait For Callback: all that stands against the sleep is said at once', async () => {
	const credential = bench().account({ accountLevel: 'level1' });
	const { parameters, ...more } = byCallback(['a', 'b', 'c', 'd'], {}, { credential, settings: { engineType: 'v2' } });
	const report = await run({ ...more, parameters: { ...parameters, options: { onTaskFailure: 'error' } } });
	expect(report.tasks).toBe(4);
	const words = [/engine v2/, /4 items.*only 3.*Loop Over Items.*Polling/, /"On Task Failure" is Error/];
	expect(ofAll(report)).toEqual(words.map((word) => expect.stringMatching(word) as string));
});

test('Wait For Callback: an n8n that HiDream cannot call, and items of two accounts', async () => {
	const other = bench().sandbox.addAccount({ level: 'free' });
	const credential = bench().account({ accessToken: '={{ $json.prompt }}' });
	const options = byCallback([bench().sandbox.accessToken, other.accessToken], {}, { credential });
	expect(ofAll(await run({ ...options, waitingUrl: 'ftp://n8n/webhook-waiting' }))).toEqual([
		expect.stringMatching(/resume this execution.*WEBHOOK_URL/),
		expect.stringMatching(/different HiDream accounts/),
	]);
});

test('Wait For Callback with nothing against it: no problem', async () => {
	const options = { ...byCallback(['a', 'b']), waitingUrl: 'https://n8n.example.com/webhook-waiting' };
	expect(await run(options)).toMatchObject({ tasks: 2, problems: [] });
});

test('a Wait For that there is not', async () => {
	const { parameters, ...more } = byCallback(['a']);
	expect(ofAll(await run({ ...more, parameters: { ...parameters, waitFor: 'pigeon' } }))).toEqual([expect.stringContaining('"Wait For" has an unknown value: "pigeon"')]);
});
