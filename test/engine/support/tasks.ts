import { randomUUID } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import type { Sandbox } from '../../../sandbox';
import { ITEM_URL, type SubmitOptions } from './engine';

/** Creates one task like another client of the account: the node does not know it. */
export async function makeTask({ url, accessToken }: Pick<Sandbox, 'url' | 'accessToken'>, prompt = 'calm'): Promise<string> {
	const response = await fetch(`${url}/api-pub/gw/v2/video/video_edit/async`, {
		method: 'POST',
		headers: { Authorization: `Bearer ${accessToken}`, 'Content-Type': 'application/json' },
		body: JSON.stringify({ style: 'anime', prompt, video_name: ITEM_URL, request_id: randomUUID() }),
	});
	const { result } = (await response.json()) as { result: { task_id: string } };
	return result.task_id;
}

/** Creates `count` tasks and returns their IDs. */
export async function makeTasks(sandbox: Sandbox, count: number, prompt?: string): Promise<string[]> {
	return await Promise.all(Array.from({ length: count }, async () => await makeTask(sandbox, prompt)));
}

/** One input item for each ID, like the output of a submit, with its number. */
export const itemsOf = (taskIds: unknown[]) => taskIds.map((id, n) => ({ json: { n, task_id: id } as IDataObject }));

/** The values of one key in all items. */
export const pluck = (items: IDataObject[], key: string): unknown[] => items.map((json) => json[key]);

/** Runs Get Result for these tasks, with their videos. */
export const downloading = (taskIds: unknown[], { parameters, ...more }: SubmitOptions = {}): SubmitOptions => ({
	parameters: { operation: 'getResult', downloadVideo: true, ...parameters },
	items: itemsOf(taskIds),
	...more,
});
