import { setTimeout as sleep } from 'node:timers/promises';
import type { INodeParameters } from 'n8n-workflow';
import type { SubmitOptions } from './hidream';

/** One item per prompt, submitted and waited for: asks every 50 ms, all tasks at once unless told otherwise. */
export const waiting = (prompts: string[], options: INodeParameters = {}, more: SubmitOptions = {}): SubmitOptions => ({
	items: prompts.map((prompt, n) => ({ json: { n, prompt } })),
	...more,
	parameters: {
		operation: 'submitAndWait',
		prompt: '={{ $json.prompt }}',
		options: { pollInterval: 0.05, parallelTasks: 0, concurrency: 5, ...options },
		...more.parameters,
	},
});

/** Waits until something is so; the test's own timeout is the limit. */
export async function until(so: () => boolean): Promise<void> {
	while (!so()) await sleep(5);
}

/** `count` prompts that differ. */
export const calm = (count: number): string[] => Array.from({ length: count }, (_, n) => `prompt ${n}`);

/** The keys of an item that was submitted and waited for. */
export const WAITED_KEYS = [
	'progress',
	'prompt',
	'request_id',
	'status',
	'style',
	'sub_task_ids',
	'sub_task_results',
	'task_id',
	'video_url',
	'video_urls',
];
