/** What a user reads about a run: from the output items, or from the error that ends it. */
import type { IDataObject, NodeApiError } from 'n8n-workflow';
import type { RunOutcome } from '../../../harness/engine';
import { ITEMS } from './cells';
import type { State } from './expected';

/** An output item of the node, with its paired input item. */
export interface ReportedItem {
	/** The number of that input item. */
	of: number;
	behind: 'Done' | 'Failed';
	json: IDataObject;
}

export interface Reported {
	items: ReportedItem[];
	/** The message of the error that ended the run; empty without one. */
	message: string;
	/** All of it as one text. */
	words: string;
	/** The reported status of each input item. */
	states: State[];
	/** The number of items not tried, from the error. */
	notTried: number;
}

/** A node after the tested one only runs if it gets items. */
function itemsBehind(outcome: RunOutcome, behind: 'Done' | 'Failed'): ReportedItem[] {
	if (!outcome.run.data.resultData.runData[behind]) return [];
	return outcome.items(behind).map(({ json }) => {
		const { from, got } = json as { from: IDataObject; got: IDataObject };
		return { of: Number(from['n']), behind, json: got };
	});
}

/** The status of an output item; a task that was also waited for was submitted once. */
function stateOf({ status, details }: IDataObject): State {
	const reported = details ? (details as IDataObject)['status'] : status;
	return (reported === 'succeeded' ? 'submitted' : reported) as State;
}

/** An error names the failed item and all tasks; all other items were not tried. */
function statesOfError(outcome: RunOutcome, taskIds: string[][]): State[] {
	const { message, context } = outcome.failure as NodeApiError;
	const failed: State = outcome.words.includes('before you send this video again') ? 'uncertain' : 'refused';
	return Array.from({ length: ITEMS }, (_, n): State => {
		if (n === context['itemIndex']) return failed;
		return taskIds[n]?.some((taskId) => message.includes(taskId)) ? 'submitted' : 'not_tried';
	});
}

/** @param taskIds the service's tasks for each item */
export function reportedBy(outcome: RunOutcome, taskIds: string[][]): Reported {
	if (outcome.error) {
		const { message } = outcome.failure;
		const notTried = Number(/(\d+) items? (?:was|were) not tried/.exec(message)?.[1] ?? 0);
		return { items: [], message, words: outcome.words, states: statesOfError(outcome, taskIds), notTried };
	}
	const items = [...itemsBehind(outcome, 'Done'), ...itemsBehind(outcome, 'Failed')].sort((a, b) => a.of - b.of);
	const states = items.map(({ json }) => stateOf(json));
	const notTried = states.filter((state) => state === 'not_tried').length;
	return { items, message: '', words: JSON.stringify(items), states, notTried };
}
