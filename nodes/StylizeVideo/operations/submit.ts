import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { outputOf, throwIfEnded } from '../finish';
import { ledgerOf } from '../runLedger';
import { submissionJson } from '../../shared/output';
import { failedPlans, planAll, planOf } from '../plan';
import { submitAll } from '../submitAll';

/**
 * Submits one task per input item, without waiting for its end: all items are checked before the first one is
 * sent, each is sent at most once, and each output is paired with its input.
 * @throws NodeApiError or NodeOperationError for the first item that failed, unless the node continues on fail
 */
export async function executeSubmit(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const ledger = ledgerOf(context);
	const plans = await planAll(context, ledger, { readMore: () => undefined });
	const done = new Map<number, INodeExecutionData>();
	throwIfEnded(context, { done, failed: failedPlans(plans) }, ledger);
	const { submitted, ...ends } = await submitAll(context, plans, ledger, { keepsParallel: false });
	for (const [i, outcome] of submitted) {
		const plan = planOf(plans, i);
		if (plan) done.set(i, { json: submissionJson(outcome, plan.submission.styleOptions), pairedItem: { item: i } });
	}
	throwIfEnded(context, { done, ...ends }, ledger);
	return outputOf(context, { done, ...ends });
}
