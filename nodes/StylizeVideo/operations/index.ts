import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { optionsOf } from '../options';
import { OPERATION, RESULT_PARAMETERS, shownIf, TASK_ID, VIDEO_PARAMETERS, WAIT_PARAMETERS, type Operation } from '../parameters';

interface OperationEntry {
	parameters: INodeProperties[];
	/** Loaded with the first run, since n8n loads every node when it starts. */
	load: () => Promise<(context: IExecuteFunctions) => Promise<INodeExecutionData[][]>>;
}

/** The operations, in the order of their parameters in the editor. */
export const OPERATIONS: Readonly<Record<Operation, OperationEntry>> = {
	submit: {
		parameters: [...VIDEO_PARAMETERS, optionsOf('submit')],
		load: async () => (await import('./submit')).executeSubmit,
	},
	submitAndWait: {
		parameters: [...VIDEO_PARAMETERS, ...WAIT_PARAMETERS, ...RESULT_PARAMETERS, optionsOf('submitAndWait')],
		load: async () => (await import('./submitAndWait')).executeSubmitAndWait,
	},
	getResult: {
		parameters: [TASK_ID.property, ...RESULT_PARAMETERS, optionsOf('getResult')],
		load: async () => (await import('./getResult')).executeGetResult,
	},
	check: {
		parameters: [...VIDEO_PARAMETERS, optionsOf('check')],
		load: async () => (await import('./check')).executeCheck,
	},
};

/** All parameters of the node, those of an operation shown for it alone. */
export const allParameters: INodeProperties[] = [
	OPERATION.property,
	...Object.entries(OPERATIONS).flatMap(([operation, { parameters }]) =>
		parameters.map((property) => shownIf(property, { operation: [operation], ...property.displayOptions?.show })),
	),
];
