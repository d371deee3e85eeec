import type { LogMetadata } from 'n8n-workflow';
import { BinaryDataConfig, BinaryDataService, Container, Logger } from './core';
import { removeHome } from './environment';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** One message of n8n's logger. */
export interface LogLine {
	level: LogLevel;
	message: string;
	metadata: LogMetadata | undefined;
}

const LEVELS: LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** Records the messages of n8n's logger, from n8n-core and from the node (`this.logger`). */
class Logbook {
	readonly lines: LogLine[] = [];

	/** Replaces the output of n8n's logger, not the logger itself. */
	install(): void {
		const logger = Container.get(Logger);
		for (const level of LEVELS) {
			logger[level] = (message: string, metadata?: LogMetadata) => {
				this.lines.push({ level, message, metadata });
			};
		}
		logger.scoped = () => logger;
	}

	/** Messages of one level from line `start` on. */
	messages(level: LogLevel, start = 0): string[] {
		return this.lines
			.slice(start)
			.filter((line) => line.level === level)
			.map((line) => line.message);
	}
}

/** Where n8n stores binaries: in files, or in the items themselves (`default`). */
export type BinaryMode = 'filesystem' | 'default';

/** Every message of the real logger since this file was loaded. */
export const logbook = new Logbook();

let running: BinaryMode | undefined;

/** Starts n8n-core's services, as n8n does before its first execution. */
export async function useBinaryMode(mode: BinaryMode): Promise<void> {
	if (running === mode) return;
	if (running === undefined) logbook.install();
	Container.get(BinaryDataConfig).mode = mode;
	await Container.get(BinaryDataService).init();
	running = mode;
}

/** Removes the engine's files. */
export function closeEngine(): void {
	removeHome();
}
