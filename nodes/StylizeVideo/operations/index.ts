import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import type { Operation } from '../parameters';
import { parameters as check } from './check/parameters';
import { parameters as getResult } from './getResult/parameters';
import { parameters as submit } from './submit/parameters';
import { parameters as submitAndWait } from './submitAndWait/parameters';

interface OperationModule {
	parameters: INodeProperties[];
	/** Loaded with the first run, since n8n loads every node when it starts. */
	load: () => Promise<{ execute: (context: IExecuteFunctions) => Promise<INodeExecutionData[][]> }>;
}

/** What the node can do, in the order of their parameters on the screen. */
export const OPERATIONS = {
	submit: { parameters: submit, load: async () => await import('./submit/execute') },
	submitAndWait: { parameters: submitAndWait, load: async () => await import('./submitAndWait/execute') },
	getResult: { parameters: getResult, load: async () => await import('./getResult/execute') },
	check: { parameters: check, load: async () => await import('./check/execute') },
} satisfies Record<Operation, OperationModule>;
