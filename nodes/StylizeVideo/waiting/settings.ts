import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeParameters } from '../../shared/nodeParameters';
import type { ItemParameters } from '../../shared/nodeParameters';
import { MAX_WAIT, POLL_INTERVAL } from '../options';
import { WAIT_BY } from '../parameters';
import type { FailedItem } from '../../shared/output';
import { checked } from '../plan';
import type { Plan } from '../plan';
import type { ResultSettings } from '../../shared/result';
import { readResultSettings } from '../resultSettings';

/** How an item is waited for, and what is wanted of its result. */
export interface WaitSettings {
	/** The time between the first two status requests, in milliseconds. */
	pollMs: number;
	maxWaitMs: number;
	result: ResultSettings;
}

export type WaitPlan = Plan & { more: WaitSettings };

/** @throws InvalidInput naming the parameter that is wrong */
export const readWaitSettings = (parameters: ItemParameters): WaitSettings => ({
	pollMs: parameters.option(POLL_INTERVAL) * 1_000,
	maxWaitMs: parameters.option(MAX_WAIT) * 60_000,
	result: readResultSettings(parameters),
});

export type WaitBy = 'polling' | 'callback';

/** How a run waits: one setting for all items, read on the first; or what is wrong with it. */
export const readWaitBy = async (context: IExecuteFunctions): Promise<WaitBy | FailedItem> =>
	await checked((async () => new NodeParameters(context).forItem(0).get(WAIT_BY))());
