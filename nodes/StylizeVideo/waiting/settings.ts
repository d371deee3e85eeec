import type { IExecuteFunctions } from 'n8n-workflow';
import { MIN_POLL_MS } from '../../hidream/limits';
import { ItemParameters } from '../../shared/input';
import { MAX_WAIT_MINUTES, POLL_SECONDS } from '../options';
import type { FailedItem } from '../../shared/output';
import { checked } from '../plan';
import type { Plan } from '../plan';
import { readResultSettings } from '../../shared/result';
import type { ResultSettings } from '../../shared/result';

/** How an item is waited for, and what is wanted of its result. */
export interface WaitSettings {
	/** The first pause between two questions, in milliseconds. */
	pollMs: number;
	maxWaitMs: number;
	result: ResultSettings;
}

export type WaitPlan = Plan & { more: WaitSettings };


/** @throws InvalidInput naming the parameter that is wrong */
export const readWaitSettings = (parameters: ItemParameters): WaitSettings => ({
	pollMs:
		parameters.optionNumber('pollInterval', 'Poll Interval (Seconds)', MIN_POLL_MS / 1_000, POLL_SECONDS) * 1_000,
	maxWaitMs: parameters.optionNumber('maxWait', 'Max Wait (Minutes)', 0, MAX_WAIT_MINUTES) * 60_000,
	result: readResultSettings(parameters),
});

export type WaitFor = 'polling' | 'callback';

/** How a run waits: one setting for all items, read on the first; or what is wrong with it. */
export const readWaitFor = async (context: IExecuteFunctions): Promise<WaitFor | FailedItem> =>
	await checked((async () => new ItemParameters(context, 0).choice<WaitFor>('waitFor', 'Wait For', ['polling', 'callback']))());
