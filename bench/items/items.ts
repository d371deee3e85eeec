import { randomUUID } from 'node:crypto';
import type { TaskRecord } from '../../sandbox';

/** One item of the workflow. */
export interface UrlItem {
	number: number;
	videoUrl: string;
	/** For nodes that do not create one. */
	requestId: string;
}

const urlOf = (number: number): string => `https://example.com/video-${number}.mp4`;

/** The same for all ways: an expression takes n8n half a millisecond, so each way has one per item. */
export const ITEM_PROMPT = 'soft morning light';

export const ITEM_STYLE = 'anime';

/** Creates items, each with its own video. */
export const urlItems = (count: number): UrlItem[] =>
	Array.from({ length: count }, (_, number) => ({ number, videoUrl: urlOf(number), requestId: randomUUID() }));

/** Throws unless each item became exactly one task, with its own URL, prompt and style. */
export function assertSubmittedOnce(items: readonly UrlItem[], tasks: readonly TaskRecord[]): void {
	if (tasks.length !== items.length) throw new Error(`${items.length} items became ${tasks.length} tasks`);
	const byUrl = new Map(tasks.map((task) => [task.video.kind === 'url' ? task.video.url : '', task]));
	for (const { number, videoUrl } of items) {
		const task = byUrl.get(videoUrl);
		if (task?.prompt !== ITEM_PROMPT || task.style !== ITEM_STYLE) throw new Error(`Item ${number} became another task`);
	}
}
