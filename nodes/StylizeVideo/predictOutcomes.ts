import { systemClock } from '../async/clock';
import type { Ledger } from '../submission/ledger';
import { sharedAccount } from '../shared/sharedAccount';
import { earlierOutcome } from '../submission/submitItem';
import { errorInfoOf } from '../shared/messages/aboutErrors';
import type { FailedItem } from '../shared/output';
import { isPlan, type Plan } from './plan';

/** A plan, and the item's idempotency key; empty where it has none. */
export type KeyedPlan = Plan & { more: { idempotencyKey: string } };

/** What submitting would make of an item. */
export type PredictedOutcome = 'task' | 'already submitted' | FailedItem;

/** What an earlier attempt of this execution has settled; undefined for an item that will be sent. */
function settled({ submission, account }: KeyedPlan, ledger: Ledger): PredictedOutcome | undefined {
	const { scheduler } = sharedAccount(account.key);
	const known = earlierOutcome(submission, { ledger, scheduler, keepsParallel: false, clock: systemClock });
	if (known?.kind === 'accepted') return 'already submitted';
	return known?.kind === 'uncertain' ? { status: 'uncertain', errorInfo: errorInfoOf(known.reason), requestId: known.requestId } : undefined;
}

/** Whether an earlier attempt has used the item's key: a refused item has released it. */
function holdsKey({ submission }: KeyedPlan, ledger: Ledger): boolean {
	const state = ledger.read(submission.key)?.state;
	return state !== undefined && state !== 'refused';
}

/** What submitting would make of other items with the key of an item that holds it. */
function forOthers(plan: KeyedPlan, ledger: Ledger): PredictedOutcome {
	const known = settled(plan, ledger);
	return typeof known === 'object' ? { ...known, errorInfo: errorInfoOf({ code: 'keyUnresolved' }) } : 'already submitted';
}

/**
 * Says what submitting would make of each item, from the plans and the ledger alone: nothing is sent, written
 * or claimed. Whether an earlier execution has used a key is unknown: n8n cannot check a key without recording it.
 */
export function predictOutcomes(plans: Array<KeyedPlan | FailedItem>, ledger: Ledger): PredictedOutcome[] {
	const holders = plans.filter((plan): plan is KeyedPlan => isPlan(plan) && holdsKey(plan, ledger));
	const usedUp = new Map(holders.map((plan) => [plan.more.idempotencyKey, forOthers(plan, ledger)]));
	return plans.map((plan): PredictedOutcome => {
		if (!isPlan(plan)) return plan;
		const known = settled(plan, ledger);
		if (known) return known;
		const { idempotencyKey } = plan.more;
		if (idempotencyKey === '' || holdsKey(plan, ledger)) return 'task';
		const used = usedUp.get(idempotencyKey);
		usedUp.set(idempotencyKey, used ?? 'already submitted');
		return used ?? 'task';
	});
}
