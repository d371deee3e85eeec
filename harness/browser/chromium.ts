import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Names the Chromium (or Chrome) to use, where it is none of those that are looked for. */
export const chromiumVariable = 'CHROMIUM_PATH';

const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const onMac = ['/Applications/Chromium.app/Contents/MacOS/Chromium', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** There is no Chromium on this machine; the user has to bring one. */
export class MissingChromiumError extends Error {
	readonly missing = 'Chromium';
	readonly command = 'sudo apt-get install -y chromium';

	constructor() {
		super(`NOT RUN: browser: Chromium; get it with: sudo apt-get install -y chromium (or name one in ${chromiumVariable})`);
	}
}

/**
 * The Chromium of this machine.
 *
 * @throws MissingChromiumError when there is none
 */
export function chromiumPath(): string {
	const named = process.env[chromiumVariable];
	const folders = (process.env['PATH'] ?? '').split(delimiter);
	const candidates = named ? [named] : [...commands.flatMap((name) => folders.map((folder) => join(folder, name))), ...onMac];
	const found = candidates.find((file) => existsSync(file));
	if (found === undefined) throw new MissingChromiumError();
	return found;
}
