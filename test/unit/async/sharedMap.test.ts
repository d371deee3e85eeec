/** Shared objects do not grow forever, and none is evicted while it is in use. */
import { SharedMap } from '../../../nodes/async/sharedMap';

const HOUR = 3_600_000;

test('evicts an entry that is idle for an hour, and no entry in use', () => {
	let now = 0;
	const map = new SharedMap(() => ({}), () => true, () => now);
	const [used, idle] = [map.get('used'), map.get('idle')];
	for (now = 0; now <= HOUR; now += 60_000) map.get('used');
	expect(map.get('used')).toBe(used);
	expect(map.get('idle')).not.toBe(idle);
});

test('does not grow with thousands of names', () => {
	let now = 0;
	let idle = 0;
	const map = new SharedMap(() => ({}), () => idle++ >= 0, () => now);
	for (let n = 0; n < 2_000; n++) {
		now = n * 60_000;
		map.get(String(n));
	}
	// Each entry is checked once, after its hour, and is evicted then.
	expect(idle).toBe(2_000 - HOUR / 60_000);
});

test('makes a new object for a name that was deleted', () => {
	const map = new SharedMap(() => ({}));
	const first = map.get('a');
	expect(map.get('a')).toBe(first);
	map.delete('a');
	expect(map.get('a')).not.toBe(first);
});
