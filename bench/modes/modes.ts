/** One way for n8n to keep binaries, and for the node to hand them over. */
export interface Mode {
	name: string;
	label: string;
	/** Main, webhook process and one worker instead of one process for all. */
	queue: boolean;
	/** Whether the node hands over a link to the binary instead of its bytes. */
	link: boolean;
	/** n8n's environment. */
	env: (sharedFolder: string) => NodeJS.ProcessEnv;
}

const kept = (mode?: string) => (): NodeJS.ProcessEnv => (mode === undefined ? {} : { N8N_DEFAULT_BINARY_DATA_MODE: mode });

/** Every process of n8n needs the same folder; without one, each looks in its own home. */
const sharedFiles = (folder: string): NodeJS.ProcessEnv => ({ N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem', N8N_STORAGE_PATH: folder });

/** All that are compared. */
export const MODES: readonly Mode[] = [
	{ name: 'files', label: 'file system', queue: false, link: false, env: kept('filesystem') },
	{ name: 'memory', label: 'in memory', queue: false, link: false, env: kept('default') },
	{ name: 'database', label: 'database (SQLite)', queue: false, link: false, env: kept('database') },
	{ name: 'filesLink', label: 'file system, link', queue: false, link: true, env: kept('filesystem') },
	{ name: 'databaseLink', label: 'database (SQLite), link', queue: false, link: true, env: kept('database') },
	{ name: 'queue', label: 'queue mode: database (PostgreSQL)', queue: true, link: false, env: kept() },
	{ name: 'queueLink', label: 'queue mode: database, link', queue: true, link: true, env: kept() },
	{ name: 'queueFiles', label: 'queue mode: shared folder', queue: true, link: false, env: sharedFiles },
];
