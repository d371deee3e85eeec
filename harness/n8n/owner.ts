import { setTimeout as sleep } from 'node:timers/promises';

import type { RestClient } from './restClient';
import { RestError } from './restClient';
import type { Login } from './settings';

interface PublicSettings {
	userManagement: { showSetupOnFirstLoad?: boolean };
}

const respondsWithin = 60_000;

/** n8n 1.x reports that it is ready shortly before its REST API works. */
async function publicSettings(rest: RestClient): Promise<PublicSettings> {
	for (const deadline = Date.now() + respondsWithin; ; await sleep(250)) {
		try {
			return await rest.call<PublicSettings>('GET', '/settings');
		} catch (error) {
			const early = !(error instanceof RestError) || error.status === 404 || error.status >= 500;
			if (!early || Date.now() > deadline) throw error;
		}
	}
}

/** Creates the owner of a new n8n, like its first screen. Does nothing if n8n has an owner. */
export async function claimOwner(rest: RestClient, { email, password }: Login): Promise<void> {
	const { userManagement } = await publicSettings(rest);
	if (userManagement.showSetupOnFirstLoad !== true) return;
	await rest.call('POST', '/owner/setup', { email, password, firstName: 'Demo', lastName: 'Owner' });
}
