import type { Interface } from 'node:readline/promises';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

import type { Report } from '../harness/progress';
import { duration } from '../harness/progress';

/** The user does not agree, or cannot be asked: nothing was sent. */
export class NotAgreed extends Error {}

/** Whether there is a terminal to ask on. */
export const hasTerminal = (): boolean => process.stdin.isTTY && process.stdout.isTTY;

/** A line that the user types. */
export async function ask(question: string): Promise<string> {
	return await answerTo(question, createInterface({ input: process.stdin, output: process.stdout }));
}

/** A line that stays hidden while the user types it. */
export async function askHidden(question: string): Promise<string> {
	process.stdout.write(question);
	const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
	const answer = await answerTo('', createInterface({ input: process.stdin, output: nowhere, terminal: true }));
	process.stdout.write('\n');
	return answer;
}

/** The typed line. Ctrl-C or the end of the input means no. */
async function answerTo(question: string, terminal: Interface): Promise<string> {
	const closed = new Promise<never>((_resolve, reject) => {
		terminal.once('close', () => reject(new NotAgreed('Nothing was sent.')));
	});
	try {
		return await Promise.race([terminal.question(question), closed]);
	} finally {
		terminal.close();
	}
}

const refreshMs = { terminal: 1000, file: 20_000 };

/**
 * Runs one step and shows its title, progress and duration: on one changing line in a terminal, otherwise on a new line
 * every 20 seconds. `work` reports its progress.
 */
export async function terminalStep<T>(title: string, work: (report: Report) => Promise<T>): Promise<T> {
	const { isTTY, columns } = process.stdout;
	const started = Date.now();
	let progress = '';
	const show = (mark: string, detail: string): void => {
		const line = `${mark} ${title} (${[detail, duration(Date.now() - started)].filter(Boolean).join(', ')})`;
		process.stdout.write(isTTY ? `\r\x1b[K${line.slice(0, columns - 1)}` : `${line}\n`);
	};
	if (isTTY) show('…', '');
	else console.log(`… ${title}`);
	const timer = setInterval(() => show('…', progress), isTTY ? refreshMs.terminal : refreshMs.file);
	const end = (mark: string): void => {
		clearInterval(timer);
		show(mark, '');
		if (isTTY) process.stdout.write('\n');
	};
	try {
		const result = await work((line) => (progress = line));
		end('✔');
		return result;
	} catch (error) {
		end('✖');
		throw error;
	}
}
