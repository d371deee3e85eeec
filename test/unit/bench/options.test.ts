import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { benchOptions } from '../../../bench/options';

const read = (...args: string[]) => benchOptions(['submit', 'startup'], ['node', 'run.ts', ...args]);

test('measures and writes unless told otherwise', () => {
	expect(read()).toEqual({ runs: 3, quick: false, redraw: false, write: true });
	expect(read('--only', 'startup,submit', '--runs', '5', '--no-write')).toMatchObject({ only: ['startup', 'submit'], runs: 5, write: false });
	expect(read('--redraw')).toMatchObject({ redraw: true });
});

test('what is quick runs once and never writes', () => {
	expect(read('--quick')).toMatchObject({ runs: 1, write: false });
	expect(read('--quick', '--runs', '2')).toMatchObject({ runs: 2, write: false });
});

test.each([
	[['--only', 'startup,nothing'], 'There is no section "nothing". Sections: '],
	[['--runs', '0'], 'whole number of 1 or more'],
	[['--runs', '1.5'], 'whole number of 1 or more'],
	[['--redraw', '--quick'], 'cannot be used with'],
	[['--redraw', '--runs', '2'], 'cannot be used with'],
])('%j is refused before anything is measured', (args, why) => {
	const root = join(__dirname, '../../..');
	const run = () => execFileSync(process.execPath, ['--import', 'tsx', 'bench/run.ts', ...args], { cwd: root, stdio: 'pipe', encoding: 'utf8' });
	expect(run).toThrow(why);
}, 60_000);
