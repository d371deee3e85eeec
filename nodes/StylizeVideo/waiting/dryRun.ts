import type { IExecuteFunctions } from 'n8n-workflow';
import type { DryRunSettings } from '../dryRun';
import { findSuspendObstacles, resumeUrlOf } from './suspend';
import { readWaitFor, readWaitSettings } from './settings';
import type { WaitSettings } from './settings';

/** What a dry run checks of a wait: a "Wait For" that cannot be read is reported, as all else. */
export async function dryWait(context: IExecuteFunctions): Promise<DryRunSettings<WaitSettings>> {
	const waitFor = await readWaitFor(context);
	if (waitFor === 'polling') return { readMore: readWaitSettings, keepsParallel: true };
	if (waitFor !== 'callback') return { readMore: readWaitSettings, keepsParallel: false, findObstacles: async () => [waitFor.errorInfo] };
	const notifyUrl = resumeUrlOf(context);
	const findObstacles: DryRunSettings<WaitSettings>['findObstacles'] = async (plans) =>
		await findSuspendObstacles(context, plans, notifyUrl);
	return { readMore: readWaitSettings, keepsParallel: false, notifyUrl, findObstacles };
}
