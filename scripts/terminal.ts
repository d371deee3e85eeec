import type { Interface } from 'node:readline/promises';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** The user does not want to, or cannot be asked: nothing was sent. */
export class NotAgreed extends Error {}

/** Whether there is somebody to ask. */
export const hasTerminal = (): boolean => process.stdin.isTTY && process.stdout.isTTY;

/** A line that the user types. */
export async function ask(question: string): Promise<string> {
	return await answerTo(question, createInterface({ input: process.stdin, output: process.stdout }));
}

/** A line that nobody sees while it is typed. */
export async function askHidden(question: string): Promise<string> {
	process.stdout.write(question);
	const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
	const answer = await answerTo('', createInterface({ input: process.stdin, output: nowhere, terminal: true }));
	process.stdout.write('\n');
	return answer;
}

/** The typed line. Ctrl-C or an end of input instead of an answer means no. */
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
