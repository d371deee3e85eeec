import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for a condition; the test's own timeout is the limit. */
export async function untilTrue(condition: () => boolean): Promise<void> {
	while (!condition()) await sleep(5);
}
