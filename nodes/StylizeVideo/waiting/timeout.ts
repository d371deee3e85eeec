import type { IExecuteFunctions } from 'n8n-workflow';
import { isObject } from '../../hidream/vendorJson';

/**
 * In how many milliseconds n8n cancels this execution; Infinity without a timeout. n8n counts from the start of the
 * execution, also while it is suspended. Its context object knows the moment, which covers EXECUTIONS_TIMEOUT and
 * EXECUTIONS_TIMEOUT_MAX; the workflow's setting is for versions of n8n whose context does not.
 */
export function timeoutMsOf(context: IExecuteFunctions): number {
	const additional: unknown = 'additionalData' in context ? context.additionalData : undefined;
	const endsAt = isObject(additional) ? additional.executionTimeoutTimestamp : undefined;
	if (typeof endsAt === 'number') return Math.max(0, endsAt - Date.now());
	const seconds = context.getWorkflowSettings().executionTimeout ?? 0;
	return seconds > 0 ? seconds * 1_000 : Infinity;
}
