import { run } from '../../harness/processes';

const PER_COMMAND = 200;

/** Has the system write these files out, as it forgets only what the disk has too. */
async function writeOut(files: string[]): Promise<void> {
	for (let start = 0; start < files.length; start += PER_COMMAND) await run('sync', files.slice(start, start + PER_COMMAND));
}

/** Makes the system forget the contents of these files, so that they are read from the disk the next time. */
export async function forgetFiles(files: string[]): Promise<void> {
	await writeOut(files);
	// Reading nothing with "nocache" drops the whole file from the cache; it needs no privileges.
	for (const file of files) await run('dd', [`if=${file}`, 'iflag=nocache', 'count=0', 'status=none']);
}
