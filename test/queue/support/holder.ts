/** A process that creates what a suite creates, prints "ready", and waits to be killed. */
import { temporaryFolder } from '../../../harness/guard';
import { redisCommand } from '../../../harness/n8nQueueRedis';
import { openQueueStore } from '../../../harness/n8nQueueStore';
import { start } from '../../../harness/processes';

async function hold(): Promise<void> {
	const { name, redis } = await openQueueStore();
	await redisCommand(redis, 'SET', `${name}:bull:key`, 'value');
	const cwd = await temporaryFolder('held');
	start(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { cwd, stdio: 'ignore' });
	console.log('ready');
	setInterval(() => undefined, 1_000);
}

hold().catch((error: unknown) => {
	console.error(error);
	process.exit(1);
});
