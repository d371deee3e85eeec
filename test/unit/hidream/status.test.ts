/** The statuses of a task, and all files that list them. How they are read is tested in queryTasks.test.ts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FINAL } from '../../../nodes/hidream/status';
import getResult from '../../../nodes/StylizeVideo/__schema__/v1.0.0/getResult.json';
import submitAndWait from '../../../nodes/StylizeVideo/__schema__/v1.0.0/submitAndWait.json';
import trigger from '../../../nodes/StylizeVideoTrigger/__schema__/v1.0.0/output.json';

const all = Object.keys(FINAL);
const final = Object.entries(FINAL).filter(([, isFinal]) => isFinal).map(([status]) => status);
const running = all.filter((status) => !final.includes(status) && status !== 'not_found');

const read = (file: string): string => readFileSync(join(__dirname, '../../..', file), 'utf8');

test.each([
	['Get Result', getResult, all],
	['Submit and Wait', submitAndWait, [...final, 'timed_out', 'already_submitted', 'not_submitted']],
	['the trigger', trigger, final],
])('the output schema of %s lists each status', (_, schema, statuses) => {
	expect(schema.properties.status.enum).toEqual(statuses);
});

test.each(['examples/queue.json', 'examples/queue-with-files.json'])('each node of %s that looks for running tasks names all of their statuses', (file) => {
	const { nodes } = JSON.parse(read(file)) as { nodes: Array<{ name: string; parameters: object }> };
	const missing = ['Oldest', 'Under way', 'Keep result', 'Done?', 'Busy', 'Within limits?'].flatMap((name) => {
		const parameters = JSON.stringify(nodes.find((node) => node.name === name)?.parameters);
		return running.filter((status) => !new RegExp(`["']${status}["']`).test(parameters)).map((status) => `Add ${status} to the node "${name}"`);
	});
	expect(missing).toEqual([]);
});

test('docs/run-hundreds-of-videos.md explains each status of a row', () => {
	const firstCells = read('docs/run-hundreds-of-videos.md').match(/^\| `[^|]+\|/gm)?.join('') ?? '';
	expect(all.filter((status) => !firstCells.includes(`\`${status}\``)).map((status) => `Explain ${status} in "Status of a row"`)).toEqual([]);
});

test('docs/stylize-one-video.md lists each status', () => {
	const row = /^\| `status` \|.*$/m.exec(read('docs/stylize-one-video.md'))?.[0] ?? '';
	const missing = all.filter((status) => !row.includes(`\`${status}\``));
	expect(missing.map((status) => `Add ${status} to the row "status" of docs/stylize-one-video.md`)).toEqual([]);
});
