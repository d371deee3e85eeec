import { startService } from '../machine/service';
import type { VideoFile } from '../machine/videoFile';
import type { Verified } from './raw';
import type { Way } from './way';

/**
 * Sends the files once each way to a stand-in that decodes and hashes what comes: a fast way that sends something else
 * does not count. Throws where the bytes are not the file's.
 *
 * @param fails whether a way is known to fail at a size, and so cannot be verified there
 */
export async function verify(
	ways: readonly Way[],
	videos: readonly VideoFile[],
	files: string,
	fails: (way: Way, video: VideoFile) => boolean,
): Promise<Verified[]> {
	const service = await startService();
	const verified: Verified[] = [];
	try {
		for (const way of ways.filter(({ sendsVideo }) => sendsVideo)) {
			const sender = await way.open({ service, files });
			try {
				for (const video of videos.filter((video) => !fails(way, video))) {
					await sender.submit(video);
					const arrived = (await service.state()).tasks.at(-1)?.video;
					const sha256 = arrived?.kind === 'base64' ? arrived.sha256 : 'none';
					if (sha256 !== video.sha256) throw new Error(`${way.label}: what arrived is not the video of ${video.sizeMiB} MiB`);
					verified.push({ way: way.name, sizeMiB: video.sizeMiB, sha256 });
				}
			} finally {
				await sender.close();
			}
		}
	} finally {
		await service.close();
	}
	return verified;
}
