import type { IExecuteFunctions } from 'n8n-workflow';
import { fingerprint, type Ledger } from '../submission/ledger';
import type { Submission } from '../submission/submission';
import type { ItemVideo } from '../video/source';
import { Accounts, concurrencyFor, type Account } from './account';
import { InvalidInput } from '../shared/input';
import { CHECK_INPUT } from '../shared/messages/aboutInput';
import { READING } from '../shared/messages/aboutVideos';
import { connectionOf } from '../shared/n8nHttpClient';
import { NodeParameters, type ItemParameters } from '../shared/nodeParameters';
import type { FailedItem } from '../shared/output';
import { hintAtDatabase } from './hints';
import { idempotencyOf } from './keyStore';
import { CONCURRENCY, IDEMPOTENCY_KEY, MAX_RETRY_TIME, ON_UNCLEAR_RESPONSE, REQUEST_ID, WHEN_LIMIT_REACHED } from './options';
import { afterEarlierAttempt } from './runLedger';
import { readNotifyUrl, readRequest, videoSender } from './videoRequest';
import { readStyleOptions } from './styleParameters';
import { findVideo } from './video';

/** An item that has passed all checks and can be submitted. */
export interface Plan {
	submission: Submission;
	account: Account;
	/** What n8n loads from its database to send the video, in bytes. */
	fromDatabase: number;
	/** When the signature of the video's URL expires, in milliseconds since 1970. */
	expiresAt?: number;
	/** How many items may be in flight concurrently; a run takes it from its first valid item. */
	concurrency: number;
}

/** The plan of an item, with what the operation wants to know of it, or what is wrong with its input. */
type Planned<M> = (Plan & { more: M }) | FailedItem;

/** How an operation plans its items. */
export interface PlanSettings<M> {
	/** Reads what else the operation wants to know of an item. */
	readMore: (parameters: ItemParameters) => M;
	/** Where HiDream calls back, checked already, in place of the option "Notify URL". */
	notifyUrl?: string;
}

/** What is the same for all items of a run. */
interface Run {
	accounts: Accounts;
	ledger: Ledger;
	/** Fingerprint of the parameters that identify a submission, as they were typed. */
	typed: string;
	nodeParameters: NodeParameters;
}

/** The parameters that make two submissions different: a user who changes one wants another task. */
const IDENTIFYING = ['inputType', 'videoUrl', 'binaryPropertyName', 'style', 'prompt'];

/** Fingerprint of these parameters, for all items, as they were typed. */
const typedFingerprint = (context: IExecuteFunctions): string =>
	fingerprint(IDENTIFYING.map((name) => JSON.stringify(context.getNodeParameter(name, 0, '', { rawExpressions: true }))));

/** An accepted item is not sent again, so its video may have expired or been deleted meanwhile. */
const NOT_SENT: ItemVideo = {
	openVideo: () => {
		throw new Error(READING.submittedEarlier);
	},
	identity: '',
	fromDatabase: 0,
};

/**
 * Reads and checks everything that one item needs. Nothing is sent and nothing is spent.
 * @param known the item's key in the ledger. For an AI tool the content decides, so it is set only after the content was read
 * @throws InvalidInput naming the parameter that is wrong
 */
