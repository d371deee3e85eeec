import { pacerFor } from '../../../nodes/batch/pacers';
import { RATE_WINDOW_MS } from '../../../nodes/hidream/limits';

test('one pacer for each account, the same one for every execution', () => {
	expect(pacerFor('account-a')).toBe(pacerFor('account-a'));
	expect(pacerFor('account-b')).not.toBe(pacerFor('account-a'));
	expect(pacerFor('__proto__')).toBe(pacerFor('__proto__'));
	expect(pacerFor('__proto__')).not.toBe(pacerFor('constructor'));
});

test('what one execution takes, another one waits for', async () => {
	await pacerFor('shared').take(2);
	expect(pacerFor('shared').waitFor(1)).toBe(RATE_WINDOW_MS);
	expect(pacerFor('shared').waitFor(2)).toBe(0);
	expect(pacerFor('other').waitFor(1)).toBe(0);
});
