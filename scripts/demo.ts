import { Option, program } from 'commander';

import { forgetSecrets } from '../harness/environment';
import { UnsupportedPlatformError } from '../harness/nodeRuntime';
import { MissingCompilerError } from '../harness/sqliteBuild';
import { OpenThings, onInterrupt } from './demo/closing';
import { openEditor } from './demo/editor';
import { runEmbedded } from './demo/embeddedRun';
import { askForLiveService } from './demo/live';
import type { DemoService } from './demo/service';
import { fakeService } from './demo/service';
import type { DemoSubmission } from './demo/submission';
import { isAccepted } from './demo/submission';
import { submissionTable } from './demo/table';
import { terminalStep } from './terminal';

interface Options {
	once?: true;
	editor?: true;
	live?: true;
	videoUrl?: string;
}

program
	.name('npm start --')
	.description('Submits two videos with the node in n8n\'s own engine, then opens a real n8n with the node in it.')
	.option('--once', 'end after the two videos; the exit code is 0 only if both were accepted')
	.addOption(new Option('--editor', 'skip the two videos and open n8n').conflicts(['once', 'live']))
	.option('--live', 'use the real HiDream with your token; shows what it will submit and asks first, since it costs credits')
	.option('--video-url <url>', 'with --live: the public URL of the video to submit by URL');

/** Submits the videos and shows the results, also if a later one fails or the user stops. Returns whether HiDream accepted all. */
async function submitVideos(open: OpenThings, service: DemoService): Promise<boolean> {
	const submissions: DemoSubmission[] = [];
	let shown = 0;
	const show = (): void => {
		if (submissions.length > shown) console.log(`\n${submissionTable(submissions)}`);
		shown = submissions.length;
	};
	open.add(async () => show());
	await terminalStep('Submit a video URL and an MP4 file with the node, in n8n\'s engine', async () => {
		await runEmbedded(service, (submission) => submissions.push(submission));
	});
	show();
	const accepted = submissions.filter(isAccepted);
	const missing = accepted.filter(({ taskId }) => !service.knows(taskId));
	for (const { taskId } of missing) console.error(`There is no task ${taskId} on ${service.name}.`);
	const good = submissions.length > 0 && accepted.length === submissions.length && missing.length === 0;
	console.log(good ? `Accepted by ${service.name}: ${accepted.length} of ${submissions.length} videos.` : 'Not all videos were accepted; see above.');
	return good;
}

/** Opens n8n and keeps it open. If this machine cannot run it, an existing result still counts. */
async function keepEditorOpen(open: OpenThings, service: DemoService, haveResult: boolean): Promise<void> {
	try {
		await openEditor(open, service, haveResult);
	} catch (error) {
		const expected = error instanceof MissingCompilerError || error instanceof UnsupportedPlatformError;
		if (!haveResult || !expected) throw error;
		console.log(`\nn8n cannot start on this machine yet:\n${error.message}\n\n  ${error.command}\n\nRun this command, then run \`npm start -- --editor\`. The result above stands.`);
		return;
	}
	await new Promise(() => undefined);
}

async function main(options: Options): Promise<number> {
	const open = new OpenThings();
	let codeWhenInterrupted = 130;
	const interrupted = new Promise<void>((resolve) => onInterrupt(resolve)).then(() => {
		console.log('\nStopping …');
		return codeWhenInterrupted;
	});
	const work = async (): Promise<number> => {
		const service = options.live ? await askForLiveService(options) : await fakeService();
		open.add(service.close);
		const good = options.editor === true || (await submitVideos(open, service));
		if (options.once) {
			if (good && service.isFree) console.log('The fake server has stopped; no video was restyled. Next: npm start -- --editor, or "Install" in README.md.');
			return good ? 0 : 1;
		}
		codeWhenInterrupted = good ? 0 : 1;
		await keepEditorOpen(open, service, options.editor !== true);
		return codeWhenInterrupted;
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
