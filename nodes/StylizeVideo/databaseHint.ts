import type { IExecuteFunctions } from 'n8n-workflow';
import { sizeText } from '../video/measureDownload';

/** Smaller videos do n8n no harm, in bytes. */
const WORTH_A_HINT = 16_000_000;

/**
 * Says in the editor that n8n's database holds the videos, where it does: n8n loads each one whole, several times
 * over, before a node sees its first byte, and no node can change that.
 * @param sizes of the videos that come from n8n's database, in bytes
 */
export function hintAtDatabase(context: IExecuteFunctions, sizes: number[]): void {
	const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
	if (largest < WORTH_A_HINT) return;
	context.addExecutionHints?.({
		message: `n8n keeps binary files in its database here, so it loads each video whole into memory, several times over (the largest here: ${sizeText(largest)}). To avoid that, set "Input Type" to URL, or let n8n keep binary files in a folder that all its processes share (N8N_DEFAULT_BINARY_DATA_MODE=filesystem) or in S3.`,
		type: 'warning',
		location: 'outputPane',
	});
}
