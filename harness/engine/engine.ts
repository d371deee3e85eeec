import { BinaryDataConfig, BinaryDataService, Container } from './core';
import { removeHome } from './environment';
import { Logbook } from './logbook';

/** Where n8n keeps binaries: in files, or in the items themselves (`default`). */
export type BinaryMode = 'filesystem' | 'default';

/** Everything the real logger was given since this file was loaded. */
export const logbook = new Logbook();

let running: BinaryMode | undefined;

/** Brings n8n-core's services up, as n8n does before its first execution. */
export async function useBinaryMode(mode: BinaryMode): Promise<void> {
	if (running === mode) return;
	if (running === undefined) logbook.install();
	Container.get(BinaryDataConfig).mode = mode;
	await Container.get(BinaryDataService).init();
	running = mode;
}

/** Removes what the engine wrote. */
export function closeEngine(): void {
	removeHome();
}
