/** A row of the fault matrix. */
import type { Fault } from '../../../sandbox';

/** `passes`: surely no task now, and the same request is worth repeating. */
export type Meaning = 'accepted' | 'passes' | 'refused' | 'uncertain';

/** Nobody listens at the address of the item that is hit. */
export interface ClosedHost {
	type: 'closedHost';
}

export interface Row<F = Fault | ClosedHost> {
	name: string;
	fault: F;
	means: Meaning;
	/** Whether the service made a task all the same. */
	makesTask: boolean;
	/** No other item would fare better: nothing else is sent in this run. */
	endsRun?: true;
	/** Videos go as files, and the one that is hit has so many bytes. */
	upload?: number;
	/** The account is used by its API key: a token can be renewed. */
	apiKey?: true;
	/** Is also shown as a fault that lasts, since it looks different then. */
	lasts?: true;
}

/** The service said plainly that there is no task, and there was one: no client can know. */
export const isLie = ({ means, makesTask }: Row): boolean => makesTask && (means === 'refused' || means === 'passes');
