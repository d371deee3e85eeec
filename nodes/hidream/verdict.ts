import type { Code } from './envelope';
import type { TransportError } from './transportError';

/**
 * The table of money: what an answer, or its absence, says about whether a task now exists and costs money.
 * Everything that decides between "send again" and "never send again" is decided here.
 */

/** What went wrong, in the words of the user and of the vendor. */
export interface ErrorInfo {
	/** One sentence: what happened. */
	message: string;
	/** One or two sentences: what to do now. */
	hint: string;
	httpStatus?: number;
	/** The vendor's `code`. */
	code?: Code;
	/** The vendor's `message`, as it came, secrets blotted out. */
	vendorMessage?: string;
	/** The vendor's `request_id`. */
	requestId?: string;
	/** A task ID that came with an answer which otherwise says no. */
	taskId?: string;
}

/** Why a refusal may be gone at the next try. */
export type RetryReason = 'noConnection' | 'busy' | 'token';

export interface Accepted {
	kind: 'accepted';
	taskId: string;
	subTaskIds: string[];
}

/** Surely no task was made. */
export interface Refused {
	kind: 'refused';
	errorInfo: ErrorInfo;
	retryReason?: RetryReason;
	/** What the service asked to wait, in milliseconds. */
	retryAfterMs?: number;
	/** Nothing else needs to be tried in this run. */
	fatal?: true;
}

/** There may be a task. */
export interface Uncertain {
	kind: 'uncertain';
	errorInfo: ErrorInfo;
}

export type Verdict = Accepted | Refused | Uncertain;

/** What to do about a task that may or may not exist. */
export const LOOK_FIRST =
	'Check your HiDream account for the task before you send this video again. It may have been paid for.';

const adviceForProxy = (status: number | undefined): string => {
	if (status === undefined) return 'Check the Base URL in the HiDream API credential, and the network.';
	if (status === 407) return 'The proxy requires a login. Put its user name and password into the environment variable HTTPS_PROXY of n8n.';
	const check = 'Check the proxy that the environment variable HTTPS_PROXY of n8n names, or add the host of the Base URL to NO_PROXY.';
	return status === 403 ? `The proxy does not allow the host of the Base URL. ${check}` : check;
};

/** Whether a proxy that answers so would answer the same in a moment. */
const isLasting = (proxyStatus = 500): boolean => proxyStatus < 500 && proxyStatus !== 408 && proxyStatus !== 429;

/** Judges a request that got no answer. */
export function classifyTransportError(failure: TransportError): Refused | Uncertain {
	switch (failure.kind) {
		case 'noConnection':
			return {
				kind: 'refused',
				retryReason: isLasting(failure.proxyStatus) ? undefined : 'noConnection',
				errorInfo: { message: `No connection to HiDream: ${failure.reason}`, hint: adviceForProxy(failure.proxyStatus) },
			};
		case 'noToken':
			return {
				kind: 'refused',
				retryReason: failure.unreachable ? 'noConnection' : undefined,
				errorInfo: { message: failure.reason, hint: 'Check the API key and the Base URL in the HiDream API credential.' },
			};
		case 'notSent':
			return {
				kind: 'refused',
				errorInfo: { message: failure.reason, hint: "Check the credential, and n8n's own rules for outgoing requests." },
			};
		case 'unreadable':
			return {
				kind: 'refused',
				errorInfo: { message: failure.reason, hint: 'Check the node before this one, and run again.' },
			};
		case 'brokeBefore':
			return {
				kind: 'refused',
				errorInfo: {
					message: `The upload broke off: ${failure.reason}. HiDream did not receive the whole video, so no task was created`,
					hint:
						'Run again, or switch on "Retry On Fail" in the node\'s settings: nothing is sent twice. If it happens again, the video may be too large for HiDream.',
				},
			};
		case 'brokeAfter':
			return {
				kind: 'uncertain',
				errorInfo: {
					message: `HiDream received the whole request but did not respond: ${failure.reason}. The task may still have been created`,
					hint: LOOK_FIRST,
				},
			};
	}
}
