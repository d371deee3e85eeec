import { Listr } from 'listr2';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { removeFolder, temporaryFolder } from '../../harness/guard';
import type { StoredWorkflow } from '../../harness/n8n/workflow';
import type { N8nInstance } from '../../harness/n8nInstance';
import { startN8n } from '../../harness/n8nInstance';
import { ensureN8n } from '../../harness/n8nInstall';
import { packageTarball } from '../../harness/packageTarball';
import type { OpenThings } from './closing';
import { example } from './examples';
import type { Service } from './service';
import { sampleVideo, standIn } from './service';
import type { Submission } from './submission';
import { submissionOf } from './submission';

/** What the steps hand on to each other. */
export interface Demo {
	service?: Service;
	tarball?: string;
	files?: string;
	n8n?: N8nInstance;
	workflows: Array<{ input: string; workflow: StoredWorkflow }>;
	submissions: Submission[];
}

function need<T>(value: T | undefined): T {
	if (value === undefined) throw new Error('A step before this one did not do its work.');
	return value;
}

/** The demo's steps, from nothing to two submitted videos. `open` learns how to close what they open. */
export function demoSteps(open: OpenThings): Listr<Demo, 'default', 'simple'> {
	return new Listr<Demo, 'default', 'simple'>(
		[
			{
				title: 'Install n8n and its Node.js (kept for the next time)',
				task: async (_demo, task) => void (await ensureN8n((line) => (task.output = line))),
			},
			{
				title: 'Build and pack the node',
				task: async (demo, task) => {
					demo.tarball = await packageTarball((line) => (task.output = line));
				},
			},
			{
				title: 'Start the stand-in of HiDream',
				skip: (demo) => demo.service !== undefined && 'the real service is used',
				task: async (demo, task) => {
					demo.service = await standIn();
					open.add(demo.service.close);
					task.title = `Start ${demo.service.name}`;
				},
			},
			{ title: 'Start n8n with the node installed', task: startWithNode(open) },
			{ title: 'Import the credential and the example workflows', task: importAll },
			{
				title: 'Submit the videos',
				task: async (demo, task) => {
					for (const { input, workflow } of demo.workflows) {
						task.output = input;
						demo.submissions.push(submissionOf(input, await need(demo.n8n).run(workflow)));
					}
				},
			},
		],
		{ ctx: { workflows: [], submissions: [] }, registerSignalListeners: false, fallbackRenderer: 'simple' },
	);
}

/** A folder with the sample video, the only one that n8n may read files from, and n8n itself. */
function startWithNode(open: OpenThings) {
	return async (demo: Demo): Promise<void> => {
		const folder = await temporaryFolder('files');
		open.add(async () => await removeFolder(folder));
		demo.files = join(folder, 'videos');
		await mkdir(demo.files);
		await copyFile(sampleVideo, join(demo.files, 'sample.mp4'));
		const n8n = await startN8n({ tgz: need(demo.tarball), env: { N8N_RESTRICT_FILE_ACCESS_TO: demo.files } });
		open.add(async () => await n8n.stop());
		demo.n8n = n8n;
	};
}

async function importAll(demo: Demo): Promise<void> {
	const n8n = need(demo.n8n);
	const { credential, videoUrl } = need(demo.service);
	const stored = await n8n.importCredential(credential);
	const add = async (input: string, file: string, values: Record<string, string>): Promise<void> => {
		const workflow = await n8n.importWorkflow(await example(file, values), [stored]);
		demo.workflows.push({ input, workflow });
	};
	if (videoUrl !== undefined) await add(videoUrl, 'submit-by-url.json', { videoUrl });
	const filePath = join(need(demo.files), 'sample.mp4');
	await add('sample.mp4 (file)', 'submit-a-file.json', { filePath });
}
