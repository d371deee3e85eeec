/** What HiDream is answered when it calls an execution that sleeps. Used in every mode and version of n8n. */
import type { Sandbox } from '../../sandbox';
import { until } from './n8n';

/**
 * Besides our 200, n8n has two answers of its own to callbacks that come together: 409 when the execution is awake
 * already, and 500 when it wakes between n8n's reading of the execution and of its data.
 */
const answersOfN8n = [200, 409, 500];

/** Asserts that one call at least was answered by us, and that all the others were answered so, or by n8n. */
export function expectHeard(statuses: ReadonlyArray<number | undefined>): void {
	expect(statuses).toContain(200);
	// Strictly: to toEqual, a list of one undefined is an empty one.
	expect(statuses.filter((status) => status === undefined || !answersOfN8n.includes(status))).toStrictEqual([]);
}

/** Waits until each task's callback has been answered, and asserts the same of these answers. */
export async function expectAllHeard({ tasks }: Sandbox): Promise<void> {
	await until('all callbacks are answered', () => tasks.every(({ callbacks }) => callbacks.length > 0));
	expectHeard(tasks.flatMap(({ callbacks }) => callbacks.map(({ status }) => status)));
}
