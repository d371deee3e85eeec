import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { checkAccount } from '../../hidream/query';
import { errorInfoOf } from '../../shared/messages/aboutErrors';
import type { ErrorInfo } from '../../shared/messages/message';
import { connectionOf } from '../../shared/n8nHttpClient';
import { messageOf, type FailedItem } from '../../shared/output';
import { Accounts, type Account } from '../account';
import { throwIfEnded } from '../finish';
import { ledgerOf } from '../runLedger';
import { IDEMPOTENCY_KEY } from '../options';
import { checked, isPlan, planAll, type Plan } from '../plan';
import { predictOutcomes } from '../predictOutcomes';
import { estimateTimes, findExpiring, limitsOf } from '../workload';

/** What is wrong with the accounts of the items; if no item can be sent, with that of the first one. Costs nothing. */
async function findAccountErrors(context: IExecuteFunctions, plans: Array<Plan | FailedItem>): Promise<ErrorInfo[]> {
	const accounts = new Map<Account, number>();
	for (const [i, plan] of plans.entries()) {
		if (isPlan(plan) && !accounts.has(plan.account)) accounts.set(plan.account, i);
	}
	const first = accounts.size === 0 ? await checked(new Accounts(context).forItem(0)) : undefined;
	if (first && !('errorInfo' in first)) accounts.set(first, 0);
	const errors: ErrorInfo[] = [];
	for (const [account, item] of accounts) {
		const reason = await checkAccount(connectionOf(context, account), context.getExecutionCancelSignal());
		if (!reason) continue;
		const errorInfo = errorInfoOf(reason);
		errors.push(accounts.size > 1 ? { ...errorInfo, message: `${errorInfo.message} [account of item ${item}]` } : errorInfo);
	}
	return errors;
}

const problemJson = (item: number | null, failed: FailedItem): IDataObject => ({
	item,
	error: failed.errorInfo.message,
	message: messageOf(failed),
});

/**
 * Checks all items and estimates what submitting them takes. Returns one item that is paired with all of them. Nothing is
 * paid: no video is sent, no idempotency key is used up, the ledger is only read. Each account is checked with one query
 * that creates no task.
 * @throws NodeOperationError when the execution is cancelled; errors of items are part of the output
 */
export async function executeCheck(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const ledger = ledgerOf(context);
	const plans = await planAll(context, ledger, { readMore: (parameters) => ({ idempotencyKey: parameters.option(IDEMPOTENCY_KEY) }) });
	const outcomes = predictOutcomes(plans, ledger);
	const tasks = new Map(plans.flatMap((plan, i): Array<[number, Plan]> => (isPlan(plan) && outcomes[i] === 'task' ? [[i, plan]] : [])));
	const failed = outcomes.flatMap((outcome, item) => (typeof outcome === 'string' ? [] : [{ item, failed: outcome }]));
	const accountErrors = await findAccountErrors(context, plans);
	throwIfEnded(context, { done: new Map(), failed: new Map() }, ledger);
	const json: IDataObject = {
		status: 'checked',
		items: plans.length,
		tasks: tasks.size,
		already_submitted: outcomes.filter((outcome) => outcome === 'already submitted').length,
		invalid: failed.filter((item) => item.failed.status === 'invalid').length,
		uncertain: failed.filter((item) => item.failed.status === 'uncertain').length,
		...estimateTimes([...tasks.values()]),
		...limitsOf(plans.filter(isPlan)),
		problems: [
			...accountErrors.map((errorInfo) => problemJson(null, { status: 'invalid', errorInfo })),
			...failed.map((item) => problemJson(item.item, item.failed)),
			...[...findExpiring(tasks, Date.now())].map(([item, expiring]) => problemJson(item, expiring)),
		],
	};
	return [[{ json, pairedItem: plans.map((_, item) => ({ item })) }]];
}
