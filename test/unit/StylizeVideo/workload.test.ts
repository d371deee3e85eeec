/** The limits of a batch, and which signed URLs expire before the limits allow their submission. */
import { findExpiring, limitsOf } from '../../../nodes/StylizeVideo/workload';
import { isPlan, type Plan } from '../../../nodes/StylizeVideo/plan';
import { plansOf, fakeExecuteFunctions } from '../support/executeFunctions';

const MINUTE = 60_000;

/** The items that expire first, of six whose URLs are valid for this many minutes each. */
async function expiring(minutes: Array<number | undefined>, limits: Partial<Plan['submission']>, accounts = 1) {
	const plans = await plansOf(fakeExecuteFunctions({ parameters: minutes.map(() => ({})) }));
	const tasks = plans.flatMap((plan, i): Array<[number, Plan]> => {
		if ('errorInfo' in plan) throw new Error(plan.errorInfo.message);
		const validFor = minutes[i];
		const account = { ...plan.account, key: String(i % accounts) };
		return [[i, { ...plan, account, submission: { ...plan.submission, ...limits }, expiresAt: validFor === undefined ? undefined : validFor * MINUTE }]];
	});
	// One object per account, as in the node.
	const shared = new Map(tasks.map(([, { account }]) => [account.key, account]));
	const joined = new Map(tasks.map(([i, plan]) => [i, { ...plan, account: shared.get(plan.account.key) ?? plan.account }]));
	return [...findExpiring(joined, 0).keys()];
}

describe('the limits', () => {
	const limits = async (...given: Array<Partial<Plan['submission']>>) => {
		const plans = (await plansOf(fakeExecuteFunctions({ parameters: given.map(() => ({})) }))).filter(isPlan);
		return limitsOf(plans.map((plan, i) => ({ ...plan, submission: { ...plan.submission, ...given[i] } })));
	};

	test('are those of all items; 0 is no limit, as in the credential', async () => {
		const own = { tasksPerMinute: 1.5, parallelTasks: 0 };
		expect(await limits(own, own)).toEqual({ tasks_per_minute: 1.5, parallel_tasks: 0 });
	});

	test('are unknown if they differ, also if one of them is no limit, or if no item is valid', async () => {
		expect(await limits({ tasksPerMinute: 2, parallelTasks: 0 }, { tasksPerMinute: 2, parallelTasks: 3 })).toEqual({ tasks_per_minute: 2, parallel_tasks: null });
		expect(limitsOf([])).toEqual({ tasks_per_minute: null, parallel_tasks: null });
	});
});

test.each([
	['the tasks per minute', [3, 3, 1.5, 1.5, 1.5, 3], { tasksPerMinute: 2 }, 1, [4]],
	['no limit', [1, 1, 1, 1, 1, 1], { tasksPerMinute: 0 }, 1, []],
	['no signature', [undefined, undefined, undefined, undefined], { tasksPerMinute: 1 }, 1, []],
	['parallel tasks, which Submit does not wait for', [3, 3, 3, 3], { tasksPerMinute: 0, parallelTasks: 1 }, 1, []],
	['two accounts, each with its own queue', [0.5, 0.5, 1.5, 1.5, 1.5, 1.5], { tasksPerMinute: 1 }, 2, [4, 5]],
])('%s', async (_, minutes, limits, accounts, items) => {
	expect(await expiring(minutes, limits, accounts)).toEqual(items);
});
