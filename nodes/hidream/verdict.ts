import type { Answer } from './answer';
import { flawWords, httpWords } from './answerBody';
import { CODE_OK, meaningOf } from './codes';
import type { Failure } from './failure';

/**
 * The table of money: what an answer, or its absence, says about whether a task now exists and costs money.
 * Everything that decides between "send again" and "never send again" is decided here.
 */

/** What went wrong, in the words of the user and of the vendor. */
export interface Problem {
	/** One sentence: what happened. */
	what: string;
	/** One or two sentences: what to do now. */
	advice: string;
	httpStatus?: number;
	/** The vendor's `code`. */
	code?: number;
	/** The vendor's `message`, as it came, secrets blotted out. */
	vendorMessage?: string;
	/** The vendor's `request_id`. */
	requestId?: string;
	/** A task ID that came with an answer which otherwise says no. */
	taskId?: string;
}

/** Why a refusal may be gone at the next try. */
export type Passing = 'noConnection' | 'busy' | 'token';

export interface Accepted {
	kind: 'accepted';
	taskId: string;
	subTaskIds: string[];
}

/** Surely no task was made. */
export interface Refused {
	kind: 'refused';
	problem: Problem;
	passing?: Passing;
	/** What the service asked to wait, in milliseconds. */
	retryAfterMs?: number;
	/** Nothing else needs to be tried in this run. */
	stopsRun?: true;
}

/** There may be a task. */
export interface Uncertain {
	kind: 'uncertain';
	problem: Problem;
}

export type Verdict = Accepted | Refused | Uncertain;

/** What to do about a task that may or may not exist. */
export const LOOK_FIRST =
	'Look in your HiDream account whether the task is there before you send this video again: it may have been paid for.';

/** What each HTTP status without a useful `code` means for the user. */
function adviceForStatus(status: number): string {
	if (status === 401) return 'Check the token or key in the HiDream API credential.';
	if (status === 403) return 'The account may not use video stylization. Check the credential and the account.';
	if (status === 404) return 'Check the Base URL in the HiDream API credential.';
	if (status === 413) return 'The video is too large for HiDream. Make it smaller, or hand it over as a URL.';
	if (status === 429) return 'HiDream is getting too many requests from this account. Try again later, or lower "Tasks per Minute".';
	if (status === 503) return 'HiDream is overloaded. Try again later.';
	if (status >= 300 && status < 400) {
		return 'The Base URL in the HiDream API credential leads somewhere else. Put in the address it leads to.';
	}
	return 'Check the parameters of this item.';
}

const describe = ({ httpStatus, flaw, vendorMessage }: Answer): string =>
	vendorMessage === undefined ? httpWords(httpStatus, flaw) : `"${vendorMessage}"`;

function problemOf(answer: Answer, what: string, advice: string): Problem {
	const { httpStatus, code, vendorMessage, requestId, taskId } = answer;
	return { what, advice, httpStatus, code, vendorMessage, requestId, taskId };
}

function uncertain(answer: Answer, what: string): Uncertain {
	return { kind: 'uncertain', problem: problemOf(answer, what, LOOK_FIRST) };
}

function refused(answer: Answer, retryCodes: ReadonlySet<number>): Refused {
	const { httpStatus: status, code } = answer;
	const meaning = meaningOf(code);
	const codeText = code === undefined || code === CODE_OK ? '' : ` (code ${code})`;
	const problem = problemOf(
		answer,
		`HiDream refused the video: ${describe(answer)}${codeText}`,
		meaning?.advice ?? adviceForStatus(status),
	);
	const busy =
		status === 429 || status === 503 || meaning?.passes === true || (code !== undefined && retryCodes.has(code));
	const badToken = status === 401 || meaning?.badToken === true;
	return {
		kind: 'refused',
		problem,
		passing: busy ? 'busy' : badToken ? 'token' : undefined,
		retryAfterMs: answer.retryAfterMs,
		stopsRun: meaning?.stopsRun,
	};
}

