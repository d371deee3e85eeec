/** The browser itself: it leaves nothing behind. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { startBrowser } from '../../harness/browser/browser';
import { chromiumVariable } from '../../harness/browser/chromium';
import { removeFolder, temporaryFolder } from '../../harness/guard';
import { projectFolder } from '../../harness/packageTarball';
import { until } from '../support/n8n';

jest.setTimeout(120_000);

function runs(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

/** Runs `work` with these environment variables. */
function withEnvironment<T>(name: string, value: string, work: () => T): T {
	const before = process.env[name];
	process.env[name] = value;
	try {
		return work();
	} finally {
		if (before === undefined) Reflect.deleteProperty(process.env, name);
		else process.env[name] = before;
	}
}

const withPath = <T>(path: string, work: () => T): T => withEnvironment(chromiumVariable, path, work);

test('a closed browser leaves neither a process nor its profile', async () => {
	const { pid, profile, close } = await startBrowser();
	expect([runs(pid), existsSync(profile)]).toEqual([true, true]);
	await close();
	expect([runs(pid), existsSync(profile)]).toEqual([false, false]);
});

test('a browser that does not start leaves no profile, and the error has its output', async () => {
	const folder = await temporaryFolder('no-browser');
	const starting = withEnvironment('TMPDIR', folder, () => withPath(process.execPath, startBrowser));
	await expect(starting).rejects.toThrow(/Chromium ended while starting[\s\S]*bad option/);
	expect(await readdir(folder)).toEqual([]);
	await removeFolder(folder);
});

test('a browser ends when its owner is killed with -9', async () => {
	const owner = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'support', 'holder.ts')], {
		cwd: projectFolder,
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const [line] = (await once(owner.stdout, 'data')) as [Buffer];
	const { pid, profile } = JSON.parse(line.toString()) as { pid: number; profile: string };
	expect([runs(pid), existsSync(profile)]).toEqual([true, true]);
	owner.kill('SIGKILL');
	await until('the browser has ended and its profile is gone', () => !runs(pid) && !existsSync(profile));
});
