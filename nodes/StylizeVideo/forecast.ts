import { systemClock } from '../batch/clock';
import type { Ledger } from '../batch/ledger';
import { sharedAccount } from '../batch/sharedAccount';
import { settledEarlier } from '../batch/submitItem';
import type { Failed } from './output';
import { isPlan } from './plan';
import type { Plan } from './plan';

/** A plan, and the item's "Submit Once Key"; empty where it has none. */
export type KeyedPlan = Plan & { more: { onceKey: string } };

/** What submitting would make of an item. */
export type Fate = 'task' | 'already submitted' | Failed;

/** What an earlier try of this execution has settled; undefined for an item that is to be sent. */
function settled({ submission, account }: KeyedPlan, ledger: Ledger): Fate | undefined {
	const { scheduler } = sharedAccount(account.key);
	const known = settledEarlier(submission, { ledger, scheduler, keepsParallel: false, clock: systemClock });
	if (known?.kind === 'accepted') return 'already submitted';
	return known?.kind === 'uncertain' ? { status: 'uncertain', problem: known.problem, requestId: known.requestId } : undefined;
}

/** Whether an earlier try has used the item's key up: a refused item has given it back. */
function holdsKey({ submission }: KeyedPlan, ledger: Ledger): boolean {
	const state = ledger.read(submission.key)?.state;
	return state !== undefined && state !== 'refused';
}

/**
 * Says what submitting would make of each item, from the plans and the ledger alone: nothing is sent, written
 * or claimed. Whether an earlier execution has used a key up cannot be seen: n8n has no way to look that does
 * not use it up.
 */
export function forecast(plans: Array<KeyedPlan | Failed>, ledger: Ledger): Fate[] {
	const holders = plans.filter((plan): plan is KeyedPlan => isPlan(plan) && holdsKey(plan, ledger));
	const usedUp = new Set(holders.map(({ more }) => more.onceKey));
	return plans.map((plan): Fate => {
		if (!isPlan(plan)) return plan;
		const known = settled(plan, ledger);
		if (known) return known;
		const { onceKey } = plan.more;
		if (onceKey === '' || holdsKey(plan, ledger)) return 'task';
		if (usedUp.has(onceKey)) return 'already submitted';
		usedUp.add(onceKey);
		return 'task';
	});
}
