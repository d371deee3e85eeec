import type { Done } from './calls';
import { wrap } from './wrap';

/** How often, and how many bytes in all. */
export interface Tally {
	count: number;
	bytes: number;
}

/** What this process did with bytes. */
export interface Work {
	/** What n8n's own file stream reads into: nobody reads a file without it. */
	reads: Tally;
	/** New memory: Buffers, typed arrays, and strings made of bytes. */
	made: Tally;
	/** Objects for memory that is there already. */
	views: Tally;
	/** Bytes moved from one place, or one form, to another. */
	copied: Tally;
}

/** The innermost callers of a file stream's own doings; the wrapping takes some lines itself. */
const isRead = (): boolean => (new Error().stack ?? '').includes('(node:internal/fs/streams');

function count(tally: Tally, bytes: number | undefined): void {
	if (bytes === undefined) return;
	tally.count += 1;
	tally.bytes += bytes;
}

/** Counts all that this process does with bytes until the end of `during`. */
export async function bufferWork(during: () => Promise<void>): Promise<Work> {
	const none = (): Tally => ({ count: 0, bytes: 0 });
	const work: Work = { reads: none(), made: none(), views: none(), copied: none() };
	const note = ({ made, copied, view }: Done) => {
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

/** What `more` has over `less`, for each of `units`. */
export function growth(less: Work, more: Work, units: number): Work {
	const tally = (name: keyof Work): Tally => ({
		count: (more[name].count - less[name].count) / units,
		bytes: (more[name].bytes - less[name].bytes) / units,
	});
	return { reads: tally('reads'), made: tally('made'), views: tally('views'), copied: tally('copied') };
}
