import { NodeOperationError } from 'n8n-workflow';
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { Ledger } from '../../batch/ledger';
import { unusableUrl } from '../../hidream/publicUrl';
import { askTasks } from '../../hidream/results';
import { hasEnded, readTask, taskJson } from '../../hidream/status';
import type { Account } from '../account';
import { outputOf, throwIfEnded } from '../finish';
import { failedItem, submissionJson } from '../output';
import type { Failed } from '../output';
import { isPlan, planOf } from '../plan';
import { resultItem } from '../result';
import { submitAll } from '../submitAll';
import type { Batch } from '../submitAll';
import { layBy } from './parked';
import { waitByPolling } from './polling';
import type { ParkedItem } from './parked';
import type { WaitPlan } from './settings';

/** The field of n8n's context data that names the execution which submitted first. */
const SUBMITTED_BY = 'hiDreamSubmittedBy';

const POLL_INSTEAD = 'Or set "Wait For" to Polling.';

function refuse(context: IExecuteFunctions, what: string, advice: string): never {
	throw new NodeOperationError(context.getNode(), what, { description: `${advice} ${POLL_INSTEAD}` });
}

/**
 * Where HiDream wakes this execution; it carries a token of n8n's own.
 * @throws NodeOperationError when this n8n cannot park an execution
 */
export function resumeUrlOf(context: IExecuteFunctions): string {
	if (context.getWorkflowSettings().engineType === 'v2') {
		refuse(context, '"Wait For" is Callback, but the workflow runs on engine v2, which cannot sleep', 'Set the engine to v1 in the workflow\'s settings.');
	}
	const url: unknown = context.evaluateExpression('{{ $execution.resumeUrl }}', 0);
	if (typeof url === 'string' && url !== '') return url;
	return refuse(context, '"Wait For" is Callback, but n8n gave no URL to wake this execution', 'Save the workflow and run it again.');
}

/** Everything that would make the wait vain is found out while nothing has been spent. */
function checkWait(context: IExecuteFunctions, plans: WaitPlan[], notifyUrl: string): Account | undefined {
	const account = plans[0]?.account;
	if (!account) return undefined;
	if (plans.some((plan) => plan.account !== account)) {
		refuse(context, '"Wait For" is Callback, but the items use different HiDream accounts', 'Use one credential for all items.');
	}
	const reason = unusableUrl(notifyUrl, account.loopback);
	if (reason !== undefined) {
		refuse(context, `"Wait For" is Callback, but the URL to wake this execution ${reason}`, 'Set WEBHOOK_URL of this n8n to its public address.');
	}
	const limit = Math.min(...plans.map(({ submission }) => submission.parallelTasks || Infinity));
	if (plans.length > limit) {
		refuse(
			context,
			`"Wait For" is Callback, and there are ${plans.length} items, but the account runs only ${limit} at the same time`,
			`Put a Loop Over Items node with a batch size of ${limit} before this node.`,
		);
	}
	if (plans.some(({ more }) => more.result.failsAsError) && !context.continueOnFail()) {
		refuse(
			context,
			'"On Task Failure" is Error, but an execution that sleeps cannot be failed by the callback that wakes it',
			'Set "On Error" in the node\'s settings to continue, or "On Task Failure" to Item.',
		);
	}
	return account;
}

/**
 * Whether tasks of this run call another execution: after a user's Retry of a failed run the accepted ones
 * still name the failed execution, which can no longer be woken.
 */
function callElsewhere(context: IExecuteFunctions, { submitted }: Batch): boolean {
	const memory = context.getContext('node');
	memory[SUBMITTED_BY] ??= context.getExecutionId();
	const earlier = [...submitted.values()].some((outcome) => outcome.kind === 'accepted' && !outcome.fresh);
	return earlier && memory[SUBMITTED_BY] !== context.getExecutionId();
}

/** The items as they sleep: they must themselves say that they are not finished, since n8n gives them out so. */
function parked(context: IExecuteFunctions, plans: Array<WaitPlan | Failed>, batch: Batch): ParkedItem[] {
	const [rest] = outputOf(context, { done: new Map(), ...batch });
	return plans.map((_, i): ParkedItem => {
		const plan = planOf(plans, i);
		const outcome = batch.submitted.get(i);
		if (!plan || !outcome) return { json: rest?.[i]?.json ?? {} };
		const json = submissionJson(outcome, plan);
		return outcome.kind === 'accepted' ? { json, task: { id: outcome.taskId, settings: plan.more.result } } : { json };
	});
}

const timedOut = ({ json, task }: ParkedItem, itemIndex: number): INodeExecutionData => ({
	json: task ? { ...json, ...taskJson(readTask(task.id, [])), status: 'timed_out' } : json,
	pairedItem: { item: itemIndex },
});

/**
 * The output when every task has ended already: the callbacks of tasks that end while others are still being
 * submitted find the execution awake and are lost. Undefined while one goes on.
 */
async function outputNow(
	context: IExecuteFunctions,
	items: ParkedItem[],
	account: Account,
): Promise<INodeExecutionData[] | undefined> {
	const cancel = context.getExecutionCancelSignal();
	const taskIds = items.flatMap(({ task }) => (task ? [task.id] : []));
	const answers = await askTasks(context, { ...account, cancel }, taskIds);
	const output: INodeExecutionData[] = [];
	for (const [i, { json, task }] of items.entries()) {
		const answer = task && answers.get(task.id);
		if (task && (!answer || 'problem' in answer || !hasEnded(answer.state.status))) return undefined;
		if (!task || !answer || 'problem' in answer) output.push({ json, pairedItem: { item: i } });
		else {
			const delivery = { settings: task.settings, loopback: account.loopback, cancel };
			const result = await resultItem(context, i, answer.state, delivery, json);
			output.push('failed' in result ? failedItem(i, result.failed) : result.item);
		}
	}
	return output;
}

/**
 * Submits all items and puts the execution to sleep until HiDream has called for the last of them: it holds no
 * worker and no memory, and survives a restart of n8n. `webhook()` wakes it.
 */
export async function waitByCallback(
	context: IExecuteFunctions,
	plans: Array<WaitPlan | Failed>,
	ledger: Ledger,
): Promise<INodeExecutionData[][]> {
	const account = checkWait(context, plans.filter(isPlan), resumeUrlOf(context));
	const batch = await submitAll(context, plans, ledger, { keepsParallel: false });
	const elsewhere = callElsewhere(context, batch);
	throwIfEnded(context, { done: new Map(), ...batch }, ledger);
	if (elsewhere) return await waitByPolling(context, plans, ledger);
	const items = parked(context, plans, batch);
	const now = account && items.some(({ task }) => task) ? await outputNow(context, items, account) : items.map(timedOut);
	if (now) return [now];
	layBy(context, items);
	const asleep = items.map(timedOut);
	const maxWaitMs = Math.max(...plans.filter(isPlan).map(({ more }) => more.maxWaitMs));
	// A copy: n8n empties the array that a node returns.
	context.getExecuteData().data.main = [[...asleep]];
	await context.putExecutionToWait(new Date(Date.now() + maxWaitMs));
	return [asleep];
}
