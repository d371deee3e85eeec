import { stat } from 'node:fs/promises';

import { ask, askHidden, hasTerminal, NotAgreed } from '../terminal';
import type { DemoService } from './service';
import { liveService, demoVideo } from './service';

/**
 * Prepares the only mode that costs money: asks for a token and a video, shows exactly what it submits, and continues only
 * after a typed "yes".
 */
export async function askForLiveService(options: { videoUrl?: string }): Promise<DemoService> {
	if (!hasTerminal()) {
		throw new NotAgreed('--live spends credits, so it asks first, and there is no terminal to ask on. Nothing was sent.');
	}
	const token = process.env['HIDREAM_ACCESS_TOKEN'] ?? (await askHidden('HiDream access token (hidden): '));
	if (token.trim() === '') throw new NotAgreed('No access token was given. Nothing was sent.');
	const answer = options.videoUrl ?? (await ask('Public URL of a video (empty: submit only the sample file): '));
	const videoUrl = answer.trim();
	const { size } = await stat(demoVideo);
	const tasks = [
		...(videoUrl === '' ? [] : [`the video at ${videoUrl}, style "anime"`]),
		`the file ${demoVideo} (${Math.ceil(size / 1024)} KB), style "ink_wash"`,
	];
	console.log(`\nThis submits ${tasks.length} task(s) to https://www.hidreamai.com with your account:`);
	for (const [index, task] of tasks.entries()) console.log(`  ${index + 1}. ${task}`);
	console.log('Each task costs credits of your account. It cannot be taken back.');
	if ((await ask('Type "yes" to submit: ')).trim() !== 'yes') throw new NotAgreed('Nothing was sent.');
	return liveService(token.trim(), videoUrl);
}
