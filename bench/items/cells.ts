import { cell } from '../report/runs';
import type { Figures, Raw } from './raw';

/** A figure of one way. */
export type Take = (figures: Figures) => number;

/** What n8n takes for a node that does nothing with the items, in milliseconds. */
function emptyCpuMs(raw: Raw): number {
	const [base] = raw.ways.filter(({ role }) => role === 'base');
	const figure = base ? cell(raw.runs, base.name, ({ cpuMs }) => cpuMs) : { failed: 'not measured' };
	if (typeof figure !== 'number') throw new Error(`The empty run has no figure to subtract: ${figure.failed}`);
	return figure;
}

/** Processor time per item, minus that of the empty run, in milliseconds. */
export function cpuPerItem(raw: Raw): Take {
	const empty = emptyCpuMs(raw);
	return ({ cpuMs }) => (cpuMs - empty) / raw.items;
}
