import type { INodeParameters } from 'n8n-workflow';

import type { WorkflowJson } from '../../harness/n8n/workflow';

/** The name of the trigger in every workflow here. */
export const triggerName = 'HiDream Trigger';

/** The trigger alone; its production URL is `/webhook/<id>/webhook`. */
export function triggerWorkflow(id: string, parameters: INodeParameters): WorkflowJson {
	return {
		name: id,
		nodes: [
			{
				id,
				webhookId: id,
				name: triggerName,
				type: 'n8n-nodes-hidream.hiDreamTrigger',
				typeVersion: 1,
				position: [0, 0],
				parameters,
				credentials: { hiDreamApi: { id: null, name: '' } },
			},
		],
		connections: {},
		settings: { executionOrder: 'v1' },
	};
}
