import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { filesIn } from '../../harness/filesIn';
import type { Tarball } from './raw';

const LARGEST = 10;

/**
 * Measures the size of the package.
 *
 * @param folder where it is unpacked
 */
export async function tarballOf(tarball: string, folder: string): Promise<Tarball> {
	const names = await filesIn(folder);
	const files = await Promise.all(
		names.map(async (file) => {
			const content = await readFile(join(folder, file));
			return { file, bytes: content.length, gzipBytes: gzipSync(content).length };
		}),
	);
	return {
		packedBytes: (await stat(tarball)).size,
		unpackedBytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
		files: files.length,
		largest: files.sort((a, b) => b.bytes - a.bytes).slice(0, LARGEST),
	};
}
