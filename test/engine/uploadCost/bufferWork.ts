import type { CallsDone } from './calls';
import { wrap } from './wrap';

/** The number of calls and of bytes. */
export interface Tally {
	count: number;
	bytes: number;
}

/** The work of this process on bytes. */
export interface Work {
	/** Reads of n8n's own file stream, which every reader of a file needs. */
	reads: Tally;
	/** New memory: Buffers, typed arrays, and strings from bytes. */
	made: Tally;
	/** Objects for existing memory. */
	views: Tally;
	/** Bytes that were copied or converted. */
	copied: Tally;
}

/** The innermost stack frames of a file stream's own work; the wrappers take some lines. */
const isRead = (): boolean => (new Error().stack ?? '').includes('(node:internal/fs/streams');

function count(tally: Tally, bytes: number | undefined): void {
	if (bytes === undefined) return;
	tally.count += 1;
	tally.bytes += bytes;
}

/** Counts all work of this process on bytes until the end of `during`. */
export async function bufferWork(during: () => Promise<void>): Promise<Work> {
	const none = (): Tally => ({ count: 0, bytes: 0 });
	const work: Work = { reads: none(), made: none(), views: none(), copied: none() };
	const note = ({ made, copied, view }: CallsDone) => {
		if (isRead()) return count(work.reads, made);
		count(work.made, made);
		count(work.copied, copied);
		count(work.views, view && 0);
	};
	const unwrap = wrap(note);
	try {
		await during();
	} finally {
		unwrap();
	}
	return work;
}

/** The difference between `more` and `less`, for each of `units`. */
export function growth(less: Work, more: Work, units: number): Work {
	const tally = (name: keyof Work): Tally => ({
		count: (more[name].count - less[name].count) / units,
		bytes: (more[name].bytes - less[name].bytes) / units,
	});
	return { reads: tally('reads'), made: tally('made'), views: tally('views'), copied: tally('copied') };
}
