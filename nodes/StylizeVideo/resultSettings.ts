import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeParameters, type ItemParameters } from '../shared/nodeParameters';
import type { FailedItem } from '../shared/output';
import type { ResultSettings } from '../video/result';
import { DOWNLOAD_VIDEO, MAX_DOWNLOAD_SIZE, OUTPUT_FIELD } from '../shared/sharedParameters';
import { MAX_WAIT, ON_TASK_FAILURE, POLL_INTERVAL } from './options';
import { WAIT_BY } from './parameters';
import { checked, type Plan } from './plan';

/** @throws InvalidInput naming the parameter that is wrong */
export const readResultSettings = (parameters: ItemParameters): ResultSettings => ({
	download: parameters.get(DOWNLOAD_VIDEO),
	binaryField: parameters.get(OUTPUT_FIELD),
	maxBytes: parameters.option(MAX_DOWNLOAD_SIZE),
	failsAsError: parameters.option(ON_TASK_FAILURE) === 'error',
});

/** How to wait for a task, and what to do with its result. */
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

/** How a run waits: one setting for all items, read on the first; or what is wrong with it. */
export const readWaitBy = async (context: IExecuteFunctions): Promise<'polling' | 'callback' | FailedItem> =>
	await checked((async () => new NodeParameters(context).forItem(0).get(WAIT_BY))());
