import type { SandboxAccounts } from './accounts';
import type { RequestRecord } from './exchange';
import type { Faults } from './faults';
import type { SandboxSettings } from './settings';
import type { TaskStore } from './tasks';

/** The state of one running fake HiDream server, shared by its routes. */
export interface Core {
	readonly settings: SandboxSettings;
	readonly accounts: SandboxAccounts;
	readonly tasks: TaskStore;
	readonly faults: Faults;
	readonly requests: RequestRecord[];
	/** Aborted by `close()`. */
	readonly signal: AbortSignal;
	/** Writes one line if logging is enabled. */
	readonly log: (line: string) => void;
}
