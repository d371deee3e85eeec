import type { INodeProperties } from 'n8n-workflow';
import { optionsOf } from '../../options';
import { resultParameters, shownFor, TASK_ID } from '../../parameters';

export const parameters: INodeProperties[] = [
	shownFor(['getResult'], TASK_ID.property),
	...resultParameters(['getResult']),
	optionsOf('getResult'),
];
