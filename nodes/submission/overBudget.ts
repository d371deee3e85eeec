import type { ErrorInfo } from '../hidream/verdict';
import type { BackoffTooLong } from '../limiter/permit';

const MINUTE_MS = 60_000;

/** A duration in words, rounded up. */
const inWords = (ms: number): string => (ms < 2 * MINUTE_MS ? `${Math.ceil(ms / 1_000)} seconds` : `${Math.ceil(ms / MINUTE_MS)} minutes`);

const adviceAfter = (ms: number): string =>
	`HiDream takes requests of this account again in ${inWords(ms)}. Run again then, or increase "Max Retry Time (Minutes)".`;

/** The item was refused, and the account backs off for longer than the item's retry budget. */
export const refusedTooLong = (errorInfo: ErrorInfo, ms: number): ErrorInfo => ({ ...errorInfo, hint: `${errorInfo.hint} ${adviceAfter(ms)}` });

/** The item was not sent: another one was refused, and the account backs off for longer than this item's retry budget. */
export function queuedTooLong({ heldMs, reason }: BackoffTooLong<ErrorInfo>): ErrorInfo {
	const { message, httpStatus, code, vendorMessage } = reason;
	return { message: `The video was not sent, because an earlier one was refused: ${message}`, hint: adviceAfter(heldMs), httpStatus, code, vendorMessage };
}
