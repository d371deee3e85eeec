/**
 * Submits videos with the node in n8n's own engine (n8n-core), in a separate process because n8n-core changes the
 * environment of the process that loads it. Reads an `EmbeddedJob` from standard input and writes each `Submission` as a
 * line to file descriptor 3 when it has ended: a later failure must not lose a task ID.
 */
import { readFileSync, writeSync } from 'node:fs';
import { text } from 'node:stream/consumers';

import type { RunOutcome, SourceItem } from '../../harness/engine';
import { closeEngine, Instance } from '../../harness/engine';
import { HiDreamApi } from '../../credentials/HiDreamApi.credentials';
// With its extension: otherwise tsx imports the .json file of this name.
import { StylizeVideo } from '../../nodes/StylizeVideo/StylizeVideo.node.js';
import type { EmbeddedJob } from './embeddedRun';
import { demoVideo } from './service';
import type { DemoSubmission } from './submission';

function submissionOf(input: string, style: string, outcome: RunOutcome): DemoSubmission {
	if (outcome.error) return { input, style, taskId: '', status: 'failed', problem: outcome.words };
	const [json = {}] = outcome.json();
	return { input, style, taskId: String(json['task_id'] ?? ''), status: String(json['status']) };
}

async function submitAll({ credentialData, videoUrl, proxies }: EmbeddedJob): Promise<void> {
	// The engine starts without the machine's proxies.
	Object.assign(process.env, proxies);
	const n8n = new Instance('n8n-nodes-hidream.stylizeVideo', new StylizeVideo(), new HiDreamApi());
	const credential = n8n.credentials.add(credentialData);
	const submit = async (input: string, style: string, parameters: Record<string, string>, item: SourceItem): Promise<void> => {
		const outcome = await n8n.run({ parameters: { operation: 'submit', style, ...parameters }, credential, items: [item] });
		writeSync(3, `${JSON.stringify(submissionOf(input, style, outcome))}\n`);
	};
	if (videoUrl !== undefined) {
		await submit('video URL', 'anime', { inputType: 'url', videoUrl: '={{ $json.videoUrl }}' }, { json: { videoUrl } });
	}
	await submit('MP4 file', 'ink_wash', { inputType: 'binary', binaryPropertyName: 'data' }, { binary: { data: readFileSync(demoVideo) } });
}

async function main(): Promise<void> {
	try {
		await submitAll(JSON.parse(await text(process.stdin)) as EmbeddedJob);
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
