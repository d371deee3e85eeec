/** The schemas that n8n shows before a node has run, compared with the outputs: no missing and no extra field. */
import type { IDataObject } from 'n8n-workflow';
import { StylizeVideoTrigger } from '../../nodes/StylizeVideoTrigger/StylizeVideoTrigger.node';
import { StylizeVideo } from '../../nodes/StylizeVideo/StylizeVideo.node';
import { expectShape, otherShape, outputSchema } from '../support/outputSchemas';
import { callTrigger, tasksAre } from '../unit/support/webhookFunctions';
import { useDeduplicator } from '../../harness/engine/deduplicator';
import { asCheck, asFailure, reportOf } from './support/outputs';
import { useEngine, type SubmitOptions } from './support/engine';
import { downloading, makeTask } from './support/tasks';
import { waiting } from './support/waiting';

const engine = useEngine({ taskSeconds: 0.1 });
const { description } = new StylizeVideo();

beforeAll(async () => {
	await useDeduplicator();
});

/** Items to submit, one with the key of the first, and one over the rate limit. */
const allOutcomes = (more: SubmitOptions): SubmitOptions => ({
	...more,
	items: ['a', 'a', 'b', 'c'].map((key) => ({ json: { key, prompt: `calm ${key}` } })),
	credential: engine().account({ tasksPerMinute: 2, accountLevel: 'level4' }),
	parameters: {
		...more.parameters,
		options: { whenLimitReached: 'return', idempotencyKey: `={{ $json.key }} ${String(more.parameters?.['operation'])}`, pollInterval: 0.05 },
	},
});

async function outputsOf(options: SubmitOptions): Promise<IDataObject[]> {
	const outcome = await engine().submit(options);
	expect(outcome.error).toBeUndefined();
	return outcome.json();
}

test('Submit', async () => {
	expectShape(await outputsOf(allOutcomes({ parameters: { operation: 'submit' } })), outputSchema('StylizeVideo', description, 'submit'));
});

test('Submit and Wait', async () => {
	const held = await outputsOf(allOutcomes({ parameters: { operation: 'submitAndWait' } }));
	const prompts = ['calm', '[fail]', '[reject]', '[never]'];
	engine().sandbox.faults.add({ on: 'video', times: Infinity, fault: { type: 'status', status: 404 } });
	const waited = await outputsOf(waiting(prompts, { maxWait: 0.02 }, { parameters: { downloadVideo: true } }));
	expectShape([...held, ...waited], outputSchema('StylizeVideo', description, 'submitAndWait'));
});

test('Get Result', async () => {
	const { sandbox } = engine();
	const ends = ['succeeded', 'failed', 'rejected', { status: 2 }, { status: 0 }] as const;
	const ids = await Promise.all(ends.map(async () => await makeTask(sandbox, '[never]')));
	ends.forEach((end, n) => sandbox.settle(ids[n] ?? '', end));
	sandbox.faults.add({ on: 'video', times: Infinity, fault: { type: 'status', status: 404 } });
	expectShape(await outputsOf(downloading([...ids, 'unknown'])), outputSchema('StylizeVideo', description, 'getResult'));
});

test('the trigger', async () => {
	const heard = async (status: number, more: object = {}) =>
		(await callTrigger({ body: { task_id: `task-${status}` }, query: { order: '17' }, service: tasksAre(status), ...more })).item;
	const download = { parameters: { downloadVideo: true }, media: async () => await Promise.reject(new Error('gone')) };
	const items = [await heard(1, download), await heard(3), await heard(4)];
	expectShape(items, outputSchema('StylizeVideoTrigger', new StylizeVideoTrigger().description));
});

describe('outputs without a result', () => {
	const three = { items: [1, 2, 3].map((n) => ({ json: { n } })) };

	test('failed items', async () => {
		const onError = 'continueErrorOutput';
		const { faults } = engine().sandbox;
		const invalid = await engine().submit({ parameters: { videoUrl: 'nowhere' }, onError });
		faults.add({ on: 'submit', fault: { type: 'code', code: 2007 } });
		const refused = await engine().submit({ ...three, onError });
		faults.add({ on: 'submit', fault: { type: 'reset', when: 'afterAccept' } });
		const uncertain = await engine().submit({ onError });
		faults.add({ on: 'submit', fault: { type: 'code', code: 'insufficient_credits' } });
		const refusedItems = await engine().submit({ onError });
		const ended = await engine().submit(waiting(['[fail]', '[reject]'], { onTaskFailure: 'error' }, { onError }));
		faults.add({ on: 'any', times: Infinity, fault: { type: 'status', status: 502 } });
		const unanswered = await engine().submit(downloading(['task-1'], { onError }));
		const failures = [invalid, refused, uncertain, refusedItems, ended, unanswered].flatMap((outcome) => outcome.failures());
		expectShape(failures.map(asFailure), otherShape('failure'));
	});

	test('the report of Check', async () => {
		const reports = [
			await engine().submit(asCheck({ ...three, parameters: { videoUrl: '={{ $json.n === 1 ? "nowhere" : "https://videos.example.com/a.mp4" }}' } })),
			await engine().submit(asCheck({ ...three, credential: engine().account({ tasksPerMinute: '={{ $json.n }}', accountLevel: '={{ `level${$json.n % 2 + 1}` }}', accessToken: '={{ `sk-${$json.n}` }}' }) })),
			await engine().submit(asCheck({ ...three, limits: { accountLevel: 'level1' } })),
			await engine().submit(asCheck({ credential: engine().account({ accessToken: 'wrong' }) })),
		];
		expectShape(reports.map(reportOf), outputSchema('StylizeVideo', description, 'check'));
	});
});