/**
 * Judges an answer of the service.
 * - accepted: a `task_id` with `code` 0, whatever else is wrong with the answer;
 * - refused: 3xx and 4xx, 503 with Retry-After, a `code` other than 0;
 * - uncertain: another 5xx, unless its `code` is one that is known to mean no task; a 2xx that cannot be
 *   read, also since it broke off or is too long, or that says yes without a `task_id`; a `task_id` beside a `code` that says no.
 * @param retryCodes codes that the user says will pass
 */
export function judgeAnswer(answer: Answer, retryCodes: ReadonlySet<number>): Verdict {
	const { httpStatus: status, code, taskId } = answer;
	const saysNo = code !== undefined && code !== CODE_OK;
	if (taskId !== undefined && !saysNo) {
		return { kind: 'accepted', taskId, subTaskIds: answer.subTaskIds };
	}
	if (taskId !== undefined) {
		return uncertain(answer, `HiDream answered ${describe(answer)} (code ${code}), yet named a task`);
	}
	const knownNo = meaningOf(code) !== undefined || (code !== undefined && retryCodes.has(code));
	if (status >= 500 && !knownNo && !(status === 503 && answer.retryAfterMs !== undefined)) {
		return uncertain(answer, `HiDream failed with ${httpWords(status, answer.flaw)}, and the task may exist all the same`);
	}
	if (saysNo || status >= 300) return refused(answer, retryCodes);
	return uncertain(
		answer,
		code === CODE_OK
			? 'HiDream accepted the video but named no task'
			: `HiDream gave an answer that ${flawWords(answer.flaw)}, and the task may exist all the same`,
	);
}

const adviceForProxy = (status: number | undefined): string => {
	if (status === undefined) return 'Check the Base URL in the HiDream API credential, and the network.';
	if (status === 407) return 'The proxy wants a login. Put its user name and password into the environment variable HTTPS_PROXY of n8n.';
	const check = 'Check the proxy that the environment variable HTTPS_PROXY of n8n names, or add the host of the Base URL to NO_PROXY.';
	return status === 403 ? `The proxy does not allow the host of the Base URL. ${check}` : check;
};

/** Whether a proxy that answers so would answer the same in a moment. */
const isLasting = (proxyStatus = 500): boolean => proxyStatus < 500 && proxyStatus !== 408 && proxyStatus !== 429;

/** Judges a request that got no answer. */
export function judgeFailure(failure: Failure): Refused | Uncertain {
	switch (failure.kind) {
		case 'noConnection':
			return {
				kind: 'refused',
				passing: isLasting(failure.proxyStatus) ? undefined : 'noConnection',
				problem: { what: `No connection to HiDream: ${failure.reason}`, advice: adviceForProxy(failure.proxyStatus) },
			};
		case 'noToken':
			return {
				kind: 'refused',
				passing: failure.unreachable ? 'noConnection' : undefined,
				problem: { what: failure.reason, advice: 'Check the API key and the Base URL in the HiDream API credential.' },
			};
		case 'notSent':
			return {
				kind: 'refused',
				problem: { what: failure.reason, advice: "Check the credential, and n8n's own rules for outgoing requests." },
			};
		case 'unreadable':
			return {
				kind: 'refused',
				problem: { what: failure.reason, advice: 'Check the node before this one, and run again.' },
			};
		case 'brokeBefore':
			return {
				kind: 'refused',
				problem: {
					what: `The upload broke off: ${failure.reason}. HiDream did not get the whole video, so no task was made`,
					advice:
						'Run again, or switch on "Retry On Fail" in the node\'s settings: nothing is sent twice. If it happens again, the video may be too large for HiDream.',
				},
			};
		case 'brokeAfter':
			return {
				kind: 'uncertain',
				problem: {
					what: `HiDream got the whole request, but no answer came back: ${failure.reason}. The task may exist all the same`,
					advice: LOOK_FIRST,
				},
			};
	}
}
