import { runPool } from '../../../nodes/batch/pool';
import { isSettled, settle } from '../support/simulatedClock';

/** Work that ends when the test says so. */
function handWork() {
	const started: number[] = [];
	const ends = new Map<number, { stop: () => void; goOn: () => void; fail: (error: Error) => void }>();
	const work = async (index: number) =>
		await new Promise<'go on' | 'stop'>((resolve, reject) => {
			started.push(index);
			ends.set(index, { stop: () => resolve('stop'), goOn: () => resolve('go on'), fail: reject });
		});
	const end = (index: number) => {
		const handle = ends.get(index);
		if (!handle) throw new Error(`Item ${index} has not been started`);
		return handle;
	};
	return { started, work, end };
}

test('in order, no more at once than allowed', async () => {
	const { started, work, end } = handWork();
	const run = runPool(5, 2, work);
	expect(started).toEqual([0, 1]);
	end(1).goOn();
	await settle();
	expect(started).toEqual([0, 1, 2]);
	end(0).goOn();
	await settle();
	expect(started).toEqual([0, 1, 2, 3]);
	for (const index of [2, 3]) end(index).goOn();
	await settle();
	end(4).goOn();
	await run;
	expect(started).toEqual([0, 1, 2, 3, 4]);
});

test('more lanes than items', async () => {
	const { started, work, end } = handWork();
	const run = runPool(2, 100, work);
	expect(started).toEqual([0, 1]);
	end(0).goOn();
	end(1).goOn();
	await run;
});

test('no items', async () => {
	await expect(runPool(0, 3, async () => Promise.reject(new Error('nothing to do')))).resolves.toBeUndefined();
});

test('stop: nothing new starts, and what is under way is awaited', async () => {
	const { started, work, end } = handWork();
	const run = runPool(9, 3, work);
	end(1).stop();
	await settle();
	end(0).goOn();
	expect(await isSettled(run)).toBe(false);
	end(2).goOn();
	await run;
	expect(started).toEqual([0, 1, 2]);
});

test('"go on" after "stop" does not start anything again', async () => {
	const { started, work, end } = handWork();
	const run = runPool(9, 2, work);
	end(0).stop();
	await settle();
	end(1).goOn();
	await run;
	expect(started).toEqual([0, 1]);
});

test('an error: nothing new starts, what is under way is awaited, then it is thrown', async () => {
	const { started, work, end } = handWork();
	const run = runPool(9, 2, work);
	run.catch(() => undefined);
	end(1).fail(new Error('broken'));
	expect(await isSettled(run)).toBe(false);
	end(0).goOn();
	await expect(run).rejects.toThrow('broken');
	expect(started).toEqual([0, 1]);
});

test('two errors: the first to happen is thrown', async () => {
	const { work, end } = handWork();
	const run = runPool(2, 2, work);
	run.catch(() => undefined);
	end(1).fail(new Error('first'));
	await settle();
	end(0).fail(new Error('second'));
	await expect(run).rejects.toThrow('first');
});
