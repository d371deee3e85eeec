/** Variables that must not leak from the developer's shell, or from an outer npm, into the harness's commands. */
const outerNpm = /^(npm_lifecycle_|npm_package_|npm_command$|npm_config_local_prefix$|npm_config_ignore_scripts$|INIT_CWD$)/i;
const settingsOfN8n = /^(N8N_|DB_|EXECUTIONS_|QUEUE_|WEBHOOK_URL$|WEBHOOK_|GENERIC_TIMEZONE$|CREDENTIALS_|NODE_FUNCTION_|NODES_|NODE_OPTIONS$|NODE_ENV$|JEST_WORKER_ID$)/;
const secrets = /^HIDREAM_/;

function without(env: NodeJS.ProcessEnv, ...patterns: RegExp[]): NodeJS.ProcessEnv {
	return Object.fromEntries(Object.entries(env).filter(([name]) => !patterns.some((pattern) => pattern.test(name))));
}

/** The environment for tools such as npm: without an outer npm's settings and the user's HiDream secrets. */
export function toolEnvironment(): NodeJS.ProcessEnv {
	return without(process.env, outerNpm, secrets);
}

/** The environment for n8n: like that for tools, and without the settings of another n8n on the same machine. */
export function cleanN8nEnvironment(): NodeJS.ProcessEnv {
	return without(toolEnvironment(), settingsOfN8n);
}

/** Removes the user's HiDream settings from this process and its children. */
export function forgetSecrets(): void {
	for (const name of Object.keys(process.env)) {
		if (secrets.test(name)) Reflect.deleteProperty(process.env, name);
	}
}
