import { run } from '../../harness/processes';

const PER_COMMAND = 500;

/** Reading nothing with "nocache" drops the whole file from the cache; it needs no privileges. */
const DROP_EACH = 'for file; do dd "if=$file" iflag=nocache count=0 status=none || exit 1; done';

/** Makes the system forget the contents of these files, so that they are read from the disk the next time. */
export async function forgetFiles(files: string[]): Promise<void> {
	for (let start = 0; start < files.length; start += PER_COMMAND) {
		const some = files.slice(start, start + PER_COMMAND);
		// It forgets only what the disk has too.
		await run('sync', some);
		await run('sh', ['-c', DROP_EACH, 'sh', ...some]);
	}
}
