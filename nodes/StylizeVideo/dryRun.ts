import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { ErrorInfo } from '../shared/messages';
import { Accounts } from './account';
import type { Account } from './account';
import { findAccountError } from './accountCheck';
import { throwIfEnded } from './finish';
import { findExpiring } from './expiring';
import { predictOutcomes } from './predictOutcomes';
import type { PredictedOutcome } from './predictOutcomes';
import { isExpression, ItemParameters } from '../shared/input';
import { ledgerOf } from './ledger';
import { messageOf } from '../shared/output';
import type { FailedItem } from '../shared/output';
import { checked, isPlan, planAll } from './plan';
import type { Plan, PlanSettings } from './plan';
import { limitsOf, estimateTimes } from './workload';

export interface DryRunSettings<M> extends PlanSettings<M> {
	/** Whether the run would keep the limit of parallel tasks too. */
	keepsParallel: boolean;
	/** What stands against the run as a whole, though each item may be fine. */
	findObstacles?: (plans: Array<Plan & { more: M }>) => Promise<ErrorInfo[]>;
}

/** Read alone, so that the expression of another option cannot fail it. */
const OPTION = ['options.dryRun', 'Dry Run'] as const;

function asksForDryRun(context: IExecuteFunctions, itemIndex: number): boolean {
	try {
		return new ItemParameters(context, itemIndex).flag(...OPTION);
	} catch {
		// What is neither yes nor no is no permission to spend money; the report names the item.
		return true;
	}
}

/** Whether any item asks for a dry run: a flag that differs between items must not get half of them paid for. */
export function isDryRun(context: IExecuteFunctions): boolean {
	// Options that are one expression do not reach the node, so it cannot know; the report says so.
	if (isExpression(context.getNodeParameter('options', 0, {}, { rawExpressions: true }))) return true;
	const typed = context.getNodeParameter(OPTION[0], 0, false, { rawExpressions: true });
	// Only an expression can differ between items; evaluating it for each of a thousand items takes time.
	if (typeof typed !== 'string' || !typed.startsWith('=')) return asksForDryRun(context, 0);
	return context.getInputData().some((_, i) => asksForDryRun(context, i));
}

/** What is wrong with the accounts of the items; where no item is fine, that of the first one is looked at. */
async function findAccountProblems(context: IExecuteFunctions, plans: Array<Plan | FailedItem>): Promise<ErrorInfo[]> {
	const accounts = new Map<Account, number>();
	for (const [i, plan] of plans.entries()) {
		if (isPlan(plan) && !accounts.has(plan.account)) accounts.set(plan.account, i);
	}
	const first = accounts.size === 0 ? await checked(new Accounts(context).forItem(0)) : undefined;
	if (first && !('errorInfo' in first)) accounts.set(first, 0);
	const problems: ErrorInfo[] = [];
	for (const [account, item] of accounts) {
		const errorInfo = await findAccountError(context, account);
		const which = accounts.size > 1 ? ` [account of item ${item}]` : '';
		if (errorInfo) problems.push({ ...errorInfo, message: errorInfo.message + which });
	}
	return problems;
}

const problemJson = (item: number | null, failed: FailedItem): IDataObject => ({
	item,
	error: failed.errorInfo.message,
	message: messageOf(failed),
});

/** The tasks whose URL expires while they wait for their turn; each still counts as a task. */
function findExpiringTasks(plans: Array<Plan | FailedItem>, fates: PredictedOutcome[], keepsParallel: boolean): Array<[item: number, failed: FailedItem]> {
	const tasks = plans.flatMap((plan, i): Array<[number, Plan]> => (isPlan(plan) && fates[i] === 'task' ? [[i, plan]] : []));
	return [...findExpiring(new Map(tasks), keepsParallel, Date.now())];
}

/**
 * Checks all items and reports what submitting them would take, in one item that is paired with all of them.
 * Nothing is paid: no video is sent, no key is used up, the ledger is only read. Each account is looked at with
 * one query that makes no task.
 * @throws NodeOperationError when the execution is cancelled; whatever is wrong with the items is reported
 */
export async function dryRun<M>(context: IExecuteFunctions, settings: DryRunSettings<M>): Promise<INodeExecutionData[][]> {
	const ledger = ledgerOf(context);
	const plans = await planAll(context, ledger, {
		...settings,
		readMore: (parameters) => ({
			dryRun: parameters.flag(...OPTION),
			onceKey: parameters.optionText('submitOnceKey', 'Submit Once Key'),
			wanted: settings.readMore(parameters),
		}),
	});
	const fates = predictOutcomes(plans, ledger);
	const valid = plans.filter(isPlan);
	const tasks = plans.filter((plan, i) => isPlan(plan) && fates[i] === 'task').filter(isPlan);
	const failed = fates.flatMap((fate, item) => (typeof fate === 'string' ? [] : [{ item, failed: fate }]));
	const obstacles = (await settings.findObstacles?.(valid.map((plan) => ({ ...plan, more: plan.more.wanted })))) ?? [];
	const problems = [...obstacles, ...(await findAccountProblems(context, plans))];
	throwIfEnded(context, { done: new Map(), failed: new Map() }, ledger);
	context.addExecutionHints?.({
		message: 'Dry run: nothing was submitted and nothing was paid. Remove the option "Dry Run" to submit.',
		location: 'outputPane',
	});
	const json: IDataObject = {
		status: 'dry_run',
		items: plans.length,
		tasks: tasks.length,
		already_submitted: fates.filter((fate) => fate === 'already submitted').length,
		invalid: failed.filter((item) => item.failed.status === 'invalid').length,
		uncertain: failed.filter((item) => item.failed.status === 'uncertain').length,
		...estimateTimes(tasks),
		...limitsOf(valid),
		problems: [
			...problems.map((errorInfo) => problemJson(null, { status: 'invalid', errorInfo })),
			...failed.map((item) => problemJson(item.item, item.failed)),
			...findExpiringTasks(plans, fates, settings.keepsParallel).map(([item, expiring]) => problemJson(item, expiring)),
		],
	};
	return [[{ json, pairedItem: plans.map((_, item) => ({ item })) }]];
}
