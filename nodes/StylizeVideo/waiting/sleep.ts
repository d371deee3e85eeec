import type { IExecuteFunctions } from 'n8n-workflow';
import { unusableUrl } from '../../hidream/publicUrl';
import type { Problem } from '../../hidream/verdict';
import type { WaitPlan } from './settings';

const POLL_INSTEAD = 'Or set "Wait For" to Polling.';

const runsOnEngineV2 = (context: IExecuteFunctions): boolean => context.getWorkflowSettings().engineType === 'v2';

/** Where HiDream wakes this execution; it carries a token of n8n's own. Empty when this n8n gives none. */
export function resumeUrlOf(context: IExecuteFunctions): string {
	if (runsOnEngineV2(context)) return '';
	const url: unknown = context.evaluateExpression('{{ $execution.resumeUrl }}', 0);
	return typeof url === 'string' ? url : '';
}

/**
 * Everything that would make it vain to put this execution to sleep, found out while nothing has been spent.
 * @param resumeUrl as `resumeUrlOf` gives it
 */
export function obstaclesToSleep(context: IExecuteFunctions, plans: WaitPlan[], resumeUrl: string): Problem[] {
	const obstacles: Problem[] = [];
	const add = (what: string, advice: string) => obstacles.push({ what, advice: `${advice} ${POLL_INSTEAD}` });
	if (runsOnEngineV2(context)) {
		add('"Wait For" is Callback, but the workflow runs on engine v2, which cannot sleep', 'Set the engine to v1 in the workflow\'s settings.');
	} else if (resumeUrl === '') {
		add('"Wait For" is Callback, but n8n gave no URL to wake this execution', 'Save the workflow and run it again.');
	}
	const account = plans[0]?.account;
	if (!account) return obstacles;
	if (plans.some((plan) => plan.account !== account)) {
		add('"Wait For" is Callback, but the items use different HiDream accounts', 'Use one credential for all items.');
	}
	const reason = resumeUrl === '' ? undefined : unusableUrl(resumeUrl, account.loopback);
	if (reason !== undefined) {
		add(`"Wait For" is Callback, but the URL to wake this execution ${reason}`, 'Set WEBHOOK_URL of this n8n to its public address.');
	}
	const limit = Math.min(...plans.map(({ submission }) => submission.parallelTasks || Infinity));
	if (plans.length > limit) {
		add(
			`"Wait For" is Callback, and there are ${plans.length} items, but the account runs only ${limit} at the same time`,
			`Put a Loop Over Items node with a batch size of ${limit} before this node.`,
		);
	}
	if (plans.some(({ more }) => more.result.failsAsError) && !context.continueOnFail()) {
		add(
			'"On Task Failure" is Error, but an execution that sleeps cannot be failed by the callback that wakes it',
			'Set "On Error" in the node\'s settings to continue, or "On Task Failure" to Item.',
		);
	}
	return obstacles;
}
