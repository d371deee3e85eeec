import { removeFolder, temporaryFolder } from '../../harness/guard';
import { videoFile, type VideoFile } from './videoFile';

/** Makes a file of each size in a folder of its own, which is gone when the work is done. */
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
