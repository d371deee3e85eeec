/** The statuses of a task, and the documentation. How they are read is tested in queryTasks.test.ts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FINAL } from '../../../nodes/hidream/status';

test('docs/stylize-one-video.md lists each status', () => {
	const row = /^\| `status` \|.*$/m.exec(readFileSync(join(__dirname, '../../../docs/stylize-one-video.md'), 'utf8'))?.[0] ?? '';
	const missing = Object.keys(FINAL).filter((status) => !row.includes(`\`${status}\``));
	expect(missing.map((status) => `Add ${status} to the row "status" of docs/stylize-one-video.md`)).toEqual([]);
});
