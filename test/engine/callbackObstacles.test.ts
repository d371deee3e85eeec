/** What would make a wait by callback vain is found before anything is paid, and in a dry run. */
import type { INodeParameters } from 'n8n-workflow';
import { asReport, dry } from './support/dryRun';
import { asFailure } from './support/failures';
import { useBench, type SubmitOptions } from './support/hidream';
import { byCallback, park, useWebhooks } from './support/parking';
import { all } from './support/tasks';

const webhooks = useWebhooks();
const bench = useBench({ taskSeconds: 1000 });

const waitFor = (more: SubmitOptions, options: INodeParameters = {}): SubmitOptions => ({
	...byCallback(['a', 'b'], options),
	waitingUrl: webhooks().url,
	...more,
});

const withToken = (accessToken: string) => {
	const { accessToken: token } = bench().sandbox;
	return {
		credential: bench().account({ accessToken }),
		items: [0, 1].map((n) => ({ json: { n, prompt: String(n), token } })),
	};
};

const OBSTACLES: Array<[string, () => SubmitOptions, string[]]> = [
	['a trigger that answers with the last node', () => waitFor({ respond: 'lastNode' }), ['"Source" answers its caller', 'Respond']],
	['an execution that n8n does not save', () => waitFor({ unsaved: true }), ['no callback can resume it', 'MCP Server Trigger']],
	['a workflow timeout shorter than Max Wait', () => waitFor({ settings: { executionTimeout: 600 } }), ['cancels this execution in 10 min', 'Max Wait (Minutes)']],
	['a timeout of the instance', () => waitFor({ timeoutAt: Date.now() + 30_000 }, { maxWait: 1 }), ['cancels this execution in 1 min', 'EXECUTIONS_TIMEOUT_MAX']],
	['a token from the item', () => waitFor(withToken('={{ $json.token }}')), ['credential has an expression', '$vars']],
	['a token from another node\'s first item', () => waitFor(withToken('={{ $("Source").first().json.token }}')), ['credential has an expression', '$vars']],
	['WEBHOOK_URL without a scheme', () => ({ ...waitFor({ waitingUrl: 'n8n.example.com/webhook-waiting' }), items: [{}], parameters: { operation: 'submitAndWait', waitFor: 'callback' } }), ['no URL to resume', 'WEBHOOK_URL', 'https://']],
];

test.each(OBSTACLES)('%s', async (_, options, words) => {
	const outcome = await bench().submit(options());
	for (const part of words) expect(outcome.words).toContain(part);
	expect(bench().submits).toEqual([]);
	const { problems } = asReport((await bench().submit(dry(options()))).json());
	const said = JSON.stringify(problems.filter(({ item }) => item === null));
	for (const part of words) expect(said.replaceAll('\\"', '"')).toContain(part);
	expect(bench().submits).toEqual([]);
});

test.each<[string, () => SubmitOptions]>([
	['a trigger that answers with a response node', () => waitFor({ respond: 'responseNode' })],
	['no timeout', () => waitFor({ settings: { executionTimeout: -1 } })],
	['a timeout longer than Max Wait', () => waitFor({ settings: { executionTimeout: 3660 } })],
])('%s is no obstacle', async (_, options) => {
	await park(bench(), webhooks(), options());
	expect(bench().taskIds).toHaveLength(2);
});

test('a tool is told of the trigger in front of its agent', async () => {
	const parameters = { operation: 'submitAndWait', waitFor: 'callback' };
	const outcome = await bench().submit({ parameters, toolCalls: [{}], respond: 'lastNode', waitingUrl: webhooks().url });
	expect(JSON.stringify(outcome.items('Agent'))).toContain('answers its caller');
	expect(bench().submits).toEqual([]);
});

describe('WEBHOOK_URL without a scheme', () => {
	const waitingUrl = 'n8n.example.com/webhook-waiting';

	test('a submit with fixed values works, and Retry On Fail does not pay twice', async () => {
		bench().sandbox.faults.add({ on: 'submit', times: 1, fault: { type: 'acceptThenStatus', status: 502 } });
		const outcome = await bench().submit({ waitingUrl, retryOnFail: true });
		expect(outcome.failure.message).not.toContain('Invalid URL');
		expect(bench().taskIds).toHaveLength(1);
		expect(all((await bench().submit({ waitingUrl })).json(), 'status')).toEqual(['submitted']);
	});

	test('an expression says which variable is wrong', async () => {
		const outcome = await bench().submit({ waitingUrl, parameters: { videoUrl: '={{ $json.url }}' } });
		expect(outcome.failure.message).toContain('"Video URL" cannot be evaluated: Invalid URL');
		expect(outcome.words).toContain('WEBHOOK_URL');
		expect(bench().submits).toEqual([]);
	});
});

test.each(['?x=y', '&signature=other', '/', '%20', '#a'])('a callback to the resume URL with %s appended is heard', async (appended) => {
	await park(bench(), webhooks(), waitFor({}));
	const url = `${bench().sandbox.tasks[0]?.notifyUrl}${appended}`;
	expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(200);
	expect(webhooks().delivered).toHaveLength(1);
});

test('with On Error set to continue, an obstacle comes out as the failure of each item', async () => {
	const outcome = await bench().submit(waitFor({ respond: 'lastNode', onError: 'continueErrorOutput' }));
	expect(outcome.json()).toEqual([]);
	const failures = outcome.failures().map(asFailure);
	expect(failures.map(({ details }) => details.status)).toEqual(['invalid', 'invalid']);
	expect(failures[0]?.error).toContain('"Source" answers its caller');
	expect(bench().submits).toEqual([]);
});

test('a wait ends before n8n cancels the execution, so that the task IDs come out', async () => {
	const { waitTill } = await park(bench(), webhooks(), waitFor({ settings: { executionTimeout: 3_600 } }, { maxWait: 60 }));
	expect(waitTill.getTime()).toBeLessThanOrEqual(Date.now() + 0.95 * 3_600_000);
});
