/** All connections of n8n's processes to Redis, or to PostgreSQL, break at a bad moment; the service itself goes on. */
import type { INodeParameters } from 'n8n-workflow';

import { postgresAddress, redisAddress } from '../../harness/n8nQueueStore';
import { expectHeard } from '../support/callbacks';
import { until, useOpened } from '../support/n8n';
import { byUrl, videoItem } from '../support/workflows';
import { TestQueue } from './support/queue';
import type { Link } from './support/link';
import { openLink } from './support/link';
import { expectAllSucceeded, settleAll } from './support/tasks';

jest.setTimeout(300_000);

describe.each([
	// Each of the four processes keeps one to Redis at the least, and opens those to PostgreSQL as it needs them.
	{ service: 'Redis', address: redisAddress(), usualPort: 6379, settings: 'QUEUE_BULL_REDIS', connections: 4 },
	{ service: 'PostgreSQL', address: postgresAddress(), usualPort: 5432, settings: 'DB_POSTGRESDB', connections: 1 },
])('to $service', ({ address, usualPort, settings, connections }) => {
	let link: Link;

	beforeAll(async () => {
		link = await openLink(address.hostname, Number(address.port || usualPort));
	});
	afterAll(async () => await link.close());

	const on = useOpened(
		async () => await TestQueue.open({ [`${settings}_HOST`]: '127.0.0.1', [`${settings}_PORT`]: String(link.port) }),
		// HiDream calls three times, within about 2 s; this one calls until it is heard.
		{ taskSeconds: 3_600, callbackTries: Infinity },
	);

	const expectCut = (): void => expect(link.cut()).toBeGreaterThanOrEqual(connections);

	// Where a connection to PostgreSQL broke, n8n answers everybody 503 until it has asked again, which it does every 2 s.
	beforeEach(async () => {
		const isReady = async (url: string): Promise<boolean> => (await fetch(`${url}/healthz/readiness`)).ok;
		const { url, mainUrl } = on.n8n.instance;
		await until('n8n has its connections', async () => (await isReady(url)) && (await isReady(mainUrl)));
	});

	const asked = (): number => on.sandbox.requests.filter(({ endpoint }) => endpoint === 'batch').length;

	test('in the middle of a batch and of a poll: all videos are submitted once, and all come out', async () => {
		const options = { pollInterval: 2 };
		const parameters: INodeParameters = { ...byUrl, operation: 'submitAndWait', waitFor: 'polling', options };
		on.sandbox.faults.add({ on: 'submit', times: Infinity, fault: { type: 'slow', delayMs: 300 } });
		const id = await on.n8n.started(on.sandbox, parameters, Array.from({ length: 6 }, (_, i) => videoItem(i + 1)));
		await until('some are submitted', () => on.sandbox.tasks.length === 2);
		expectCut();
		await until('all are submitted', () => on.sandbox.tasks.length === 6);
		const before = asked();
		await until('the worker asks about them', () => asked() > before);
		expectCut();
		settleAll(on.sandbox);
		expectAllSucceeded(on.sandbox, await on.n8n.instance.execution(id));
		expect(on.sandbox.tasks).toHaveLength(6);
	});

	test('while an execution sleeps, just before the callbacks: they wake it once n8n hears them', async () => {
		const id = await on.n8n.parked(on.sandbox, { ...byUrl, operation: 'submitAndWait', waitFor: 'callback' }, 3);
		expectCut();
		settleAll(on.sandbox);
		const answers = () => on.sandbox.tasks.map(({ callbacks }) => callbacks.map(({ status }) => status).filter((status) => status !== 503));
		await until('all callbacks are heard', () => answers().every(({ length }) => length > 0));
		expectHeard(answers().flat());
		expectAllSucceeded(on.sandbox, await on.n8n.instance.execution(id));
	});
});
