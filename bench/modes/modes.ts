/** A binary mode of n8n, with or without a link. */
export interface Mode {
	name: string;
	label: string;
	/** Main, webhook process and one worker instead of one process. */
	queue: boolean;
	/** Whether the node sends a link to the binary instead of its bytes. */
	link: boolean;
	/** n8n's environment. */
	env: (sharedFolder: string) => NodeJS.ProcessEnv;
}

const kept = (mode?: string) => (): NodeJS.ProcessEnv => (mode === undefined ? {} : { N8N_DEFAULT_BINARY_DATA_MODE: mode });

/** Every process of n8n needs the same folder; the default is a separate one. */
const sharedFiles = (folder: string): NodeJS.ProcessEnv => ({ N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem', N8N_STORAGE_PATH: folder });

/** All compared modes. */
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
