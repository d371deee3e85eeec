/** What one version of n8n needs to be installed and to run. */
export interface N8nRelease {
	version: string;
	/** The first Node.js that runs it, as major and minor number. */
	oldestNode: readonly [number, number];
	/** The last major version of Node.js that runs it, if n8n names one. */
	newestNodeMajor?: number;
	/** npm overrides of n8n's dependencies. */
	overrides: Readonly<Record<string, string>>;
	/** Whether it reads its owner from the environment. Otherwise the owner must be created over the API. */
	ownerFromEnvironment: boolean;
	/** Environment variables that differ from those of other versions. */
	env: NodeJS.ProcessEnv;
}

/** A newer linkedom needs a package that not every registry has; n8n works with this one. */
const linkedom = { linkedom: '0.18.12' };

/** n8n 1.x downloads its xlsx from another host; the registry has an older one, with which n8n starts. */
const fromTheRegistry = { ...linkedom, xlsx: '0.18.5' };

/** What a version of n8n needs. An unknown newer version needs the same as the newest one here. */
export function n8nRelease(version: string): N8nRelease {
	if (!version.startsWith('1.')) return { version, oldestNode: [24, 0], overrides: linkedom, ownerFromEnvironment: true, env: {} };
	return {
		version,
		oldestNode: [20, 19],
		newestNodeMajor: 24,
		overrides: fromTheRegistry,
		ownerFromEnvironment: false,
		// It does not start if its settings exclude an unknown module. And its compiled expression engine
		// is for Node.js 22 and 24 only: with the previous engine, it also runs on Node.js 20, which it allows.
		env: { N8N_DISABLED_MODULES: undefined, N8N_EXPRESSION_ENGINE: 'legacy' },
	};
}
