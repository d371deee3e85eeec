import type { IExecuteFunctions } from 'n8n-workflow';
import { fingerprintOf } from '../../shared/credential';
import { isObject } from '../../hidream/vendorJson';
import { LAST_PARAMETER } from '../../hidream/taskCallback';
import { unusableUrl } from '../../shared/messages/aboutVideos';
import { OBSTACLES } from '../../shared/messages/aboutRuns';
import type { Message } from '../../shared/messages/message';
import type { Account } from '../account';
import { evaluate } from '../../shared/nodeParameters';
import { findRespondingTrigger } from './respondingTrigger';
import type { WaitPlan } from '../resultSettings';

/**
 * The longest wait as a share of the time until n8n cancels the execution: n8n checks only once a minute for waits that
 * have ended. A Max Wait that is slightly longer is shortened and is no error.
 */
const SHARE_OF_TIMEOUT = 0.95;

/** What n8n writes into URLs in place of the ID of an execution that it does not save. */
const NO_EXECUTION = '__UNKNOWN__';

const runsOnEngineV2 = (context: IExecuteFunctions): boolean => context.getWorkflowSettings().engineType === 'v2';

/** Where HiDream resumes this execution; the URL carries a token of n8n's own. Empty if n8n gives none. */
export function resumeUrlOf(context: IExecuteFunctions): string {
	if (runsOnEngineV2(context)) return '';
	const given = evaluate(context, '{{ $execution.resumeUrl }}');
	if (typeof given !== 'string' || !URL.canParse(given)) return '';
	const url = new URL(given);
	url.searchParams.set(LAST_PARAMETER, '1');
	return url.toString();
}

/**
 * Whether the webhook of a suspended execution reads another credential than this node does. n8n resolves expressions
 * in a credential there without the execution's data; hiding that data here has the same effect.
 */
async function needsExecutionData(context: IExecuteFunctions, { key }: Account): Promise<boolean> {
	const withoutData = Object.create(context, { connectionInputData: { value: undefined } }) as IExecuteFunctions;
	try {
		return fingerprintOf(await withoutData.getCredentials('hiDreamApi')) !== key;
	} catch {
		return true;
	}
}

/**
 * In how many milliseconds n8n cancels this execution; Infinity without a timeout. n8n counts from the start of the
 * execution, also while it is suspended. Its context object knows the moment, which covers EXECUTIONS_TIMEOUT and
 * EXECUTIONS_TIMEOUT_MAX; the workflow's setting is for versions of n8n whose context does not.
 */
export function timeoutMsOf(context: IExecuteFunctions): number {
	const additional: unknown = 'additionalData' in context ? context.additionalData : undefined;
	const endsAt = isObject(additional) ? additional.executionTimeoutTimestamp : undefined;
	if (typeof endsAt === 'number') return Math.max(0, endsAt - Date.now());
	const seconds = context.getWorkflowSettings().executionTimeout ?? 0;
	return seconds > 0 ? seconds * 1_000 : Infinity;
}

/** How long the execution stays suspended: n8n drops all items of one that it cancels, so the wait ends shortly before that. */
export const waitMs = (context: IExecuteFunctions, maxWaitMs: number): number =>
	Math.min(maxWaitMs, timeoutMsOf(context) * SHARE_OF_TIMEOUT);

/** What is wrong with the URL that resumes the execution. */
function urlObstacle(context: IExecuteFunctions, resumeUrl: string, sameMachine: boolean): Message | undefined {
	if (runsOnEngineV2(context)) return OBSTACLES.engineV2;
	if (resumeUrl === '') return OBSTACLES.noUrl;
	if (resumeUrl.includes(NO_EXECUTION) || !context.getExecutionId()) return OBSTACLES.notSaved;
	const reason = unusableUrl(resumeUrl, sameMachine);
	return reason === undefined ? undefined : OBSTACLES.unusableUrl(reason);
}

/**
 * Why this execution cannot be suspended; checked before anything is submitted.
 * @param resumeUrl as `resumeUrlOf` gives it
 */
export async function findSuspendObstacle(context: IExecuteFunctions, plans: WaitPlan[], resumeUrl: string): Promise<Message | undefined> {
	const account = plans[0]?.account;
	const url = urlObstacle(context, resumeUrl, account?.sameMachine ?? true);
	if (url) return url;
	const trigger = findRespondingTrigger(context);
	if (trigger !== undefined) return OBSTACLES.respondingTrigger(trigger);
	if (!account) return undefined;
	if (plans.some((plan) => plan.account !== account)) return OBSTACLES.severalAccounts;
	if (await needsExecutionData(context, account)) return OBSTACLES.credentialNeedsData;
	const limit = plans.reduce((least, { submission }) => Math.min(least, submission.parallelTasks || Infinity), Infinity);
	if (plans.length > limit) return OBSTACLES.tooManyItems(plans.length, limit);
	const maxWaitMs = plans.reduce((most, { more }) => Math.max(most, more.maxWaitMs), 0);
	const timeoutMs = timeoutMsOf(context);
	if (timeoutMs < maxWaitMs * SHARE_OF_TIMEOUT) return OBSTACLES.timeout(Math.ceil(timeoutMs / 60_000), maxWaitMs / 60_000);
	return plans.some(({ more }) => more.result.failsAsError) && !context.continueOnFail() ? OBSTACLES.failsAsError : undefined;
}
