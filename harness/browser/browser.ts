import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';
import { createInterface } from 'node:readline';

import { removeFolder, temporaryFolder } from '../guard';
import { hasExited, signalTree, start } from '../processes';
import { toolEnvironment } from '../environment';
import { chromiumPath } from './chromium';

const flags = [
	'--headless',
	// The browser only opens an n8n of this machine, and Chromium's sandbox does not start as root or in a container.
	'--no-sandbox',
	'--disable-gpu',
	'--disable-dev-shm-usage',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-breakpad',
	'--no-first-run',
	'--mute-audio',
	'--force-color-profile=srgb',
	'--remote-debugging-port=0',
];

/** A headless Chromium with its own profile. */
export interface RunningBrowser {
	readonly browser: Browser;
	/** Its process and its profile's folder, for checks from outside. */
	readonly pid: number;
	readonly profile: string;
	/** Closes it, and removes its profile. */
	close(): Promise<void>;
}

/**
 * Starts Chromium. It ends with this process, and its profile is removed, also after kill -9.
 *
 * @throws MissingChromiumError if Chromium is not installed
 */
export async function startBrowser(): Promise<RunningBrowser> {
	const executable = chromiumPath();
	const profile = await temporaryFolder('browser');
	const child = start(executable, [...flags, `--user-data-dir=${profile}`, 'about:blank'], {
		env: toolEnvironment(),
		stdio: ['ignore', 'ignore', 'pipe'],
	});
	const end = async (): Promise<void> => {
		const gone = hasExited(child) ? undefined : once(child, 'exit');
		await signalTree(child, 'SIGKILL');
		await gone;
		await removeFolder(profile);
	};
	try {
		const browser = await chromium.connectOverCDP(await debuggerAddress(child));
		return { browser, pid: child.pid ?? 0, profile, close: async () => await browser.close().finally(end) };
	} catch (error) {
		await end();
		throw error;
	}
}

/** Finds the address that Chromium prints when it is ready. */
async function debuggerAddress(child: ChildProcess): Promise<string> {
	if (child.stderr === null) throw new Error('Chromium has no output.');
	const lines: string[] = [];
	return await new Promise<string>((resolve, reject) => {
		child.once('error', reject);
		child.once('exit', () => reject(new Error(`Chromium ended while starting.\n${lines.slice(-10).join('\n')}`)));
		if (child.stderr === null) return;
		createInterface({ input: child.stderr }).on('line', (line) => {
			lines.push(line);
			const address = /DevTools listening on (\S+)/.exec(line)?.[1];
			if (address !== undefined) resolve(address);
		});
	});
}
