import type { INodeProperties } from 'n8n-workflow';
import { optionsOf } from '../../options';
import { videoParameters } from '../../parameters';

export const parameters: INodeProperties[] = [...videoParameters(['check']), optionsOf('check')];
