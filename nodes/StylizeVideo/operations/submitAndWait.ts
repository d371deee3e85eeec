import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { ledgerOf } from '../runLedger';
import { failAll, failedPlans, planAll } from '../plan';
import { throwIfEnded } from '../finish';
import { waitByCallback } from '../waiting/callback';
import { itemsOfSuspendedCall } from '../waiting/suspendedItems';
import { waitByPolling } from '../waiting/polling';
import { readWaitBy, readWaitSettings } from '../resultSettings';
import { resumeUrlOf } from '../waiting/suspend';

/**
 * Submits one task per input item and returns their results in input order. A task that takes longer than "Max Wait" has
 * the status `timed_out` and its task ID.
 * @throws NodeApiError or NodeOperationError for the first item that failed, unless the node continues on fail
 */
export async function executeSubmitAndWait(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const suspended = itemsOfSuspendedCall(context);
	if (suspended) return [suspended];
	const ledger = ledgerOf(context);
	const waitBy = await readWaitBy(context);
	const resumeUrl = waitBy === 'callback' ? resumeUrlOf(context) : undefined;
	const plans =
		typeof waitBy === 'string'
			? await planAll(context, ledger, { readMore: readWaitSettings, notifyUrl: resumeUrl ?? '' })
			: failAll(context, ledger, waitBy);
	throwIfEnded(context, { done: new Map(), failed: failedPlans(plans) }, ledger);
	return resumeUrl === undefined
		? await waitByPolling(context, plans, ledger)
		: await waitByCallback(context, plans, ledger, resumeUrl);
}
