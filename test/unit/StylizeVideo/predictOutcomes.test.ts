/** The predicted outcome of each item, from the plans and the ledger alone. */
import { Ledger } from '../../../nodes/submission/ledger';
import type { Entry } from '../../../nodes/submission/ledger';
import { predictOutcomes } from '../../../nodes/StylizeVideo/predictOutcomes';
import { isPlan, planAll } from '../../../nodes/StylizeVideo/plan';
import { fakeExecuteFunctions } from '../support/executeFunctions';

const accepted: Entry = { state: 'accepted', requestId: 'r', taskId: 't', subTaskIds: [], styleOptions: { style: 'anime', prompt: '' } };
const refused: Entry = { state: 'refused', requestId: 'r' };
const uncertain: Entry = { state: 'uncertain', requestId: 'r', reason: { code: 'interrupted' } };
const sending: Entry = { state: 'sending', requestId: 'r' };

/** The outcome of items with these keys, after an earlier attempt with this ledger; failed items by their status. */
async function predict(items: Array<{ key?: string; entry?: Entry; invalid?: true }>, onUnclearResponse = 'fail') {
	const parameters = items.map(({ key = '', invalid }) => ({
		...(invalid && { videoUrl: '' }),
		options: { idempotencyKey: key, onUnclearResponse },
	}));
	const ledger = new Ledger({}, { runIndex: 0 });
	const readMore = { readMore: () => ({ idempotencyKey: '' }) };
	const plans = await planAll(fakeExecuteFunctions({ parameters, workflowId: 'w' }).context, ledger, readMore);
	const keyed = plans.map((plan, i) => (isPlan(plan) ? { ...plan, more: { idempotencyKey: items[i]?.key ?? '' } } : plan));
	for (const [i, { entry }] of items.entries()) {
		const plan = plans[i];
		if (entry && plan && isPlan(plan)) ledger.write(plan.submission.key, entry);
	}
	const before = JSON.stringify(ledger);
	const predicted = predictOutcomes(keyed, ledger);
	expect(JSON.stringify(ledger)).toBe(before);
	return predicted.map((outcome) => (typeof outcome === 'string' ? outcome : outcome.status));
}

test.each([
	['new', undefined, 'task'],
	['accepted', accepted, 'already submitted'],
	['refused', refused, 'task'],
	['uncertain', uncertain, 'uncertain'],
	['interrupted', sending, 'uncertain'],
])('predicts the outcome of an item that is %s', async (_, entry, outcome) => {
	expect(await predict([{ entry }])).toEqual([outcome]);
});

test('"Submit Again" submits uncertain items again, also if they used up their own key', async () => {
	const items = [{ entry: uncertain }, { entry: sending, key: 'a' }, { key: 'a' }];
	expect(await predict(items, 'resubmit')).toEqual(['task', 'task', 'already submitted']);
});

test('each item without a key is one task', async () => {
	expect(await predict([{}, {}, {}])).toEqual(['task', 'task', 'task']);
});

test.each([
	['an item before it', [{ key: 'a' }, { key: 'b' }, { key: 'a' }], ['task', 'task', 'already submitted']],
	['a later item, in an earlier attempt', [{ key: 'a' }, { key: 'a', entry: accepted }], ['already submitted', 'already submitted']],
	['an uncertain item', [{ key: 'a' }, { key: 'a', entry: uncertain }], ['uncertain', 'uncertain']],
	['an interrupted item', [{ key: 'a', entry: sending }, { key: 'a' }], ['uncertain', 'uncertain']],
	['a refused item, which has released it', [{ key: 'a', entry: refused }, { key: 'a' }], ['task', 'already submitted']],
	['two refused items', [{ key: 'a', entry: refused }, { key: 'a', entry: refused }], ['task', 'already submitted']],
	['an invalid item, which is not sent', [{ key: 'a', invalid: true as const }, { key: 'a' }], ['invalid', 'task']],
])('predicts the outcome of a key that is used by %s', async (_, items, predicted) => {
	expect(await predict(items)).toEqual(predicted);
});
