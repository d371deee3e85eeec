/** What one version of n8n needs to be installed and to run. */
export interface N8nRelease {
	version: string;
	/** The first Node.js that runs it, as major and minor number. */
	oldestNode: readonly [number, number];
	/** The last major version of Node.js that runs it, where n8n names one. */
	newestNodeMajor?: number;
	/** Versions that npm takes instead of those that n8n's dependencies ask for. */
	overrides: Readonly<Record<string, string>>;
	/** Whether it takes its owner from the environment. Otherwise somebody has to claim it. */
	ownerFromEnvironment: boolean;
	/** What its environment must have other than what the harness gives every n8n. */
	env: NodeJS.ProcessEnv;
}

/** A newer linkedom asks for a package that not every registry has; n8n runs well with this one. */
const linkedom = { linkedom: '0.18.12' };

/** n8n 1.x takes its xlsx from a host of its own; the registry has an older one, which does for n8n to start. */
const fromTheRegistry = { ...linkedom, xlsx: '0.18.5' };

/** What a version of n8n needs. One that came out after this was written is taken to need what the newest here needs. */
export function n8nRelease(version: string): N8nRelease {
	if (!version.startsWith('1.')) return { version, oldestNode: [24, 0], overrides: linkedom, ownerFromEnvironment: true, env: {} };
	return {
		version,
		oldestNode: [20, 19],
		newestNodeMajor: 24,
		overrides: fromTheRegistry,
		ownerFromEnvironment: false,
		// It does not start when it is told to leave out a module that it does not know. And its expression engine comes
		// compiled for Node.js 22 and 24 only: with the one before, it also runs on the Node.js 20 that it allows.
		env: { N8N_DISABLED_MODULES: undefined, N8N_EXPRESSION_ENGINE: 'legacy' },
	};
}
