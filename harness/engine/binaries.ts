import type { Readable } from 'node:stream';
import type { IBinaryData, IRunExecutionData } from 'n8n-workflow';
import { BinaryDataService, Container } from './core';
import { useBinaryMode, type BinaryMode } from './engine';

/** Stores a video in n8n's binary mode, as an earlier node would; it is streamed. */
export async function storeVideo(video: Readable, mode: BinaryMode): Promise<IBinaryData> {
	await useBinaryMode(mode);
	const binary: IBinaryData = { mimeType: 'video/mp4', fileName: 'video.mp4', data: '' };
	const location = { type: 'execution', workflowId: 'engine-test', executionId: 'before' } as const;
	return await Container.get(BinaryDataService).store(location, video, binary);
}

/**
 * Does what n8n does with the binaries of an execution that a webhook, form or chat started: they were stored before the
 * execution had its ID, so n8n moves them at its end, and every reference in the saved data gets the new ID.
 */
export async function moveBinaries({ resultData }: IRunExecutionData): Promise<void> {
	const references = new Map<string, Set<IBinaryData>>();
	for (const tasks of Object.values(resultData.runData)) {
		for (const items of tasks.flatMap(({ data }) => data?.['main'] ?? [])) {
			for (const binary of (items ?? []).flatMap((item) => Object.values(item.binary ?? {}))) {
				const { id } = binary;
				if (id !== undefined) references.set(id, (references.get(id) ?? new Set()).add(binary));
			}
		}
	}
	for (const [id, binaries] of references) {
		const moved = id.replace(/\/executions\/[^/]+\//, '/executions/moved/');
		await Container.get(BinaryDataService).rename(withoutMode(id), withoutMode(moved));
		for (const binary of binaries) binary.id = moved;
	}
}

/** The bytes of a binary field, wherever n8n stores them. */
export async function bytesOfBinary(binary: IBinaryData | undefined): Promise<Buffer> {
	if (!binary) throw new Error('The item has no such binary field');
	return await Container.get(BinaryDataService).getAsBuffer(binary);
}

function withoutMode(id: string): string {
	return id.slice(id.indexOf(':') + 1);
}
