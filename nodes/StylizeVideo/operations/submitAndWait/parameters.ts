import type { INodeProperties } from 'n8n-workflow';
import { optionsOf } from '../../options';
import { resultParameters, videoParameters } from '../../parameters';

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
