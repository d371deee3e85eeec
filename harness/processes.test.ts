/** Commands, and what they leave behind. */
import { spawnSync } from 'node:child_process';
import { untilTrue } from '../test/support/untilTrue';
import { CommandError, run } from './processes';

const script = (text: string): string[] => ['-e', text];

/** Whether a process runs. One that was killed may be listed as a zombie (Z) until its parent has read its exit code. */
const runs = (pid: number): boolean => /^[^Z\s]/.test(spawnSync('ps', ['-o', 'stat=', '-p', String(pid)]).stdout.toString());

test('returns all output, also the last lines', async () => {
	const output = await run(process.execPath, script("process.stdout.write('one\\n'); process.stderr.write('two\\n'); process.stdout.write('end')"));
	expect(output.split('\n').sort()).toEqual(['end', 'one', 'two']);
});

test('a command that fails throws with its exit code and output', async () => {
	await expect(run(process.execPath, script("console.log('bad'); process.exit(3)"))).rejects.toMatchObject({ exitCode: 3, output: 'bad' });
	await expect(run('no-such-command', [])).rejects.toBeInstanceOf(CommandError);
});

test('ends a child that keeps the output of its ended parent open', async () => {
	const output = await run(process.execPath, script("const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'inherit' }); console.log(child.pid); process.exit(0)"));
	const pid = Number(output);
	expect(pid).toBeGreaterThan(0);
	await untilTrue(() => !runs(pid));
});
