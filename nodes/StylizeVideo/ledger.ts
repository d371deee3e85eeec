import type { IExecuteFunctions, INode } from 'n8n-workflow';
import { Ledger } from '../batch/ledger';

/** n8n gives a node that runs as an AI tool a type of its own, which ends so. */
export const runsAsTool = ({ type }: INode): boolean => type.endsWith('Tool');

/** The ledger of this run of the node; every further try of the same execution finds the same one. */
export function ledgerOf(context: IExecuteFunctions): Ledger {
	const scope = runsAsTool(context.getNode())
		? undefined
		: { runIndex: Number(context.evaluateExpression('{{ $runIndex }}', 0)) };
	return new Ledger(context.getContext('node'), scope);
}
