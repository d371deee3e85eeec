import { removeFolder, temporaryFolder } from '../../harness/guard';
import { videoFile, type VideoFile } from './videoFile';

/** Creates a file of each size in a temporary folder, and removes it after `work`. */
export async function withVideos<T>(
	sizesMiB: readonly number[],
	work: (videos: VideoFile[], folder: string) => Promise<T>,
): Promise<T> {
	const folder = await temporaryFolder('bench-videos');
	try {
		const videos: VideoFile[] = [];
		for (const size of sizesMiB) videos.push(await videoFile(folder, size));
		return await work(videos, folder);
	} finally {
		await removeFolder(folder);
	}
}
