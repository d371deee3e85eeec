/** An AI agent calls the node as a tool: it sees output items, and of an error its message only. */
import type { Outcome } from '../../harness/engine';
import { useBench } from './support/hidream';

const bench = useBench();
const parameters = { videoUrl: '={{ $json.video }}' };
const video = (name: string) => ({ video: `https://videos.example.com/${name}.mp4` });

test('each call makes its task', async () => {
	const outcome = await bench().submit({ parameters, toolCalls: [video('a'), video('b')] });
	expect(outcome.error).toBeUndefined();
	expect(outcome.items('Agent').map(({ json }) => json['task_id'])).toEqual(bench().taskIds);
	expect(bench().taskIds).toHaveLength(2);
});

test('the same call again gives the same task: an agent that repeats itself pays once', async () => {
	const outcome = await bench().submit({ parameters, toolCalls: [video('a'), video('a')] });
	const [id] = bench().taskIds;
	expect(outcome.items('Agent')).toMatchObject([{ json: { task_id: id } }, { json: { task_id: id } }]);
	expect(bench().taskIds).toHaveLength(1);
});

test('the message of an error says what happened and what to do', async () => {
	bench().sandbox.faults.add({ on: 'submit', times: Infinity, fault: { type: 'code', code: 2007, message: 'no credits' } });
	const outcome = await bench().submit({ parameters, toolCalls: [video('a')] });
	const said = JSON.stringify(outcome.items('Agent'));
	expect(said).toContain('2007');
	expect(said).toMatch(/credits/);
	expect(bench().taskIds).toEqual([]);
});

test('an uncertain call gives the request_id to the agent and is not sent again', async () => {
	bench().sandbox.faults.add({ on: 'submit', times: 1, fault: { type: 'acceptThenStatus', status: 502 } });
	const outcome = await bench().submit({ parameters, toolCalls: [video('a'), video('a')] });
	const requestId = bench().sandbox.tasks[0]?.requestId ?? 'none';
	expect(JSON.stringify(outcome.items('Agent')[0])).toContain(requestId);
	expect(bench().taskIds).toHaveLength(1);
	expect(bench().submits).toHaveLength(1);
});

describe('the same call twice in one instant', () => {
	const fromAi = { videoUrl: '={{ $fromAI("video", "The link", "string") }}' };
	const said = (outcome: Outcome) => outcome.items('Agent').map(({ json }) => String(json['said']));

	test('makes one task, and both calls get its ID', async () => {
		const outcome = await bench().submit({ parameters: fromAi, toolCalls: [video('a'), video('a')], atOnce: true });
		expect(bench().submits).toHaveLength(1);
		expect(bench().taskIds).toHaveLength(1);
		expect(said(outcome).map((text) => JSON.parse(text) as unknown)).toMatchObject([
			[{ task_id: bench().taskIds[0], status: 'submitted' }],
			[{ task_id: bench().taskIds[0], status: 'submitted' }],
		]);
	});

	test('that gets no clear answer is sent once, and both calls are told the request_id', async () => {
		bench().sandbox.faults.add({ on: 'submit', times: Infinity, fault: { type: 'acceptThenStatus', status: 502 } });
		const outcome = await bench().submit({ parameters: fromAi, toolCalls: [video('a'), video('a')], atOnce: true });
		expect(bench().submits).toHaveLength(1);
		expect(bench().taskIds).toHaveLength(1);
		const requestId = bench().sandbox.tasks[0]?.requestId ?? 'none';
		expect(said(outcome)).toEqual([expect.stringContaining(requestId), expect.stringContaining(requestId)]);
	});

	test('for different videos makes a task of each', async () => {
		const outcome = await bench().submit({ parameters: fromAi, toolCalls: [video('a'), video('b')], atOnce: true });
		expect(bench().taskIds).toHaveLength(2);
		for (const id of bench().taskIds) expect(said(outcome).join()).toContain(id);
	});
});
