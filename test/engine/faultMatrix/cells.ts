/** The axes of the fault matrix: where a fault hits, what the node does on an error, and whether n8n tries again. */
import type { OnError } from 'n8n-workflow';

/** So many items go through the node in one run. */
export const ITEMS = 5;

/** The item that the fault hits, counted from 0: the first, the middle and the last one. */
export const POSITIONS = [0, 2, 4] as const;
export type Position = (typeof POSITIONS)[number];

/** "On Error" as the node's settings have it, and how the table calls it. */
export const MODES = ['stop', 'continue', 'error output'] as const;
export type Mode = (typeof MODES)[number];

export const ON_ERROR: Readonly<Record<Mode, OnError>> = {
	stop: 'stopWorkflow',
	continue: 'continueRegularOutput',
	'error output': 'continueErrorOutput',
};

/** Tries of the whole node when "Retry On Fail" is on. */
export const MAX_TRIES = 3;

/** A column of the table. */
export interface Column {
	mode: Mode;
	retry: boolean;
}

/** One run of the node. */
export interface Cell extends Column {
	position: Position;
	operation: 'submit' | 'submitAndWait';
}

export const COLUMNS: readonly Column[] = MODES.flatMap((mode) => [
	{ mode, retry: false },
	{ mode, retry: true },
]);

/** The runs of one fault, column by column. */
export const CELLS: readonly Cell[] = COLUMNS.flatMap((column) =>
	POSITIONS.map((position) => ({ ...column, position, operation: 'submit' as const })),
);

/** The runs of a fault that needs no more than one for each column. */
export const BRIEF_CELLS: readonly Cell[] = CELLS.filter(({ position }) => position === 2);

/** Submit and Wait sends by the same path, so one run shows that it is told the same. */
export const WAITING_CELL: Cell = { mode: 'continue', retry: false, position: 2, operation: 'submitAndWait' };
