/** What submitting would make of each item, told from the plans and the ledger alone. */
import { Ledger } from '../../../nodes/submission/ledger';
import type { Entry } from '../../../nodes/submission/ledger';
import { predictOutcomes } from '../../../nodes/StylizeVideo/predictOutcomes';
import { isPlan, planAll } from '../../../nodes/StylizeVideo/plan';
import { fakeExecuteFunctions } from '../support/executeFunctions';

const accepted: Entry = { state: 'accepted', requestId: 'r', taskId: 't', subTaskIds: [], styleOptions: { style: 'anime', prompt: '' } };
const refused: Entry = { state: 'refused', requestId: 'r' };
const uncertain: Entry = { state: 'uncertain', requestId: 'r', reason: { code: 'interrupted' } };
const sending: Entry = { state: 'sending', requestId: 'r' };

/** The fate of items with these keys, after an earlier try of which the ledger says this; failed items by their status. */
async function fatesOf(items: Array<{ key?: string; entry?: Entry; invalid?: true }>, onUnclearResponse = 'fail') {
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
	const fates = predictOutcomes(keyed, ledger);
	expect(JSON.stringify(ledger)).toBe(before);
	return fates.map((fate) => (typeof fate === 'string' ? fate : fate.status));
}

test.each([
	['new', undefined, 'task'],
	['accepted', accepted, 'already submitted'],
	['refused', refused, 'task'],
	['uncertain', uncertain, 'uncertain'],
	['interrupted', sending, 'uncertain'],
])('an item that is %s', async (_, entry, fate) => {
	expect(await fatesOf([{ entry }])).toEqual([fate]);
});

test('"Submit Again" makes uncertain items tasks, also with a key that they have used up themselves', async () => {
	const items = [{ entry: uncertain }, { entry: sending, key: 'a' }, { key: 'a' }];
	expect(await fatesOf(items, 'resubmit')).toEqual(['task', 'task', 'already submitted']);
});

test('items without a key are tasks each', async () => {
	expect(await fatesOf([{}, {}, {}])).toEqual(['task', 'task', 'task']);
});

test.each([
	['an item before it', [{ key: 'a' }, { key: 'b' }, { key: 'a' }], ['task', 'task', 'already submitted']],
	['a later item, in an earlier try', [{ key: 'a' }, { key: 'a', entry: accepted }], ['already submitted', 'already submitted']],
	['an uncertain item', [{ key: 'a' }, { key: 'a', entry: uncertain }], ['already submitted', 'uncertain']],
	['a refused item, which has given it back', [{ key: 'a', entry: refused }, { key: 'a' }], ['task', 'already submitted']],
	['an invalid item, which is not sent', [{ key: 'a', invalid: true as const }, { key: 'a' }], ['invalid', 'task']],
])('a key that is used by %s', async (_, items, fates) => {
	expect(await fatesOf(items)).toEqual(fates);
});
