/**
 * Submits videos with the node in n8n's own engine (n8n-core), which runs in this process. It is a process of its own
 * because n8n-core changes the environment of the process that loads it. Reads an `EmbeddedJob` from standard input and
 * writes a list of `Submission` to file descriptor 3.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';

import type { Outcome, SourceItem } from '../../harness/engine';
import { closeEngine, Instance } from '../../harness/engine';
import { HiDreamApi } from '../../credentials/HiDreamApi.credentials';
// With its extension: tsx would take the .json file of this name.
import { StylizeVideo } from '../../nodes/StylizeVideo/StylizeVideo.node.js';
import type { EmbeddedJob } from './embeddedRun';
import { sampleVideo } from './service';
import type { Submission } from './submission';

function submissionOf(input: string, style: string, outcome: Outcome): Submission {
	if (outcome.error) return { input, style, taskId: '', status: 'failed', problem: outcome.words };
	const [json = {}] = outcome.json();
	return { input, style, taskId: String(json['task_id'] ?? ''), status: String(json['status']) };
}

async function submitAll({ credentialData, videoUrl, proxies }: EmbeddedJob): Promise<Submission[]> {
	// The engine starts without the machine's proxies.
	Object.assign(process.env, proxies);
	const n8n = new Instance('n8n-nodes-hidream.stylizeVideo', new StylizeVideo(), new HiDreamApi());
	const credential = n8n.credentials.add(credentialData);
	const submit = async (input: string, style: string, parameters: Record<string, string>, item: SourceItem): Promise<Submission> => {
		const outcome = await n8n.run({ parameters: { operation: 'submit', style, ...parameters }, credential, items: [item] });
		return submissionOf(input, style, outcome);
	};
	const submissions: Submission[] = [];
	if (videoUrl !== undefined) {
		submissions.push(await submit('video URL', 'anime', { inputType: 'url', videoUrl: '={{ $json.videoUrl }}' }, { json: { videoUrl } }));
	}
	submissions.push(
		await submit('MP4 file', 'ink_wash', { inputType: 'binary', binaryPropertyName: 'data' }, { binary: { data: readFileSync(sampleVideo) } }),
	);
	return submissions;
}

async function main(): Promise<void> {
	try {
		const job = JSON.parse(await text(process.stdin)) as EmbeddedJob;
		writeFileSync(3, JSON.stringify(await submitAll(job)));
	} finally {
		closeEngine();
	}
}

main().then(
	() => process.exit(0),
	(error: unknown) => {
		console.error(error);
		process.exit(1);
	},
);
