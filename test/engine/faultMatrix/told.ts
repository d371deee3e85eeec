/** What a user is told of a run: by the items that come out, or by the error that ends it. */
import type { IDataObject, NodeApiError } from 'n8n-workflow';
import type { Outcome } from '../../../harness/engine';
import { ITEMS } from './cells';
import type { State } from './expected';

/** An item behind the node, with the input item that n8n takes it to be paired with. */
export interface ToldItem {
	/** The number of that input item. */
	of: number;
	behind: 'Done' | 'Failed';
	json: IDataObject;
}

export interface Told {
	items: ToldItem[];
	/** The message of the error that ended the run; empty when there was none. */
	message: string;
	/** All of it as one text. */
	words: string;
	/** What is said of each input item. */
	states: State[];
	/** How many items were not tried, by the error's own count. */
	notTried: number;
}

/** Each follower of the node runs only if items came to it. */
function itemsBehind(outcome: Outcome, behind: 'Done' | 'Failed'): ToldItem[] {
	if (!outcome.run.data.resultData.runData[behind]) return [];
	return outcome.items(behind).map(({ json }) => {
		const { from, got } = json as { from: IDataObject; got: IDataObject };
		return { of: Number(from['n']), behind, json: got };
	});
}

/** The state that an item tells; a task that was waited for as well was submitted once. */
function stateOf({ status, details }: IDataObject): State {
	const told = details ? (details as IDataObject)['status'] : status;
	return (told === 'succeeded' ? 'submitted' : told) as State;
}

/** An error names the item that failed and all tasks; what it does not name was not tried. */
function statesByError(outcome: Outcome, taskIds: string[][]): State[] {
	const { message, context } = outcome.failure as NodeApiError;
	const failed: State = outcome.words.includes('before you send this video again') ? 'uncertain' : 'refused';
	return Array.from({ length: ITEMS }, (_, n): State => {
		if (n === context['itemIndex']) return failed;
		return taskIds[n]?.some((taskId) => message.includes(taskId)) ? 'submitted' : 'not_tried';
	});
}

/** @param taskIds the tasks that the service made of each item */
export function toldBy(outcome: Outcome, taskIds: string[][]): Told {
	if (outcome.error) {
		const { message } = outcome.failure;
		const notTried = Number(/(\d+) items? (?:was|were) not tried/.exec(message)?.[1] ?? 0);
		return { items: [], message, words: outcome.words, states: statesByError(outcome, taskIds), notTried };
	}
	const items = [...itemsBehind(outcome, 'Done'), ...itemsBehind(outcome, 'Failed')].sort((a, b) => a.of - b.of);
	const states = items.map(({ json }) => stateOf(json));
	const notTried = states.filter((state) => state === 'not_tried').length;
	return { items, message: '', words: JSON.stringify(items), states, notTried };
}
