import { startService } from '../machine/service';
import type { VideoFile } from '../machine/videoFile';
import type { Verified } from './raw';
import type { Way } from './way';

/**
 * Submits the files once in each way to a server that decodes and hashes them, so that a way that sends something else
 * does not count. Throws if the bytes differ from the file.
 *
 * @param fails whether a way is known to fail at a size, and cannot be verified there
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
					if (sha256 !== video.sha256) throw new Error(`${way.label}: received another video than the ${video.sizeMiB} MiB that were sent`);
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
