import { sharedAccount } from '../../../nodes/batch/sharedAccount';
import { RATE_WINDOW_MS } from '../../../nodes/hidream/limits';

test('one for each account, the same one for every execution', () => {
	expect(sharedAccount('account-a')).toBe(sharedAccount('account-a'));
	expect(sharedAccount('account-b')).not.toBe(sharedAccount('account-a'));
	expect(sharedAccount('__proto__')).toBe(sharedAccount('__proto__'));
	expect(sharedAccount('__proto__')).not.toBe(sharedAccount('constructor'));
});

test('what one execution takes, another one of this account waits for', async () => {
	(await sharedAccount('shared').rate.take(2))?.answered();
	expect(sharedAccount('shared').rate.waitFor(1)).toBeGreaterThan(0);
	expect(sharedAccount('shared').rate.waitFor(1)).toBeLessThanOrEqual(RATE_WINDOW_MS);
	expect(sharedAccount('shared').rate.waitFor(2)).toBe(0);
	expect(sharedAccount('other').rate.waitFor(1)).toBe(0);
});

test('tasks that run and tasks of this minute are counted apart', async () => {
	const { rate, parallel } = sharedAccount('apart');
	const slot = await parallel.take(1);
	expect(rate.waitFor(1)).toBe(0);
	expect(parallel.waitFor(1)).toBe(Infinity);
	slot?.answered();
	expect(parallel.waitFor(1)).toBe(0);
});
