import Table from 'cli-table3';
import { Command, InvalidArgumentError, Option } from 'commander';
import { DEFAULT_SETTINGS, startSandbox, type AccountLevel, type Sandbox, type SandboxSettings } from './index';
import { readRecording, recordingVariable } from './recording';

interface CliOptions {
	port: number;
	host: string;
	tasksPerMinute: number;
	level: AccountLevel;
	parallel?: number;
	taskSeconds: number;
	subTasks: number;
	tokenMinutes: number;
	maxBodyMb: number;
	bodies: SandboxSettings['bodies'];
	latencyMs: number;
	callbacks: SandboxSettings['callbacks'];
	recording?: string;
	accessToken: string;
	apiKey: string;
	quiet: boolean;
}

function count(text: string): number {
	const value = Number(text);
	if (text.trim() === '' || !(value >= 0)) throw new InvalidArgumentError('Must be a number of at least 0.');
	return value;
}

/** The options, and whether the user set one. */
function readOptions(): { options: CliOptions; typed: (name: string) => boolean } {
	const { taskSeconds, tasksPerMinute, parallelTasks } = DEFAULT_SETTINGS;
	const command = new Command('sandbox')
		.description('Runs a fake HiDream server on this machine. It costs nothing and sends nothing to HiDream.')
		.option('--port <number>', 'TCP port; 0 = a free one', count, 4010)
		.option('--host <address>', 'address to listen on', '127.0.0.1')
		.option('--tasks-per-minute <number>', 'accepted tasks in any minute; 0 = no limit', count, tasksPerMinute)
		.addOption(new Option('--level <level>', 'member level').choices(Object.keys(parallelTasks)).default('free'))
		.option('--parallel <number>', 'tasks in progress, overrides the level; 0 = no limit', count)
		.option('--task-seconds <number>', 'how long a task takes', count, taskSeconds)
		.option('--sub-tasks <number>', 'sub tasks (result videos) per task', count, 1)
		.option('--token-minutes <number>', 'lifetime of tokens exchanged for an API key', count, 24 * 60)
		.option('--max-body-mb <number>', 'reject larger submits with 413; 0 = no limit', count, 0)
		.addOption(new Option('--bodies <how>', 'validate submits, or only count their bytes').choices(['check', 'count']).default('check'))
		.option('--latency-ms <number>', 'delay of every response', count, 0)
		.addOption(new Option('--callbacks <version>', 'body of callbacks').choices(['v2', 'v3', 'off']).default('v2'))
		.addOption(new Option('--recording <file>', 'replay the responses that npm run check:live recorded from HiDream').env(recordingVariable))
		.option('--access-token <token>', 'access token to accept; random by default', '')
		.option('--api-key <key>', 'API key to accept; random by default', '')
		.option('--quiet', 'no line per request', false)
		.parse();
	return { options: command.opts<CliOptions>(), typed: (name) => command.getOptionValueSource(name) === 'cli' };
}

function settingsOf(options: CliOptions, typed: (name: string) => boolean): Partial<SandboxSettings> {
	const { level, parallel, tokenMinutes, maxBodyMb, callbacks, recording, quiet, ...same } = options;
	const parallelTasks = { ...DEFAULT_SETTINGS.parallelTasks };
	if (parallel !== undefined) parallelTasks[level] = parallel === 0 ? Infinity : parallel;
	return {
		...same,
		accountLevel: level,
		parallelTasks,
		tokenLifetimeMs: tokenMinutes * 60_000,
		// Defaults do not override the recording.
		...((recording === undefined || typed('maxBodyMb')) && { maxBodyBytes: maxBodyMb * 1024 * 1024 }),
		...((recording === undefined || typed('callbacks')) && { callbacks }),
		...(recording !== undefined && { recording: readRecording(recording) }),
		logger: !quiet,
	};
}

function describe(sandbox: Sandbox, { tasksPerMinute, level, taskSeconds }: CliOptions): string {
	const table = new Table({ style: { head: [], border: [] } });
	table.push(
		['Base URL', sandbox.url],
		['Access token', sandbox.accessToken],
		['API key', sandbox.apiKey],
		['Sample video', `${sandbox.url}/media/sample.mp4`],
		['Limits', `${tasksPerMinute || 'unlimited'} tasks a minute, account level ${level}`],
		['A task takes', `${taskSeconds} s; [fail], [reject], [noresult] or [never] in a prompt changes the result`],
	);
	return `The fake HiDream server is running. Press Ctrl-C to stop it.\n${table.toString()}\n`;
}

async function main(): Promise<void> {
	const { options, typed } = readOptions();
	const sandbox = await startSandbox(settingsOf(options, typed));
	process.stdout.write(describe(sandbox, options));
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.once(signal, () => {
			// The process ends with exit code 0 when nothing is open.
			void sandbox.close();
		});
	}
}

main().catch((error: unknown) => {
	process.stderr.write(`The fake HiDream server did not start: ${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
