/** A row of the fault matrix. */
import type { Fault } from '../../../sandbox';
import type { Behaviour } from '../support/brokenNetwork';

/** `retryable`: surely no task now, and the same request is worth repeating. */
export type Meaning = 'accepted' | 'retryable' | 'refused' | 'uncertain';

/** Nobody listens at the address of the item that is hit. */
export interface ClosedHost {
	type: 'closedHost';
}

/** The item that is hit goes through a proxy, or to a host, that lets nothing through. */
export interface BrokenHost {
	type: 'brokenHost';
	via: 'proxy' | 'tls';
	behave: Behaviour;
}

export interface Row<F = Fault | ClosedHost | BrokenHost> {
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
	/** Is also shown as a fault that lasts, since it looks different then; or only so. */
	lasts?: true | 'only';
	/** One run for each column is enough: the fault differs from another row's in its status only. */
	brief?: true;
}

/** The service said plainly that there is no task, and there was one: no client can know. */
export const isFalseRefusal = ({ means, makesTask }: Row): boolean => makesTask && (means === 'refused' || means === 'retryable');

/** HiDream responds with a status or a code and makes no task. */
export const isResponse = ({ fault }: Row): boolean => fault.type === 'status' || fault.type === 'code';
