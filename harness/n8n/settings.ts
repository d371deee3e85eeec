import { randomBytes } from 'node:crypto';

import { cleanN8nEnvironment } from '../environment';
import { freePort } from '../freePort';
import type { N8nInstallation } from '../n8nInstall';
import { packageOfN8n } from './packageOfN8n';

/** The owner's login for the editor. */
export interface Login {
	email: string;
	password: string;
}

/** n8n's settings, which stay the same over restarts. */
export interface N8nSettings {
	url: string;
	login: Login;
	env: NodeJS.ProcessEnv;
}

/** Settings for a private n8n on the loopback address: its own owner, no telemetry, filesystem binaries. */
export async function n8nSettings(
	installation: N8nInstallation,
	userFolder: string,
	options: { port?: number; env?: NodeJS.ProcessEnv },
): Promise<N8nSettings> {
	const port = options.port ?? (await freePort());
	const url = `http://127.0.0.1:${port}`;
	const login = { email: 'owner@example.com', password: `N8n-${randomBytes(6).toString('hex')}` };
	const env = {
		...cleanN8nEnvironment(),
		N8N_USER_FOLDER: userFolder,
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_HOST: '127.0.0.1',
		N8N_PORT: String(port),
		N8N_SECURE_COOKIE: 'false',
		WEBHOOK_URL: `${url}/`,
		N8N_EDITOR_BASE_URL: url,
		N8N_RUNNERS_BROKER_PORT: String(await freePort()),
		N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
		...quiet,
		...(await owner(installation, login)),
		...options.env,
	};
	return { url, login, env };
}

const quiet = {
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_DISABLED_MODULES: 'mcp-registry',
	N8N_LOG_OUTPUT: 'console',
	N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'true',
	EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'all',
};

async function owner({ folder }: N8nInstallation, login: Login): Promise<NodeJS.ProcessEnv> {
	const { hash } = packageOfN8n(folder, 'bcryptjs') as { hash: (text: string, rounds: number) => Promise<string> };
	return {
		N8N_INSTANCE_OWNER_MANAGED_BY_ENV: 'true',
		N8N_INSTANCE_OWNER_EMAIL: login.email,
		N8N_INSTANCE_OWNER_FIRST_NAME: 'Demo',
		N8N_INSTANCE_OWNER_LAST_NAME: 'Owner',
		N8N_INSTANCE_OWNER_PASSWORD_HASH: await hash(login.password, 10),
	};
}
