import { readFile } from 'node:fs/promises';

/** What an instance needs from the process that runs n8n. */
export interface ServerControl {
	readonly pid: number;
	readonly runs: boolean;
	readonly logFile: string;
	log(): Promise<string>;
	start(): Promise<void>;
	stop(): Promise<void>;
	kill(): Promise<void>;
}

/** An n8n of another process, which stops it. Only its log can be read here. */
export class OtherServer implements ServerControl {
	readonly runs = true;

	constructor(readonly logFile: string) {}

	get pid(): number {
		return this.refuse();
	}

	async log(): Promise<string> {
		return await readFile(this.logFile, 'utf8');
	}

	async start(): Promise<void> {
		this.refuse();
	}

	async stop(): Promise<void> {
		this.refuse();
	}

	async kill(): Promise<void> {
		this.refuse();
	}

	private refuse(): never {
		throw new Error('Only the process that started this n8n may stop it. Start another one.');
	}
}
