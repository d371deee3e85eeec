import type { IExecuteFunctions } from 'n8n-workflow';

/** A setting of this n8n; undefined if it is not set, or if n8n hides its environment from nodes (the default of n8n 2). */
function environment(context: IExecuteFunctions, name: string): unknown {
	try {
		return context.evaluateExpression(`{{ $env.${name} }}`, 0);
	} catch {
		return undefined;
	}
}

const isDefault = (setting: unknown): boolean => setting === undefined || setting === 'DEFAULT';

/** Whether n8n deletes this execution, and its binary files, once it has ended successfully. */
export function isDeletedAtEnd(context: IExecuteFunctions): boolean {
	const { saveManualExecutions: manual, saveDataSuccessExecution: success } = context.getWorkflowSettings();
	if (context.getMode() === 'manual') {
		return isDefault(manual) ? environment(context, 'EXECUTIONS_DATA_SAVE_MANUAL_EXECUTIONS') === 'false' : manual === false;
	}
	return isDefault(success) ? environment(context, 'EXECUTIONS_DATA_SAVE_ON_SUCCESS') === 'none' : success === 'none';
}

/**
 * Whether n8n gives the file another ID when this run ends or is suspended, so that a link to it stops working: it does
 * so with the files that a webhook, form or chat received, as long as no node has stored them again.
 */
export function isRenamedAtEnd(context: IExecuteFunctions, binaryId: string): boolean {
	if (context.getMode() !== 'webhook' || !binaryId.includes('/executions/temp/')) return false;
	const typed = (name: string) => context.getNodeParameter(name, 0, '', { rawExpressions: true });
	return typed('operation') !== 'submitAndWait' || typed('waitFor') !== 'polling';
}
