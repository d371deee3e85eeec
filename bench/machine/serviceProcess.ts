import { DEFAULT_SETTINGS, startSandbox, type SandboxSettings } from '../../sandbox';
import type { ServiceSettings } from './service';

/** The benchmark uses one account level, so all levels get the same limits. */
function settingsOf({ parallelTasks = Infinity, tasksPerMinute = 0, ...same }: ServiceSettings): Partial<SandboxSettings> {
	const levels = Object.keys(DEFAULT_SETTINGS.parallelTasks).map((level) => [level, parallelTasks]);
	return { ...same, tasksPerMinute, parallelTasks: Object.fromEntries(levels) as SandboxSettings['parallelTasks'] };
}

async function main(): Promise<void> {
	const { url, accessToken, close } = await startSandbox(settingsOf(JSON.parse(process.argv[2] ?? '{}') as ServiceSettings));
	process.once('disconnect', () => {
		// The process exits by itself when nothing is open.
		void close();
	});
	process.send?.({ url, accessToken });
}

main().catch((error: unknown) => {
	process.send?.({ failed: error instanceof Error ? error.message : String(error) });
	process.disconnect();
});
