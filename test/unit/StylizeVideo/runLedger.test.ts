/** Where a run of the node stores its ledger. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { ledgerOf } from '../../../nodes/StylizeVideo/runLedger';
import { nodeOf } from '../support/executeFunctions';
import { strictDouble } from '../support/strictDouble';

/** n8n's evaluation of the one expression that the node uses. */
const roundBy = (runIndex: number) => (expression: string) => {
	if (expression !== '{{ $runIndex }}') throw new Error(`Unexpected evaluation of ${expression}`);
	return runIndex;
};

test('stores entries in n8n\'s context data of this node', () => {
	const kept: IDataObject = {};
	const getContext = jest.fn(() => kept);
	const context = strictDouble<IExecuteFunctions>('context', {
		getNode: () => nodeOf(),
		evaluateExpression: roundBy(0),
		getContext,
	});
	const ledger = ledgerOf(context);
	ledger.write(ledger.key(0, 'p'), { state: 'refused', requestId: 'r-1' });
	expect(getContext).toHaveBeenCalledWith('node');
	expect(JSON.stringify(kept)).toContain('r-1');
});

test.each([
	['n8n\'s context', (runIndex: number) => ({ runIndex })],
	['an expression, in older versions of n8n', (runIndex: number) => ({ evaluateExpression: roundBy(runIndex) })],
])('gives each round of a loop its own keys, with the run index from %s', (_where, round) => {
	const keyOf = (runIndex: number) =>
		ledgerOf(strictDouble<IExecuteFunctions & { runIndex: number }>('context', { getNode: () => nodeOf(), getContext: () => ({}), ...round(runIndex) })).key(0, 'p');
	expect(keyOf(0)).not.toBe(keyOf(1));
});

test('as an AI tool, ignores the run and uses the content as the key', () => {
	const context = strictDouble<IExecuteFunctions>('context', {
		getNode: () => nodeOf('n8n-nodes-hidream.stylizeVideoTool'),
		getContext: () => ({}),
	});
	expect(ledgerOf(context).key(3, 'p')).toBe(ledgerOf(context).key(0, 'p'));
});
