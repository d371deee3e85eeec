/** One holder of a name at a time, in order. */
import { acquireLock, isLocked } from '../../../nodes/async/keyedLock';
import { isSettled, settle } from '../support/simulatedClock';

test('the holders of a name take turns, also those that come after a release', async () => {
	const first = acquireLock('turns');
	const second = acquireLock('turns');
	first.release();
	await second.acquired;
	await settle();
	const third = acquireLock('turns');
	expect(await isSettled(third.acquired)).toBe(false);
	second.release();
	await third.acquired;
	third.release();
});

test('a name is free when all have released it, whether they waited for their turn or not', async () => {
	const locks = [acquireLock('free'), acquireLock('free')];
	locks.forEach(({ release }) => release());
	expect(isLocked('free')).toBe(true);
	await settle();
	expect(isLocked('free')).toBe(false);
});

test('different names do not wait for each other', async () => {
	const { release } = acquireLock('one');
	expect(await isSettled(acquireLock('another').acquired)).toBe(true);
	release();
});
