/** HiDream's rate limit. */
import { RATE_WINDOW_MS, TASKS_PER_MINUTE } from '../../../nodes/hidream/limits';

test('two tasks a minute', () => {
	expect([TASKS_PER_MINUTE, RATE_WINDOW_MS]).toEqual([2, 60_000]);
});
