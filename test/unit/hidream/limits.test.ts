/** HiDream's rate limit. */
import { RATE_WINDOW_MS, TASKS_PER_MINUTE } from '../../../nodes/hidream/limits';

test('allows two tasks per minute', () => {
	expect([TASKS_PER_MINUTE, RATE_WINDOW_MS]).toEqual([2, 60_000]);
});
