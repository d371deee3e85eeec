import { expectHeard } from '../../support/callbacks';
import { until } from '../../support/n8n';
import { videoItem } from '../../support/workflows';
import type { QueueContext } from '../support/queue';
import { byPolling, expectAllSucceeded, requestsTo, settleAll } from '../support/tasks';
import { byCallback } from '../../support/suspended';

/** All connections of n8n's processes to a service break at a bad moment; the service itself keeps running. */
export function connections(on: QueueContext, service: 'Redis' | 'PostgreSQL'): void {
	// Each of the four processes keeps at least one to Redis, and opens those to PostgreSQL when it needs them.
	const fewest = { Redis: 4, PostgreSQL: 1 }[service];
	const cut = (): void => expect(on.n8n.links[service].cut()).toBeGreaterThanOrEqual(fewest);

	// After a lost connection to PostgreSQL, n8n responds 503 to everything until its next check, every 2 s.
	beforeEach(async () => {
		const isReady = async (url: string): Promise<boolean> => (await fetch(`${url}/healthz/readiness`)).ok;
		const { url, mainUrl } = on.n8n.instance;
		await until('n8n is connected', async () => (await isReady(url)) && (await isReady(mainUrl)));
	});

	test('in the middle of a batch and of a poll: all videos are submitted once and are in the output', async () => {
		on.sandbox.faults.add({ on: 'submit', times: Infinity, fault: { type: 'slow', delayMs: 300 } });
		const id = await on.n8n.started(on.sandbox, byPolling, Array.from({ length: 6 }, (_, i) => videoItem(i + 1)));
		await until('some are submitted', () => on.sandbox.tasks.length === 2);
		cut();
		await until('all are submitted', () => on.sandbox.tasks.length === 6);
		const before = requestsTo(on.sandbox, 'batch');
		await until('the worker polls', () => requestsTo(on.sandbox, 'batch') > before);
		cut();
		settleAll(on.sandbox);
		expectAllSucceeded(on.sandbox, await on.n8n.instance.execution(id));
		expect(on.sandbox.tasks).toHaveLength(6);
	});

	test('while an execution is suspended, just before the callbacks: they resume it as soon as n8n is connected again', async () => {
		const id = await on.n8n.suspended(on.sandbox, byCallback, 3);
		cut();
		settleAll(on.sandbox);
		const responses = () => on.sandbox.tasks.map(({ callbacks }) => callbacks.map(({ status }) => status).filter((status) => status !== 503));
		await until('all callbacks have a response', () => responses().every(({ length }) => length > 0));
		expectHeard(responses().flat());
		expectAllSucceeded(on.sandbox, await on.n8n.instance.execution(id));
	});
}
