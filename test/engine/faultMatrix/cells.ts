/** The axes of the fault matrix: the position of the fault, "On Error", and Retry On Fail. */
import type { OnError } from 'n8n-workflow';

/** The number of items in one run of the node. */
export const ITEMS = 5;

/** The index of the affected item: the first, the middle and the last one. */
export const POSITIONS = [0, 2, 4] as const;
export type Position = (typeof POSITIONS)[number];

/** "On Error" in the node's settings, and its name in the table. */
export const RUN_MODES = ['stop', 'continue', 'error output'] as const;
export type RunMode = (typeof RUN_MODES)[number];

export const ON_ERROR: Readonly<Record<RunMode, OnError>> = {
	stop: 'stopWorkflow',
	continue: 'continueRegularOutput',
	'error output': 'continueErrorOutput',
};

/** Attempts of the whole node with Retry On Fail. */
export const MAX_ATTEMPTS = 3;

/** A column of the table. */
export interface MatrixColumn {
	mode: RunMode;
	retry: boolean;
}

/** One run of the node. */
export interface Cell extends MatrixColumn {
	position: Position;
	operation: 'submit' | 'submitAndWait';
}

export const COLUMNS: readonly MatrixColumn[] = RUN_MODES.flatMap((mode) => [
	{ mode, retry: false },
	{ mode, retry: true },
]);

/** The runs of one fault, column by column. */
export const CELLS: readonly Cell[] = COLUMNS.flatMap((column) =>
	POSITIONS.map((position) => ({ ...column, position, operation: 'submit' as const })),
);

/** The runs of a fault that needs only one for each column. */
export const BRIEF_CELLS: readonly Cell[] = CELLS.filter(({ position }) => position === 2);

/** Submit and Wait uses the same code, so one run is enough. */
export const WAITING_CELL: Cell = { mode: 'continue', retry: false, position: 2, operation: 'submitAndWait' };
