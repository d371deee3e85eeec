/** Two tasks a minute, counted over all executions of the process that use one account. */
import { setTimeout as sleep } from 'node:timers/promises';
import { useBench } from './support/hidream';

const bench = useBench();
/** Long enough for a submit that nothing holds back, by two orders of magnitude. */
const WHILE = 1_000;

test('another execution of the same account waits for a free place, one of another account does not', async () => {
	const credential = bench().account({ tasksPerMinute: 2 });
	await bench().submit({ items: [{}, {}], credential });
	const held = await bench().start({ credential });
	const { accessToken } = bench().sandbox.addAccount();
	await bench().submit({ credential: bench().account({ tasksPerMinute: 2, accessToken }) });
	await sleep(WHILE);
	expect(bench().taskIds).toHaveLength(3);
	held.cancel();
	await held.outcome();
	expect(bench().submits).toHaveLength(3);
});

test('the same account by another spelling of the Base URL is the same account', async () => {
	await bench().submit({ items: [{}, {}], credential: bench().account({ tasksPerMinute: 2 }) });
	const baseUrl = `${bench().sandbox.url}/`;
	const held = await bench().start({ credential: bench().account({ tasksPerMinute: 2, baseUrl }) });
	await sleep(WHILE);
	held.cancel();
	await held.outcome();
	expect(bench().submits).toHaveLength(2);
});

test('the option beats the credential; 0 = no pacing', async () => {
	const credential = bench().account({ tasksPerMinute: 1 });
	const outcome = await bench().submit({ items: [{}, {}, {}], credential, parameters: { options: { tasksPerMinute: 0 } } });
	expect(outcome.error).toBeUndefined();
	expect(bench().taskIds).toHaveLength(3);
});
