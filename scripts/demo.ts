import { program } from 'commander';

import { forgetSecrets } from '../harness/environment';
import { OpenThings, onInterrupt } from './demo/closing';
import { askForLiveService } from './demo/live';
import type { Service } from './demo/service';
import type { Demo } from './demo/steps';
import { demoSteps } from './demo/steps';
import { submissionTable } from './demo/table';

interface Options {
	once?: true;
	live?: true;
	videoUrl?: string;
}

program
	.name('npm start --')
	.description('Submits two videos with a real n8n that has this node installed, and leaves its editor open.')
	.option('--once', 'end after the run; the exit code is 0 only if every task was accepted')
	.option('--live', 'use the real HiDream with your token; shows what it will submit and asks first, since it costs credits')
	.option('--video-url <url>', 'with --live: the public URL of the video to submit by URL');

/** Whether every video was accepted, and the service has the tasks that the node named. */
function judge({ service, submissions }: Demo): boolean {
	const strangers = submissions.filter(({ accepted, taskId }) => accepted && service?.knows?.(taskId) === false);
	for (const { taskId } of strangers) console.error(`The stand-in has no task ${taskId}.`);
	const good = submissions.length > 0 && strangers.length === 0 && submissions.every(({ accepted }) => accepted);
	console.log(
		good
			? `All ${submissions.length} tasks were accepted by ${service?.name ?? 'the service'}.`
			: 'Not every task was accepted; the table says what happened.',
	);
	return good;
}

function showEditor({ n8n }: Demo): void {
	console.log(`\nThe editor is open at ${n8n?.url ?? ''}`);
	console.log(`  e-mail    ${n8n?.login.email ?? ''}\n  password  ${n8n?.login.password ?? ''}`);
	console.log('Press Ctrl-C to stop n8n and remove what it left.');
}

async function main(options: Options): Promise<number> {
	const open = new OpenThings();
	const interrupted = new Promise<number>((resolve) => onInterrupt(() => resolve(130)));
	const work = async (): Promise<number> => {
		const service: Service | undefined = options.live && (await askForLiveService(options));
		const demo = await demoSteps(open).run({ workflows: [], submissions: [], ...(service && { service }) });
		console.log(`\n${submissionTable(demo.submissions)}`);
		const code = judge(demo) ? 0 : 1;
		if (options.once) return code;
		showEditor(demo);
		await interrupted;
		return code;
	};
	try {
		return await Promise.race([work(), interrupted]);
	} finally {
		await open.close();
	}
}

const options = program.parse().opts<Options>();
if (!options.live) forgetSecrets();
main(options)
	.catch((error: unknown) => {
		console.error(error instanceof Error ? error.message : String(error));
		return 1;
	})
	.then((code) => process.exit(code));