async function planItem<M>(
	context: IExecuteFunctions,
	itemIndex: number,
	{ accounts, ledger, nodeParameters }: Run,
	{ readMore, notifyUrl }: PlanSettings<M>,
	known: { key?: string },
): Promise<Plan & { more: M }> {
	const account = await accounts.forItem(itemIndex);
	const { sameMachine } = account;
	const parameters = nodeParameters.forItem(itemIndex);
	const earlier = known.key === undefined ? undefined : ledger.read(known.key);
	const styleOptions = earlier?.state === 'accepted' ? earlier.styleOptions : readStyleOptions(parameters);
	const { style, prompt } = styleOptions;
	const video = earlier?.state === 'accepted' ? NOT_SENT : await findVideo(context, parameters, itemIndex, sameMachine);
	const { openVideo, identity, fromDatabase, expiresAt, recheck } = video;
	const key = (known.key ??= ledger.key(itemIndex, fingerprint([identity, style, prompt])));
	const problem = ledger.read(key)?.state === 'accepted' ? undefined : recheck?.();
	if (problem) throw new InvalidInput(problem.message, problem.hint);
	const request = readRequest(parameters, styleOptions, notifyUrl ?? readNotifyUrl(parameters, sameMachine));
	const { retryCodes, tasksPerMinute, parallelTasks } = account.limits;
	// Neither account nor request_id is part of the key: a user who renews the token and retries must not pay twice.
	const submission: Submission = {
		key,
		styleOptions,
		recheck,
		...idempotencyOf(context, parameters.option(IDEMPOTENCY_KEY), parameters.option(REQUEST_ID)),
		...videoSender(connectionOf(context, account), { ...request, openVideo, retryCodes }),
		tasksPerMinute,
		parallelTasks,
		maxRetryMs: parameters.option(MAX_RETRY_TIME) * 60_000,
		onUnclearResponse: parameters.option(ON_UNCLEAR_RESPONSE),
		whenLimitReached: parameters.option(WHEN_LIMIT_REACHED),
	};
	const concurrency = parameters.option(CONCURRENCY) ?? concurrencyFor(account.limits, video.isUpload === true);
	return { submission, account, fromDatabase, expiresAt, concurrency, more: readMore(parameters) };
}

/** Whether an item passed its checks. */
export const isPlan = <P extends Plan>(plan: P | FailedItem): plan is P => 'submission' in plan;

/** The plan of an item, if it has one. */
export function planOf<P extends Plan>(plans: Array<P | FailedItem>, itemIndex: number): P | undefined {
	const plan = plans[itemIndex];
	return plan && isPlan(plan) ? plan : undefined;
}

/** What was read of an item, or what is wrong with its input. */
export const checked = async <T>(reading: Promise<T>): Promise<T | FailedItem> =>
	await reading.catch((error: Error): FailedItem => {
		const { hint, scope } = error instanceof InvalidInput ? error : { hint: CHECK_INPUT, scope: undefined };
		return { status: 'invalid', errorInfo: { message: error.message, hint, scope } };
	});

/** The items that cannot be submitted, by their index. */
export const failedPlans = (plans: Array<Plan | FailedItem>): Map<number, FailedItem> =>
	new Map(plans.flatMap((plan, i) => (isPlan(plan) ? [] : [[i, plan]])));

/** Fails each item for an error of the whole run; an item that an earlier attempt submitted is not `invalid`. */
export function failAll(context: IExecuteFunctions, ledger: Ledger, failed: FailedItem): FailedItem[] {
	const typed = typedFingerprint(context);
	return context.getInputData().map((_, i) => afterEarlierAttempt(failed, ledger.read(ledger.key(i, typed))));
}

/** Checks every item, before the first one is sent: a plan for each, or what is wrong with it. */
export async function planAll<M>(context: IExecuteFunctions, ledger: Ledger, settings: PlanSettings<M>): Promise<Array<Planned<M>>> {
	const run = { accounts: new Accounts(context), ledger, typed: typedFingerprint(context), nodeParameters: new NodeParameters(context) };
	const plans: Array<Planned<M>> = [];
	for (let i = 0; i < context.getInputData().length; i++) {
		const known = { key: ledger.byContent ? undefined : ledger.key(i, run.typed) };
		const plan = await checked(planItem(context, i, run, settings, known));
		plans.push(isPlan(plan) ? plan : afterEarlierAttempt(plan, known.key === undefined ? undefined : ledger.read(known.key)));
	}
	hintAtDatabase(context, plans.filter(isPlan).map(({ fromDatabase }) => fromDatabase));
	return plans;
}
