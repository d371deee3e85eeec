import { once } from 'node:events';
import { join } from 'node:path';
import { projectFolder } from '../../../harness/packageTarball';
import { start } from '../../../harness/processes';
import type { VideoInput } from '../../../sandbox';

/** A complete and valid submit request. */
export interface ReceivedBody {
	method: string;
	path: string;
	/** Bytes of the body. */
	bytes: number;
	/** Whether that matches its Content-Length. */
	isWhole: boolean;
	video: VideoInput;
}

export type ReceiverOrder = 'goOn' | 'tellAll' | { stopAfter: number };

export type ReceiverReport =
	| { kind: 'listening'; url: string }
	| { kind: 'stopped'; bytes: number }
	| { kind: 'received'; received: ReceivedBody }
	| { kind: 'broken'; reason: string }
	| { kind: 'allReported' };

export interface Receiver {
	url: string;
	/** All requests that got a response so far, or the reason why one broke; clears the list. It may include a request late. */
	takeAll: () => Promise<(ReceivedBody | string)[]>;
	/** Stops reading after this number of bytes of the next body; then resolves with the number of bytes. */
	stopAfter: (bytes: number) => Promise<number>;
	goOn: () => void;
	close: () => Promise<void>;
}

/** A receiver of submits in its own process, so that its allocations are not counted. */
export async function startReceiver(): Promise<Receiver> {
	const child = start(process.execPath, ['--import', 'tsx', join(__dirname, 'receiverProcess.ts')], {
		cwd: projectFolder,
		stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
	});
	const received: (ReceivedBody | string)[] = [];
	child.on('message', (report: ReceiverReport) => {
		if (report.kind === 'received') received.push(report.received);
		if (report.kind === 'broken') received.push(report.reason);
	});
	const next = async <Kind extends ReceiverReport['kind']>(kind: Kind) =>
		await new Promise<Extract<ReceiverReport, { kind: Kind }>>((resolve, reject) => {
			const ended = () => reject(new Error('The receiver has ended'));
			const hear = (report: ReceiverReport) => {
				if (report.kind !== kind) return;
				child.off('message', hear).off('exit', ended);
				resolve(report as Extract<ReceiverReport, { kind: Kind }>);
			};
			child.on('message', hear).once('exit', ended);
		});
	const order = (what: ReceiverOrder) => void child.send(what);
	const { url } = await next('listening');
	return {
		url,
		takeAll: async () => {
			order('tellAll');
			await next('allReported');
			return received.splice(0);
		},
		stopAfter: async (bytes) => {
			order({ stopAfter: bytes });
			return (await next('stopped')).bytes;
		},
		goOn: () => order('goOn'),
		close: async () => {
			const ended = once(child, 'exit');
			child.disconnect();
			await ended;
		},
	};
}
