/** A row of the fault matrix. */
import type { Fault } from '../../../sandbox';
import type { Behavior } from '../support/brokenNetwork';

/** `retryable`: certainly no task now, and the same request is worth another attempt. */
export type Meaning = 'accepted' | 'retryable' | 'refused' | 'uncertain';

/** The address of the affected item has no server. */
export interface ClosedHost {
	type: 'closedHost';
}

/** The affected item goes to a proxy, or to a host, that breaks every connection. */
export interface BrokenHost {
	type: 'brokenHost';
	via: 'proxy' | 'tls';
	behave: Behavior;
}

export interface MatrixRow<F = Fault | ClosedHost | BrokenHost> {
	name: string;
	fault: F;
	means: Meaning;
	/** Whether the service created a task anyway. */
	makesTask: boolean;
	/** Fatal for all items: nothing else is sent in this run. */
	endsRun?: true;
	/** Videos are files, and the affected one has this number of bytes. */
	upload?: number;
	/** The account uses its API key, so its token can be renewed. */
	apiKey?: true;
	/** Whether it is also shown as a lasting fault, since the result differs; or only as one. */
	lasts?: true | 'only';
	/** One run for each column is enough: the fault differs from another row only in its status. */
	brief?: true;
}

/** The service said that there is no task, and there was one: no client can know. */
export const isFalseRefusal = ({ means, makesTask }: MatrixRow): boolean => makesTask && (means === 'refused' || means === 'retryable');

/** HiDream responds with a status or a code and creates no task. */
export const isResponse = ({ fault }: MatrixRow): boolean => fault.type === 'status' || fault.type === 'code';
