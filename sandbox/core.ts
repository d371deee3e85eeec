import type { Accounts } from './accounts';
import type { RequestRecord } from './exchange';
import type { Faults } from './faults';
import type { SandboxSettings } from './settings';
import type { TaskStore } from './tasks';

/** What the routes share: the state of one running stand-in. */
export interface Core {
	readonly settings: SandboxSettings;
	readonly accounts: Accounts;
	readonly tasks: TaskStore;
	readonly faults: Faults;
	readonly requests: RequestRecord[];
	/** Aborted by `close()`. */
	readonly signal: AbortSignal;
	/** Writes one line where the settings say so. */
	readonly log: (line: string) => void;
}
