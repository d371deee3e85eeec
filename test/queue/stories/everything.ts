import { expectAllHeard } from '../../support/callbacks';
import type { QueueContext } from '../support/queue';
import { expectAllSucceeded, settleAll } from '../support/tasks';
import { byCallback } from '../../support/suspended';

/** kill -9 of all processes at the same time. */
export function everything(on: QueueContext): void {
	test('while an execution is suspended: after a restart the callbacks resume it', async () => {
		const { instance } = on.n8n;
		const id = await on.n8n.suspended(on.sandbox, byCallback, 3);
		await Promise.all([instance, instance.webhook, ...instance.workers].map(async (each) => await each.kill()));
		expect(await instance.executionStatus(id)).toBe('waiting');
		await instance.startMissing();
		settleAll(on.sandbox);
		expectAllSucceeded(on.sandbox, await instance.execution(id));
		await expectAllHeard(on.sandbox);
	});
}
