/** The line: first come, first served, also when some give up or are put back; nobody is held up for nothing. */
import { isSettled, settle } from '../support/simulatedClock';
import { reject } from '../support/reject';
import { WINDOW_MS } from '../support/submissionBench';
import { atOnce, LineBench, perMinute } from './support';

test('first come, first served, between executions', async () => {
	const bench = new LineBench();
	await bench.clock.run(Promise.all(['a', 'b', 'c', 'd'].map(async (name) => await bench.ask(name, perMinute(1)))));
	expect(bench.order).toEqual(['a@0', 'b@60000', 'c@120000', 'd@180000']);
});

describe('who was refused for now', () => {
	const patience = { maxRetryMs: 1e9 };

	test('keeps its place before those who came later', async () => {
		const bench = new LineBench();
		const first = await bench.acquire(perMinute(1));
		const others = [bench.ask('b', perMinute(1)), bench.ask('c', perMinute(1))];
		reject(first, patience);
		const again = bench.ask('a', perMinute(1), { ticket: first?.ticket });
		await bench.clock.run(Promise.all([...others, again]));
		expect(bench.order).toEqual(['a@2000', 'b@62000', 'c@122000']);
	});

	test('keeps its place, in whatever order several come back', async () => {
		const bench = new LineBench();
		const leaves = await Promise.all(['a', 'b', 'c'].map(async () => await bench.acquire(perMinute(3))));
		for (const leave of leaves) reject(leave, patience);
		const last = bench.ask('d', perMinute(1));
		const [a, b, c] = leaves.map((leave) => leave?.ticket);
		const back = [bench.ask('b', perMinute(1), { ticket: b }), bench.ask('c', perMinute(1), { ticket: c }), bench.ask('a', perMinute(1), { ticket: a })];
		await bench.clock.run(Promise.all([...back, last]));
		expect(bench.order).toEqual(['a@2000', 'b@62000', 'c@122000', 'd@182000']);
	});
});

describe('a place that somebody waits for is not taken from behind', () => {
	test('of the minute, by a higher limit', async () => {
		const bench = new LineBench();
		await bench.ask('first', perMinute(1));
		await bench.clock.run(Promise.all([bench.ask('low', perMinute(1)), bench.ask('high', perMinute(5))]));
		expect(bench.order).toEqual(['first@0', 'low@60000', 'high@60000']);
	});

	test('among the tasks that run, by a higher limit', async () => {
		const bench = new LineBench();
		const ends = [bench.scheduler.adopt(), bench.scheduler.adopt()];
		void bench.ask('low', atOnce(1));
		void bench.ask('high', atOnce(5));
		for (const end of ends) {
			await bench.clock.advance(1_000);
			expect(bench.order).toEqual([]);
			end();
		}
		await settle();
		expect(bench.order).toEqual(['low@2000', 'high@2000']);
	});

	test('among the tasks that run, while the one ahead waits for the minute', async () => {
		const bench = new LineBench();
		await bench.ask('first', perMinute(1));
		void bench.ask('paced', atOnce(1, 1));
		void bench.ask('unpaced', atOnce(1));
		await bench.clock.advance(WINDOW_MS);
		expect(bench.order).toEqual(['first@0', 'paced@60000']);
	});
});

describe('one who waits only for a task to end', () => {
	test('holds up no plain submit', async () => {
		const bench = new LineBench();
		bench.scheduler.adopt();
		void bench.ask('waits', atOnce(1, 2));
		await bench.clock.run(Promise.all(['a', 'b', 'c'].map(async (name) => await bench.ask(name, perMinute(2)))));
		expect(bench.order).toEqual(['a@0', 'b@0', 'c@60000']);
	});

	test('holds up no plain submit of the next minute, though this one was full when it came', async () => {
		const bench = new LineBench();
		bench.scheduler.adopt();
		await bench.ask('first', perMinute(1));
		void bench.ask('waits', atOnce(1, 1));
		await bench.clock.run(bench.ask('a', perMinute(1)));
		expect(bench.order).toEqual(['first@0', 'a@60000']);
	});

	test('has the next place of the minute once the task has ended', async () => {
		const bench = new LineBench();
		const end = bench.scheduler.adopt();
		await bench.ask('first', perMinute(1));
		const asked = [bench.ask('waits', atOnce(1, 1)), bench.ask('a', perMinute(1)), bench.ask('b', perMinute(1))];
		await bench.clock.advance(70_000);
		end();
		await bench.clock.run(Promise.all(asked));
		expect(bench.order).toEqual(['first@0', 'a@60000', 'waits@120000', 'b@180000']);
	});
});

describe('cancelled', () => {
	test.each([
		['in the middle', 'c', ['a@0', 'c@cancelled', 'b@60000', 'd@120000']],
		['at the head', 'b', ['a@0', 'b@cancelled', 'c@60000', 'd@120000']],
		['at the end', 'd', ['a@0', 'd@cancelled', 'b@60000', 'c@120000']],
	])('%s: it leaves at once, and nobody passes early', async (_, name, order) => {
		const bench = new LineBench();
		const cancel = new AbortController();
		const asked = ['a', 'b', 'c', 'd'].map((who) => ({
			who,
			ask: bench.ask(who, perMinute(1), { signal: who === name ? cancel.signal : undefined }),
		}));
		await bench.clock.advance(10_000);
		cancel.abort();
		expect(await isSettled(Promise.all(asked.filter(({ who }) => who === name).map(({ ask }) => ask)))).toBe(true);
		await bench.clock.run(Promise.all(asked.map(({ ask }) => ask)));
		expect(bench.order).toEqual(order);
	});

	test('who had only waited for it goes at once', async () => {
		const bench = new LineBench();
		const cancel = new AbortController();
		await bench.ask('a', perMinute(1));
		void bench.ask('low', perMinute(1), { signal: cancel.signal });
		void bench.ask('high', perMinute(5));
		await bench.clock.advance(10_000);
		cancel.abort();
		await settle();
		expect(bench.order).toEqual(['a@0', 'low@cancelled', 'high@10000']);
	});

	test('a whole run: none of it is let go on the way out, and no place is lost', async () => {
		const bench = new LineBench();
		const cancel = new AbortController();
		await bench.ask('a', perMinute(1));
		const run = [atOnce(1, 1), atOnce(1, 5), atOnce(1, 0)].map(
			async (limits, n) => await bench.ask(`run-${n}`, limits, { signal: cancel.signal }),
		);
		await bench.clock.advance(10_000);
		cancel.abort();
		expect(await Promise.all(run)).toEqual([undefined, undefined, undefined]);
		expect(bench.roomIn(atOnce(1, 2))).toBe(0);
	});

	test('before it asks: no place is taken, and nobody is waited for', async () => {
		const bench = new LineBench();
		await bench.ask('a', perMinute(1));
		void bench.ask('b', perMinute(1));
		expect(await bench.acquire(perMinute(1), { signal: AbortSignal.abort() })).toBeUndefined();
		expect(await bench.acquire(perMinute(0), { signal: AbortSignal.abort() })).toBeUndefined();
		expect(bench.order).toEqual(['a@0']);
	});
});
