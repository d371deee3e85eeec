import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** All files in a folder and its subfolders: relative paths with forward slashes, sorted. */
export async function filesIn(folder: string): Promise<string[]> {
	const paths = await readdir(folder, { recursive: true });
	const isFile = await Promise.all(paths.map(async (path) => (await stat(join(folder, path))).isFile()));
	return paths.filter((_, n) => isFile[n]).map((path) => path.replaceAll('\\', '/')).sort();
}
