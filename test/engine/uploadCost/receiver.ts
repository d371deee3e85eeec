import { once } from 'node:events';
import { join } from 'node:path';
import { projectFolder } from '../../../harness/packageTarball';
import { start } from '../../../harness/processes';
import type { VideoInput } from '../../../sandbox';

/** A request that came to its end, and was a submit down to its last byte. */
export interface Received {
	method: string;
	path: string;
	/** Bytes of the body. */
	bytes: number;
	/** Whether that is what its Content-Length said. */
	isWhole: boolean;
	video: VideoInput;
}

export type Order = 'goOn' | 'tellAll' | { stopAfter: number };

export type Report =
	| { kind: 'listening'; url: string }
	| { kind: 'stopped'; bytes: number }
	| { kind: 'received'; received: Received }
	| { kind: 'broken'; reason: string }
	| { kind: 'allTold' };

export interface Receiver {
	url: string;
	/** All requests that were answered so far, or why one broke; forgets them. What is told of them may come after the answer. */
	takeAll: () => Promise<(Received | string)[]>;
	/** Reads no further once it has so many bytes of the next body; resolves then, with the bytes it has. */
	stopAfter: (bytes: number) => Promise<number>;
	goOn: () => void;
	close: () => Promise<void>;
}

/** A receiver of submits in a process of its own: what it allocates, and when, is not the sender's. */
export async function startReceiver(): Promise<Receiver> {
	const child = start(process.execPath, ['--import', 'tsx', join(__dirname, 'receiverProcess.ts')], {
		cwd: projectFolder,
		stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
	});
	const received: (Received | string)[] = [];
	child.on('message', (report: Report) => {
		if (report.kind === 'received') received.push(report.received);
		if (report.kind === 'broken') received.push(report.reason);
	});
	const told = async <Kind extends Report['kind']>(kind: Kind) =>
		await new Promise<Extract<Report, { kind: Kind }>>((resolve, reject) => {
			const ended = () => reject(new Error('The receiver has ended'));
			const hear = (report: Report) => {
				if (report.kind !== kind) return;
				child.off('message', hear).off('exit', ended);
				resolve(report as Extract<Report, { kind: Kind }>);
			};
			child.on('message', hear).once('exit', ended);
		});
	const order = (what: Order) => void child.send(what);
	const { url } = await told('listening');
	return {
		url,
		takeAll: async () => {
			order('tellAll');
			await told('allTold');
			return received.splice(0);
		},
		stopAfter: async (bytes) => {
			order({ stopAfter: bytes });
			return (await told('stopped')).bytes;
		},
		goOn: () => order('goOn'),
		close: async () => {
			const ended = once(child, 'exit');
			child.disconnect();
			await ended;
		},
	};
}
