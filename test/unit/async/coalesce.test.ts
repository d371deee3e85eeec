/** Concurrent callers share a run, and each gets a result that is newer than its call. */
import { coalesce } from '../../../nodes/async/coalesce';

/** A run that ends when the test says so. */
function runs() {
	const ends: Array<(value: number | Error) => void> = [];
	const call = coalesce(
		async () =>
			await new Promise<number>((resolve, reject) =>
				ends.push((value) => (value instanceof Error ? reject(value) : resolve(value))),
			),
	);
	return { ends, call };
}

const turn = async () => await new Promise((resolve) => setImmediate(resolve));

test('a caller during a run shares the next run with all other callers', async () => {
	const { ends, call } = runs();
	const first = call();
	await turn();
	const late = Array.from({ length: 1000 }, async () => await call());
	expect(ends).toHaveLength(1);
	ends[0]?.(1);
	expect(await first).toBe(1);
	await turn();
	expect(ends).toHaveLength(2);
	const latest = call();
	ends[1]?.(2);
	expect(new Set(await Promise.all(late))).toEqual(new Set([2]));
	await turn();
	ends[2]?.(3);
	expect(await latest).toBe(3);
	expect(ends).toHaveLength(3);
});

test('a failed run fails only its own callers', async () => {
	const { ends, call } = runs();
	const first = call();
	await turn();
	const second = call();
	ends[0]?.(new Error('odd'));
	await expect(first).rejects.toThrow('odd');
	await turn();
	ends[1]?.(2);
	expect(await second).toBe(2);
	const third = call();
	await turn();
	ends[2]?.(3);
	expect(await third).toBe(3);
});
