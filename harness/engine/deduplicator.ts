import { setImmediate } from 'node:timers/promises';
import type {
	DeduplicationItemTypes,
	DeduplicationScope,
	ICheckProcessedContextData,
	ICheckProcessedOptions,
	IDataDeduplicator,
	IDeduplicationOutput,
} from 'n8n-workflow';
import { DataDeduplicationService } from './core';

/** Replaces n8n's table of processed entries, which outlives an execution. */
export class Deduplicator implements IDataDeduplicator {
	/** Recorded keys by workflow and node. */
	readonly recorded = new Map<string, Set<DeduplicationItemTypes>>();

	async checkProcessedAndRecord(
		items: DeduplicationItemTypes[],
		scope: DeduplicationScope,
		context: ICheckProcessedContextData,
		options: ICheckProcessedOptions,
	): Promise<IDeduplicationOutput> {
		const output: IDeduplicationOutput = { new: [], processed: [] };
		await this.change(scope, context, options, (known) => {
			for (const item of items) {
				output[known.has(item) ? 'processed' : 'new'].push(item);
				known.add(item);
			}
		});
		return output;
	}

	async removeProcessed(
		items: DeduplicationItemTypes[],
		scope: DeduplicationScope,
		context: ICheckProcessedContextData,
		options: ICheckProcessedOptions,
	): Promise<void> {
		await this.change(scope, context, options, (known) => {
			for (const item of items) known.delete(item);
		});
	}

	async clearAllProcessedItems(): Promise<never> {
		throw new Error('The node must not clear its recorded keys');
	}

	async getProcessedDataCount(): Promise<never> {
		throw new Error('The node must not count its recorded keys');
	}

	/** Reads the keys of the node and writes them back later, as n8n does: of two concurrent calls, one is lost. */
	private async change(scope: DeduplicationScope, context: ICheckProcessedContextData, options: ICheckProcessedOptions, edit: (known: Set<DeduplicationItemTypes>) => void) {
		if (scope !== 'node' || options.mode !== 'entries' || !context.node) {
			throw new Error('Keys must be recorded for the node, as entries');
		}
		const node = `${context.workflow.id}/${context.node.id}`;
		const known = new Set(this.recorded.get(node));
		await setImmediate();
		edit(known);
		this.recorded.set(node, known);
	}
}

let installed: Deduplicator | undefined;

/** Gives n8n-core an empty table of processed entries. n8n-core takes one table only, so a second call empties it. */
export async function useDeduplicator(): Promise<Deduplicator> {
	if (installed === undefined) {
		installed = new Deduplicator();
		await DataDeduplicationService.init(installed);
	}
	installed.recorded.clear();
	return installed;
}
