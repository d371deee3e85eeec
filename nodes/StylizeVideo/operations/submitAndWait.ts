import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { dryRun, isDryRun } from '../dryRun';
import { ledgerOf } from '../ledger';
import { optionsOf } from '../options';
import { resultParameters, videoParameters } from '../parameters';
import { failedPlans, planAll } from '../plan';
import { throwIfEnded } from '../finish';
import { waitByCallback } from '../waiting/callback';
import { dryWait } from '../waiting/dryRun';
import { waitByPolling } from '../waiting/polling';
import { readWaitFor, readWaitSettings } from '../waiting/settings';
import { resumeUrlOf } from '../waiting/sleep';

const OPERATION = 'submitAndWait';

export const parameters: INodeProperties[] = [
	...videoParameters([OPERATION]),
	{
		displayName: 'Wait For',
		name: 'waitFor',
		type: 'options',
		default: 'polling',
		description: 'How the node learns that a task has ended',
		displayOptions: { show: { operation: [OPERATION] } },
		options: [
			{
				name: 'Polling',
				value: 'polling',
				description: 'Ask HiDream now and then. The execution keeps running meanwhile.',
			},
			{
				name: 'Callback',
				value: 'callback',
				description:
					'Let HiDream call this n8n. The execution sleeps meanwhile and survives a restart. HiDream must have whitelisted the account for callbacks, and n8n needs a public address.',
			},
		],
	},
	...resultParameters([OPERATION]),
	optionsOf(OPERATION),
];

/**
 * Submits one task per input item and gives out their results, in input order. A task that takes longer than
 * "Max Wait" comes out as `timed_out`, with its task ID.
 * @throws NodeApiError or NodeOperationError for the first item that failed, unless the node continues on fail
 */
export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	if (isDryRun(context)) return await dryRun(context, await dryWait(context));
	const ledger = ledgerOf(context);
	const resumeUrl = readWaitFor(context) === 'callback' ? resumeUrlOf(context) : undefined;
	const plans = await planAll(context, ledger, { readMore: readWaitSettings, notifyUrl: resumeUrl });
	throwIfEnded(context, { done: new Map(), failed: failedPlans(plans) }, ledger);
	return resumeUrl === undefined
		? await waitByPolling(context, plans, ledger)
		: await waitByCallback(context, plans, ledger, resumeUrl);
}
