import type { IDataObject } from 'n8n-workflow';

import type { N8nContext } from '../../support/n8n';
import { hidreamName } from '../../support/workflows';
import type { TestQueue } from './queue';

/** What Get Result says of these tasks, in a run of its own. */
export async function resultsOf({ n8n, sandbox }: N8nContext<TestQueue>, taskIds: readonly string[]): Promise<IDataObject[]> {
	const parameters = { operation: 'getResult', taskId: '={{ $json.id }}', options: {} };
	const execution = await n8n.instance.execution(await n8n.started(sandbox, parameters, taskIds.map((id) => ({ id }))));
	expect([execution.error, execution.status]).toEqual([undefined, 'success']);
	return execution.json(hidreamName);
}
