import { run } from '../../harness/processes';

const PER_COMMAND = 500;

/** Reading nothing with "nocache" drops the whole file from the cache, without privileges. */
const DROP_EACH = 'for file; do dd "if=$file" iflag=nocache count=0 status=none || exit 1; done';

/** Drops the contents of these files from the system's cache, so that the next read is from the disk. */
export async function forgetFiles(files: string[]): Promise<void> {
	for (let start = 0; start < files.length; start += PER_COMMAND) {
		const some = files.slice(start, start + PER_COMMAND);
		// It only drops what is on the disk.
		await run('sync', some);
		await run('sh', ['-c', DROP_EACH, 'sh', ...some]);
	}
}
