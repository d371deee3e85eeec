import { spawn } from 'node:child_process';

import { toolEnvironment } from '../../harness/environment';

/** The command that opens a URL in the user's browser; undefined without a desktop. */
function openerOf(url: string): [command: string, args: string[]] | undefined {
	if (process.platform === 'darwin') return ['open', [url]];
	if (process.platform === 'win32') return ['cmd', ['/c', 'start', '', url]];
	const { DISPLAY, WAYLAND_DISPLAY } = process.env;
	return DISPLAY || WAYLAND_DISPLAY ? ['xdg-open', [url]] : undefined;
}

/** Opens a URL in the user's browser, if there is one. A failure is ignored, since the URL is printed too. */
export function openBrowser(url: string): void {
	const opener = process.stdout.isTTY && !process.env['CI'] ? openerOf(url) : undefined;
	if (opener === undefined) return;
	// The browser stays open when the demo ends.
	const child = spawn(...opener, { detached: true, stdio: 'ignore', env: toolEnvironment() });
	child.on('error', () => undefined);
	child.unref();
}
