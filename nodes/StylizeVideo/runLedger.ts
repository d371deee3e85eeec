import type { IExecuteFunctions, INode } from 'n8n-workflow';
import { errorInfoOf } from '../shared/messages/aboutErrors';
import { submittedEarlier, unresolvedEarlier } from '../shared/messages/aboutRuns';
import type { FailedItem } from '../shared/output';
import { Ledger, type Entry } from '../submission/ledger';
import { unresolvedRequest } from '../submission/submitItem';

/** n8n gives a node that runs as an AI tool its own type, which ends with "Tool". */
export const runsAsTool = ({ type }: INode): boolean => type.endsWith('Tool');

/**
 * Which run of the node this is: stable across Retry On Fail and a user's Retry. n8n's context object knows it; the
 * expression is for versions of n8n whose context does not, and fails where WEBHOOK_URL has no scheme.
 */
function runIndexOf(context: IExecuteFunctions): number {
	const known: unknown = 'runIndex' in context ? context.runIndex : undefined;
	return typeof known === 'number' ? known : Number(context.evaluateExpression('{{ $runIndex }}', 0));
}

/** The ledger of this run of the node; every further attempt of the same execution finds the same one. */
export function ledgerOf(context: IExecuteFunctions): Ledger {
	const scope = runsAsTool(context.getNode()) ? undefined : { runIndex: runIndexOf(context) };
	return new Ledger(context.getContext('node'), scope);
}

/**
 * What a failed check means for an item that an earlier attempt may have submitted. `invalid` means that there is no
 * task, so it is wrong for an item that was, or may have been, accepted.
 * @param entry the item's entry in the ledger
 */
export function afterEarlierAttempt(failed: FailedItem, entry: Entry | undefined): FailedItem {
	if (entry?.state === 'accepted') {
		return { status: 'query_failed', errorInfo: submittedEarlier(failed.errorInfo, entry.taskId), requestId: entry.requestId };
	}
	const reason = unresolvedRequest(entry);
	if (!entry || !reason) return failed;
	return { status: 'uncertain', errorInfo: unresolvedEarlier(errorInfoOf(reason), failed.errorInfo), requestId: entry.requestId };
}
