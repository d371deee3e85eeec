import type { LogMetadata } from 'n8n-workflow';
import { Container, Logger } from './core';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** One line as n8n's logger was given it. */
export interface LogLine {
	level: LogLevel;
	message: string;
	metadata: LogMetadata | undefined;
}

const LEVELS: LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** Keeps what n8n's own logger is given, by n8n-core and by the node (`this.logger`) alike. */
export class Logbook {
	readonly lines: LogLine[] = [];

	/** Takes the place of the output of n8n's logger. The logger itself stays the real one. */
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
