import { request } from 'undici';
import { END, Marks } from '../../../bench/n8n/marks';

describe('marks', () => {
	let marks: Marks;
	beforeEach(async () => {
		marks = await Marks.open();
	});
	afterEach(async () => await marks.close());

	const pass = async (name: string): Promise<void> => {
		const { body } = await request(marks.url(name), { method: 'POST' });
		await body.dump();
	};

	// The benchmark reads /proc.
	if (process.platform === 'linux') {
		it('measure a process from each to the next', async () => {
			const { result, spans } = await marks.watch(process.pid, async () => {
				await pass('first');
				await pass('second');
				const kept = Buffer.alloc(64 * 1024 * 1024, 1);
				await pass(END);
				return kept.length;
			});
			expect(result).toBe(64 * 1024 * 1024);
			expect(Object.keys(spans)).toEqual(['first', 'second']);
			const { first, second } = spans;
			expect((second?.peakMiB ?? 0) - (second?.startMiB ?? 0)).toBeGreaterThan(60);
			expect((first?.peakMiB ?? 0) - (first?.startMiB ?? 0)).toBeLessThan(60);
		});

		it('end the last span with the work where no mark did', async () => {
			const { spans } = await marks.watch(process.pid, async () => await pass('only'));
			expect(spans['only']?.ms).toBeGreaterThan(0);
		});
	}

	it('are heard and forgotten while nobody watches', async () => {
		await pass('early');
		const { spans } = await marks.watch(process.pid, async () => undefined);
		expect(spans).toEqual({});
	});
});
