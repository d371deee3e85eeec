/** Limited concurrency, in order, whatever the outcomes. */
import { limitConcurrency } from '../../../nodes/async/limitConcurrency';

test('runs at most the given number concurrently; the next starts when one has ended or failed', async () => {
	const turn = limitConcurrency(2);
	const begun: number[] = [];
	const ends: Array<(failed?: Error) => void> = [];
	const work = (n: number) => async () => {
		begun.push(n);
		await new Promise<void>((resolve, reject) => (ends[n] = (failed) => (failed ? reject(failed) : resolve())));
		return n;
	};
	const all = Promise.allSettled([0, 1, 2, 3, 4].map((n) => turn(work(n))));
	const settle = async () => await new Promise((resolve) => setImmediate(resolve));
	await settle();
	expect(begun).toEqual([0, 1]);
	ends[1]?.(new Error('odd'));
	await settle();
	expect(begun).toEqual([0, 1, 2]);
	ends[0]?.();
	ends[2]?.();
	await settle();
	expect(begun).toEqual([0, 1, 2, 3, 4]);
	ends[3]?.();
	ends[4]?.();
	expect((await all).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
	const later = turn(work(5));
	await settle();
	expect(begun).toContain(5);
	ends[5]?.();
	expect(await later).toBe(5);
});
