import { createHash, randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';

export const MIB = 1024 * 1024;

/** A file instead of a video: random bytes, as incompressible as one. */
export interface VideoFile {
	path: string;
	sizeMiB: number;
	sha256: string;
}

/** Writes a file of `sizeMiB`, piece by piece. */
export async function videoFile(folder: string, sizeMiB: number): Promise<VideoFile> {
	const path = join(folder, `${sizeMiB}-mib.mp4`);
	const hash = createHash('sha256');
	const file = await open(path, 'w');
	try {
		for (let written = 0; written < sizeMiB; written += 1) {
			const piece = randomBytes(MIB);
			hash.update(piece);
			await file.write(piece);
		}
	} finally {
		await file.close();
	}
	return { path, sizeMiB, sha256: hash.digest('hex') };
}
