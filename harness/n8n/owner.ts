import { setTimeout as sleep } from 'node:timers/promises';

import type { RestClient } from './restClient';
import { RestError } from './restClient';
import type { Login } from './settings';

interface PublicSettings {
	userManagement: { showSetupOnFirstLoad?: boolean };
}

const answersWithin = 60_000;

/** n8n 1.x says that it is ready some moments before its REST API is there. */
async function publicSettings(rest: RestClient): Promise<PublicSettings> {
	for (const deadline = Date.now() + answersWithin; ; await sleep(250)) {
		try {
			return await rest.call<PublicSettings>('GET', '/settings');
		} catch (error) {
			const early = !(error instanceof RestError) || error.status === 404 || error.status >= 500;
			if (!early || Date.now() > deadline) throw error;
		}
	}
}

/** Makes the login the owner of a new n8n, as its first screen does. An n8n that has its owner is left as it is. */
export async function claimOwner(rest: RestClient, { email, password }: Login): Promise<void> {
	const { userManagement } = await publicSettings(rest);
	if (userManagement.showSetupOnFirstLoad !== true) return;
	await rest.call('POST', '/owner/setup', { email, password, firstName: 'Demo', lastName: 'Owner' });
}
