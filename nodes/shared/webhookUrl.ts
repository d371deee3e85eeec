import type { IExecuteFunctions } from 'n8n-workflow';

export const FIX_WEBHOOK_URL =
	'n8n cannot build its own URLs. Set the environment variable WEBHOOK_URL of n8n to its public address, including https://.';

/**
 * Whether n8n cannot build the resume URL of this execution, because WEBHOOK_URL has no scheme. n8n builds that URL for
 * every expression, so every expression fails.
 */
export function hasBrokenUrls(context: IExecuteFunctions): boolean {
	try {
		context.evaluateExpression('{{ 1 }}', 0);
		return false;
	} catch {
		return true;
	}
}
