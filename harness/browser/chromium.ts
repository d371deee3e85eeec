import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Path of the Chromium (or Chrome) to use, if it is not in one of the usual places. */
export const chromiumVariable = 'CHROMIUM_PATH';

const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const onMac = ['/Applications/Chromium.app/Contents/MacOS/Chromium', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** There is no Chromium on this machine; the user has to bring one. */
export class MissingChromiumError extends Error {
	readonly missing = 'Chromium';
	readonly command = 'sudo apt-get install -y chromium';

	constructor() {
		super(`NOT RUN: browser: Chromium; get it with: sudo apt-get install -y chromium (or set ${chromiumVariable})`);
	}
}

/**
 * The Chromium of this machine.
 *
 * @throws MissingChromiumError if it is not installed
 */
export function chromiumPath(): string {
	const named = process.env[chromiumVariable];
	const folders = (process.env['PATH'] ?? '').split(delimiter);
	const candidates = named ? [named] : [...commands.flatMap((name) => folders.map((folder) => join(folder, name))), ...onMac];
	const found = candidates.find((file) => existsSync(file));
	if (found === undefined) throw new MissingChromiumError();
	return found;
}
