import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { HINTS } from '../shared/messages/aboutRuns';
import { escapeHtml } from '../shared/messages/message';
import { sizeText } from '../video/measureDownload';

/** In bytes. Smaller videos do not strain n8n's memory. */
const MIN_HINT_BYTES = 16_000_000;

const show = (context: IExecuteFunctions, message: string): void =>
	context.addExecutionHints?.({ message, type: 'warning', location: 'outputPane' });

/**
 * Says in the editor that n8n's database holds the videos: n8n loads each one whole, several times over, before a node
 * sees its first byte, and no node can change that.
 * @param sizes of the videos that come from n8n's database, in bytes
 */
export function hintAtDatabase(context: IExecuteFunctions, sizes: number[]): void {
	const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
	if (largest >= MIN_HINT_BYTES) show(context, HINTS.largeDatabaseFile(sizeText(largest)));
}

/** Says in the editor that tasks failed or were not downloaded: their items look like the others. */
export function hintAtFailedTasks(context: IExecuteFunctions, items: INodeExecutionData[]): void {
	const hint = (found: INodeExecutionData[], text: (found: number, items: number) => string, reason: unknown) => {
		if (found.length === 0) return;
		show(context, `${text(found.length, items.length)}${typeof reason === 'string' ? `: ${escapeHtml(reason)}` : ''}`);
	};
	const failed = items.filter(({ json }) => json.status === 'failed' || json.status === 'rejected');
	hint(failed, HINTS.tasksFailed, failed[0]?.json.failure_reason);
	const missing = items.filter(({ json }) => json.download_error !== undefined);
	hint(missing, HINTS.notDownloaded, missing[0]?.json.download_error);
}
