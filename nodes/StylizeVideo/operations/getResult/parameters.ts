import type { INodeProperties } from 'n8n-workflow';
import { optionsOf } from '../../options';
import { resultParameters } from '../../parameters';

export const parameters: INodeProperties[] = [
	{
		displayName: 'Task ID',
		name: 'taskId',
		type: 'string',
		default: '={{ $json.task_id }}',
		required: true,
		description: 'The ID that HiDream gave the task when it was submitted',
		displayOptions: { show: { operation: ['getResult'] } },
	},
	...resultParameters(['getResult']),
	optionsOf('getResult'),
];
