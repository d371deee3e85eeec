import type { IExecuteFunctions, INode } from 'n8n-workflow';
import { Ledger } from '../submission/ledger';

/** n8n gives a node that runs as an AI tool a type of its own, which ends so. */
export const runsAsTool = ({ type }: INode): boolean => type.endsWith('Tool');

/**
 * Which run of the node this is: stable across Retry On Fail and a user's Retry. n8n's context object knows it; the
 * expression is for versions of n8n whose context does not, and fails where WEBHOOK_URL has no scheme.
 */
function runIndexOf(context: IExecuteFunctions): number {
	const known: unknown = 'runIndex' in context ? context.runIndex : undefined;
	return typeof known === 'number' ? known : Number(context.evaluateExpression('{{ $runIndex }}', 0));
}

/** The ledger of this run of the node; every further attempt of the same execution finds the same one. */
export function ledgerOf(context: IExecuteFunctions): Ledger {
	const scope = runsAsTool(context.getNode()) ? undefined : { runIndex: runIndexOf(context) };
	return new Ledger(context.getContext('node'), scope);
}
