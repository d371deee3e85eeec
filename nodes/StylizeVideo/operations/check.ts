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
import { checked, failedPlans, isPlan, planAll, type Plan } from '../plan';
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

/**
 * The items that would become a task, by index. Of valid items with the same idempotency key, only the first one would.
 * Whether an earlier execution has used a key is unknown: n8n cannot check a key without recording it.
 */
function findTasks(plans: Array<(Plan & { more: string }) | FailedItem>): Map<number, Plan> {
	const keys = new Set<string>();
	const tasks = new Map<number, Plan>();
	for (const [i, plan] of plans.entries()) {
		if (!isPlan(plan) || keys.has(plan.more)) continue;
		if (plan.more !== '') keys.add(plan.more);
		tasks.set(i, plan);
	}
	return tasks;
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
	const plans = await planAll(context, ledger, { readMore: (parameters) => parameters.option(IDEMPOTENCY_KEY) });
	const tasks = findTasks(plans);
	const invalid = failedPlans(plans);
	const accountErrors = await findAccountErrors(context, plans);
	throwIfEnded(context, { done: new Map(), failed: new Map() }, ledger);
	const json: IDataObject = {
		status: 'checked',
		items: plans.length,
		tasks: tasks.size,
		already_submitted: plans.length - tasks.size - invalid.size,
		invalid: invalid.size,
		...estimateTimes([...tasks.values()]),
		...limitsOf(plans.filter(isPlan)),
		problems: [
			...accountErrors.map((errorInfo) => problemJson(null, { status: 'invalid', errorInfo })),
			...[...invalid].map(([item, failed]) => problemJson(item, failed)),
			...[...findExpiring(tasks, Date.now())].map(([item, expiring]) => problemJson(item, expiring)),
		],
	};
	return [[{ json, pairedItem: plans.map((_, item) => ({ item })) }]];
}
