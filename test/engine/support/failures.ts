import type { IDataObject } from 'n8n-workflow';
import type { FailedStatus } from '../../../nodes/StylizeVideo/output';
import type { Outcome } from '../../../harness/engine';

/** `details` of a failed item, as the contract names its keys. */
export interface FailureDetails {
	status: FailedStatus;
	code: number | string | null;
	request_id: string | null;
	task_id: string | null;
}

/** A failed item: exactly these keys, so that n8n puts it on the error branch and keeps them. */
export interface FailedItem {
	error: string;
	message: string;
	details: FailureDetails;
}

/** Checks that `json` has the shape of a failed item and gives it back as one. */
export function asFailure(json: IDataObject | undefined): FailedItem {
	expect(Object.keys(json ?? {}).sort()).toEqual(['details', 'error', 'message']);
	const failed = json as unknown as FailedItem;
	expect(Object.keys(failed.details).sort()).toEqual(['code', 'request_id', 'status', 'task_id']);
	expect(failed.error).toMatch(/\S/);
	expect(failed.message).toMatch(/\S/);
	return failed;
}

/** The one item on the error branch. */
export function onlyFailure(outcome: Outcome): FailedItem {
	expect(outcome.failures()).toHaveLength(1);
	return asFailure(outcome.failures()[0]);
}

/** All that a failed item tells a user. */
export function wordsOf({ error, message }: FailedItem): string {
	return `${error}\n${message}`;
}
