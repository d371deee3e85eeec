import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { n8nFolder, n8nVersion } from '../../harness/cache';
import { removeFolder, temporaryFolder } from '../../harness/guard';
import type { StoredWorkflow } from '../../harness/n8n/workflow';
import type { N8nInstance } from '../../harness/n8nInstance';
import { startN8n } from '../../harness/n8nInstance';
import { ensureN8n, installSize, isN8nInstalled } from '../../harness/n8nInstall';
import { packageTarball } from '../../harness/packageTarball';
import { compilerCommand } from '../../harness/sqliteBuild';
import { terminalStep } from '../terminal';
import type { OpenThings } from './closing';
import { example, withNote } from './examples';
import { openBrowser } from './openBrowser';
import type { DemoService } from './service';
import { demoVideo } from './service';
import { openSignInPage } from './signIn';

/** Announces the next step, which takes minutes. */
async function announce(haveResult: boolean): Promise<void> {
	if (await isN8nInstalled()) {
		console.log(`\nNext: a real n8n ${n8nVersion} with this node, about a minute. Press Ctrl-C to stop.`);
		return;
	}
	const lines = [
		`\nNext: a real n8n ${n8nVersion} with this node. The first time, n8n is downloaded:`,
		`  size      ${installSize} on disk, in ${n8nFolder()}`,
		'  time      5 to 10 minutes; later starts take about a minute',
		'  compiler  If npm has no ready-made database driver (sqlite3) for this system, it',
		'            is compiled here, which needs a C++ compiler, make and Python 3. Get',
		`            them with: ${compilerCommand}`,
		`Ctrl-C is fine: ${haveResult ? 'the result above stands, and ' : ''}the next start needs less time,`,
		'since npm keeps what it has downloaded.\n',
	];
	console.log(lines.join('\n'));
}

/** A real n8n with the node installed. It can read files from one folder only, which contains the sample video. */
async function startWithNode(open: OpenThings, tgz: string): Promise<{ n8n: N8nInstance; filePath: string }> {
	const folder = await temporaryFolder('files');
	open.add(async () => await removeFolder(folder));
	const videos = join(folder, 'videos');
	await mkdir(videos);
	const filePath = join(videos, 'sample.mp4');
	await copyFile(demoVideo, filePath);
	const n8n = await startN8n({ tgz, env: { N8N_RESTRICT_FILE_ACCESS_TO: videos } });
	open.add(async () => await n8n.stop());
	return { n8n, filePath };
}

/** The note of the first workflow for the fake HiDream server. */
const freeNote = `## Stylize one video with a fake HiDream server

The credential of this n8n uses a **fake HiDream server** on this machine. It is **free**: it sends nothing to HiDream and needs no account.

1. Click **Execute workflow** and wait about half a minute.
2. Double-click **HiDream Stylize Video**. The output has \`status\` and \`video_url\`.
3. Select **Binary** in the output panel and click **View** to play the finished video.

The fake server returns the same short video for each task, whatever the style.`;

/** Stores the credential and the example workflows; returns the workflow that ends with a finished video. */
async function importExamples(n8n: N8nInstance, { credential, videoUrl, isFree }: DemoService, filePath: string): Promise<StoredWorkflow> {
	const stored = await n8n.importCredential(credential);
	const url: Record<string, string> = videoUrl === undefined ? {} : { videoUrl };
	await n8n.importWorkflow(await example('submit-by-url.json', url), [stored]);
	await n8n.importWorkflow(await example('submit-a-file.json', { filePath }), [stored]);
	const toVideo = await example('video-by-url.json', url);
	return await n8n.importWorkflow(isFree ? withNote(toVideo, freeNote) : toVideo, [stored]);
}

/** Starts a real n8n with the node, the credential and example workflows, and shows how to open its editor. */
export async function openEditor(open: OpenThings, service: DemoService, haveResult: boolean): Promise<void> {
	await announce(haveResult);
	await terminalStep(`Install n8n ${n8nVersion}`, async (report) => await ensureN8n(report));
	const tgz = await terminalStep('Build and pack the node', async () => await packageTarball());
	const { n8n, filePath } = await terminalStep('Start n8n with the node', async () => await startWithNode(open, tgz));
	const workflow = await terminalStep('Import the credential and example workflows', async () => await importExamples(n8n, service, filePath));
	const path = `/workflow/${workflow.id}`;
	const page = await openSignInPage(n8n.url, n8n.login, path);
	open.add(page.close);
	console.log(`
n8n is running. This link opens a workflow with the node, already signed in:

  ${page.url}

1. Click "Execute workflow" and wait ${service.isFree ? 'about half a minute. This is free:' : 'some minutes. This costs credits:'}
   it uses ${service.name}.
2. Double-click "HiDream Stylize Video". The finished video is in the output
   panel: select "Binary" and click "View".

The workflow: ${n8n.url}${path}
To sign in yourself: ${n8n.login.email}, ${n8n.login.password}
Press Ctrl-C to stop n8n and remove its data.`);
	openBrowser(page.url);
}
