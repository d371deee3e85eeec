import { join } from 'node:path';

import type { NewCredential } from '../../harness/n8nInstance';
import { projectFolder } from '../../harness/packageTarball';
import { startSandbox } from '../../sandbox';

/** The sample video that the demo submits as a file. */
export const demoVideo = join(projectFolder, 'sandbox', 'media', 'sample.mp4');

/** The target of the demo: the fake HiDream server, or HiDream itself. */
export interface DemoService {
	name: string;
	/** Whether a task costs nothing. */
	isFree: boolean;
	credential: NewCredential;
	/** The video to submit by URL; without one, only the file is submitted. */
	videoUrl?: string;
	/** Proxy settings for requests to the service. */
	proxies: NodeJS.ProcessEnv;
	/** Whether the service has a task with this ID; for HiDream itself, the response has to do. */
	knows: (taskId: string) => boolean;
	close: () => Promise<void>;
}

/** Starts the fake HiDream server with HiDream's rate limit and an account with three parallel tasks. */
export async function fakeService(): Promise<DemoService> {
	const sandbox = await startSandbox({ accountLevel: 'level1' });
	return {
		name: `the fake HiDream server at ${sandbox.url}`,
		isFree: true,
		credential: {
			name: 'HiDream API',
			type: 'hiDreamApi',
			data: {
				authentication: 'accessToken',
				accessToken: sandbox.accessToken,
				baseUrl: sandbox.url,
				accountLevel: 'level1',
				tasksPerMinute: 2,
			},
		},
		videoUrl: `${sandbox.url}/media/sample.mp4`,
		proxies: {},
		knows: (taskId) => sandbox.tasks.some((task) => task.taskId === taskId),
		close: async () => await sandbox.close(),
	};
}

/** HiDream itself, with the user's token. */
export function liveService(accessToken: string, videoUrl?: string): DemoService {
	const baseUrl = 'https://www.hidreamai.com';
	return {
		name: `HiDream at ${baseUrl}`,
		isFree: false,
		credential: {
			name: 'HiDream API',
			type: 'hiDreamApi',
			data: { authentication: 'accessToken', accessToken, baseUrl, accountLevel: 'free', tasksPerMinute: 2 },
		},
		...(videoUrl && { videoUrl }),
		proxies: Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(https?|all|no)_proxy$/i.test(name))),
		knows: () => true,
		close: async () => undefined,
	};
}
