/** Responses to HiDream's callbacks of a suspended execution. Used in every mode and version of n8n. */
import type { Sandbox } from '../../sandbox';
import { until } from './n8n';

/**
 * Besides our 200, n8n has two responses of its own to concurrent callbacks: 409 if the execution has already been
 * resumed, and 500 if it is resumed between n8n's reading of the execution and of its data.
 */
const answersOfN8n = [200, 409, 500];

/** Asserts that we responded to at least one call, and that all others got our response or one of n8n's. */
export function expectHeard(statuses: ReadonlyArray<number | undefined>): void {
	expect(statuses).toContain(200);
	// Strictly: for toEqual, a list of one undefined is an empty one.
	expect(statuses.filter((status) => status === undefined || !answersOfN8n.includes(status))).toStrictEqual([]);
}

/** Waits until each task's callback has a response, and asserts the same of these responses. */
export async function expectAllHeard({ tasks }: Sandbox): Promise<void> {
	await until('all callbacks have a response', () => tasks.every(({ callbacks }) => callbacks.length > 0));
	expectHeard(tasks.flatMap(({ callbacks }) => callbacks.map(({ status }) => status)));
}
