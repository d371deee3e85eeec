/** The node as a tool of an AI agent. */
import type { RunOutcome } from '../../harness/engine';
import { useEngine } from './support/engine';

const engine = useEngine();
const parameters = { videoUrl: '={{ $json.video }}' };
const video = (name: string) => ({ video: `https://videos.example.com/${name}.mp4` });

test('each call creates its own task', async () => {
	const outcome = await engine().submit({ parameters, toolCalls: [video('a'), video('b')] });
	expect(outcome.error).toBeUndefined();
	expect(outcome.items('Agent').map(({ json }) => json['task_id'])).toEqual(engine().taskIds);
	expect(engine().taskIds).toHaveLength(2);
});

test('a repeated call returns the same task and is paid once', async () => {
	const outcome = await engine().submit({ parameters, toolCalls: [video('a'), video('a')] });
	const [id] = engine().taskIds;
	expect(outcome.items('Agent')).toMatchObject([{ json: { task_id: id } }, { json: { task_id: id } }]);
	expect(engine().taskIds).toHaveLength(1);
});

test('the message of an error says what happened and what to do', async () => {
	engine().sandbox.faults.add({ on: 'submit', times: Infinity, fault: { type: 'code', code: 2007, message: 'no credits' } });
	const outcome = await engine().submit({ parameters, toolCalls: [video('a')] });
	const said = JSON.stringify(outcome.items('Agent'));
	expect(said).toContain('2007');
	expect(said).toMatch(/credits/);
	expect(engine().taskIds).toEqual([]);
});

test('an uncertain call gives the request_id to the agent and is not sent again', async () => {
	engine().sandbox.faults.add({ on: 'submit', times: 1, fault: { type: 'acceptThenStatus', status: 502 } });
	const outcome = await engine().submit({ parameters, toolCalls: [video('a'), video('a')] });
	const requestId = engine().sandbox.tasks[0]?.requestId ?? 'none';
	expect(JSON.stringify(outcome.items('Agent')[0])).toContain(requestId);
	expect(engine().taskIds).toHaveLength(1);
	expect(engine().submits).toHaveLength(1);
});

describe('the same call twice at the same time', () => {
	const fromAi = { videoUrl: '={{ $fromAI("video", "The link", "string") }}' };
	const said = (outcome: RunOutcome) => outcome.items('Agent').map(({ json }) => String(json['said']));

	test('makes one task, and both calls get its ID', async () => {
		const outcome = await engine().submit({ parameters: fromAi, toolCalls: [video('a'), video('a')], concurrent: true });
		expect(engine().submits).toHaveLength(1);
		expect(engine().taskIds).toHaveLength(1);
		expect(said(outcome).map((text) => JSON.parse(text) as unknown)).toMatchObject([
			[{ task_id: engine().taskIds[0], status: 'submitted' }],
			[{ task_id: engine().taskIds[0], status: 'submitted' }],
		]);
	});

	test('is sent once when the response is unclear, and both calls get the request_id', async () => {
		engine().sandbox.faults.add({ on: 'submit', times: Infinity, fault: { type: 'acceptThenStatus', status: 502 } });
		const outcome = await engine().submit({ parameters: fromAi, toolCalls: [video('a'), video('a')], concurrent: true });
		expect(engine().submits).toHaveLength(1);
		expect(engine().taskIds).toHaveLength(1);
		const requestId = engine().sandbox.tasks[0]?.requestId ?? 'none';
		expect(said(outcome)).toEqual([expect.stringContaining(requestId), expect.stringContaining(requestId)]);
	});

	test('creates one task for each of several videos', async () => {
		const outcome = await engine().submit({ parameters: fromAi, toolCalls: [video('a'), video('b')], concurrent: true });
		expect(engine().taskIds).toHaveLength(2);
		for (const id of engine().taskIds) expect(said(outcome).join()).toContain(id);
	});
});
