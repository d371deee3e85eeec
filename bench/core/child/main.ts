/** The measured process: n8n's engine without its server. It stores videos and submits one per order. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { IBinaryData } from 'n8n-workflow';
import { storeVideo } from '../../../harness/engine/binaries';
import { BinaryDataService, Container } from '../../../harness/engine/core';
import type { ChildReply, ChildSettings, Order } from '../protocol';
import { fillHeap } from './ballast';
import { measureMemory } from './memory';
import { Workflow } from './workflow';

const send = (response: ChildReply) => void process.send?.(response);

/** Flushes the file, so that the disk is idle during the measurement. */
async function settle({ id }: IBinaryData): Promise<void> {
	if (id === undefined) return;
	const file = await open(Container.get(BinaryDataService).getPath(id));
	await file.sync();
	await file.close();
}

async function submit(workflow: Workflow, video: IBinaryData, measuresMemory: boolean): Promise<ChildReply> {
	const stop = measuresMemory ? measureMemory() : undefined;
	const started = performance.now();
	await workflow.run(video);
	const ms = performance.now() - started;
	return { kind: 'done', ms, ...(stop && { memory: await stop() }) };
}

async function main(settings: ChildSettings): Promise<void> {
	const { binaryMode, heapMiB, measuresMemory, files } = settings;
	const videos = new Map<string, IBinaryData>();
	for (const file of files) videos.set(file, await storeVideo(createReadStream(file), binaryMode));
	for (const video of videos.values()) await settle(video);
	const workflow = new Workflow(settings);
	fillHeap(heapMiB);
	process.on('message', ({ file }: Order) => {
		const video = videos.get(file);
		if (!video) throw new Error(`The file ${file} is not stored`);
		submit(workflow, video, measuresMemory).then(send, ({ message }: Error) => send({ kind: 'failed', reason: message }));
	});
	send({ kind: 'ready' });
}

process.once('disconnect', () => process.exit());
void main(JSON.parse(process.argv[2] ?? '') as ChildSettings);
