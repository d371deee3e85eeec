/** A large file whose upload is interrupted by a crash of n8n. Used in regular and in queue mode. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Sandbox } from '../../sandbox';
import { readLog } from './crash';
import { until } from './n8n';
import { byFile } from './workflows';

const video = Buffer.alloc(60 * 1024 * 1024, 'a long video\0');

/** Writes the file into a folder that n8n may read; returns its path. */
export async function largeVideo(folder: string): Promise<string> {
	const filePath = join(folder, 'long.mp4');
	await writeFile(filePath, video);
	return filePath;
}

/** `byFile`, with the item's `key` as Idempotency Key, if it has one. */
export const byFileWithKey: INodeParameters = { ...byFile, options: { idempotencyKey: '={{ $("Items").item.json.key ?? "" }}' } };

/** Makes the next upload slow: it takes 20 s. */
export function slowDown({ faults }: Sandbox): void {
	faults.add({ on: 'submit', fault: { type: 'slow', bytesPerSecond: 4_000_000 } });
}

/** Waits until some of the file has arrived. */
export async function untilUnderWay({ requests }: Sandbox): Promise<void> {
	await until('some of the file has arrived', () => (requests[0]?.bodyBytes ?? 0) > 4_000_000);
}

/**
 * Asserts that the file never arrived, that it has no task, and that the log names its request as one without a response.
 * Bytes in the sockets' buffers when n8n died get a moment to arrive.
 */
export async function expectCutOff({ requests, tasks }: Sandbox, log: string): Promise<void> {
	await sleep(6_000);
	expect(requests).toMatchObject([{ endpoint: 'submit', completed: false, status: null }]);
	expect(requests[0]?.bodyBytes).toBeLessThan(video.length);
	expect(tasks).toEqual([]);
	const { sent, accepted } = readLog(log);
	expect([sent.size, accepted.size]).toEqual([1, 0]);
}

/** Asserts that the fake HiDream server has one task, of the whole file, and that its ID was output. */
export function expectPaid({ tasks }: Sandbox, output: IDataObject[]): void {
	const sha256 = createHash('sha256').update(video).digest('hex');
	expect(tasks).toMatchObject([{ video: { kind: 'base64', bytes: video.length, sha256 } }]);
	expect(output).toMatchObject([{ status: 'submitted', task_id: tasks[0]?.taskId }]);
}
