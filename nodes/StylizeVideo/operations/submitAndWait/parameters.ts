import type { INodeProperties } from 'n8n-workflow';
import { optionsOf } from '../../options';
import { resultParameters, videoParameters, waitParameters } from '../../parameters';

export const parameters: INodeProperties[] = [
	...videoParameters(['submitAndWait']),
	...waitParameters(['submitAndWait']),
	...resultParameters(['submitAndWait']),
	optionsOf('submitAndWait'),
];
