import type { IDataObject } from 'n8n-workflow';

import type { OnBench } from '../../n8n/support/useBench';
import { hidreamName } from '../../n8n/support/workflows';
import type { QueueBench } from './bench';

/** What Get Result says of these tasks, in a run of its own. */
export async function resultsOf({ bench, sandbox }: OnBench<QueueBench>, taskIds: readonly string[]): Promise<IDataObject[]> {
	const parameters = { operation: 'getResult', taskId: '={{ $json.id }}', options: {} };
	const execution = await bench.n8n.execution(await bench.started(sandbox, parameters, taskIds.map((id) => ({ id }))));
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	return execution.json(hidreamName);
}
