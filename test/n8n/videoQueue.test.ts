/** The durable queue of `examples/queue.json`, in an n8n in regular mode with SQLite. */
import type { IDataObject } from 'n8n-workflow';

import type { StoredWorkflow } from '../../harness/n8n/workflow';
import { until, useN8n } from '../support/n8n';
import { queueColumns, startVideoQueue, tableName, Tables } from '../support/videoQueue';
import type { Row } from '../support/videoQueue';

jest.setTimeout(120_000);

const on = useN8n({ parallelTasks: { free: 1, level1: 3, level2: 5, level3: 7, level4: 10 } });

let tables: Tables;
let workflow: StoredWorkflow;

beforeAll(async () => {
	tables = await Tables.of(on.n8n.instance.rest);
});

afterEach(async () => {
	await on.n8n.instance.deactivate(workflow);
	await tables.remove();
});

async function start(credential: IDataObject = {}): Promise<void> {
	workflow = await startVideoQueue(on.n8n.instance, await on.n8n.credential(on.sandbox, credential as never), { schedule: 5, interrupted: 3 });
}

const send = async (body: IDataObject) => await on.n8n.instance.callWebhook('hidream-queue', body);

const video = (n: number) => `${on.sandbox.url}/media/sample.mp4?n=${n}`;

async function untilRows(what: string, condition: (rows: Row[]) => boolean): Promise<Row[]> {
	let rows: Row[] = [];
	await until(what, async () => condition((rows = await tables.rows())));
	return rows;
}

test('creates its table, submits each row once within the limits of the credential, and shows the result', async () => {
	await start({ accountLevel: 'level1' });
	const answers = await Promise.all([1, 2, 3, 4, 5].map(async (n) => await send({ video: video(n), style: 'anime' })));
	expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
	const rows = await untilRows('all rows are done', (found) => found.length === 5 && found.every(({ status }) => status === 'succeeded'));
	expect(on.sandbox.tasks).toHaveLength(5);
	expect(new Set(rows.map(({ task_id }) => task_id))).toEqual(new Set(on.sandbox.tasks.map(({ taskId }) => taskId)));
});
