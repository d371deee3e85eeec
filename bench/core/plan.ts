import type { Case } from './ways';

const CASE: Omit<Case, 'way' | 'sizeMiB'> = { binaryMode: 'filesystem', heapMiB: 0 };

const SIZES_MIB = [1, 16, 100, 300, 1024];
/** The size that the targets apply to. */
export const LARGE_MIB = 300;
const MIDDLE_MIB = 100;
/** The live heap of a real n8n. */
const N8N_HEAP_MIB = 300;

/** The cases that show the effect of a change quickly. */
const QUICK: Case[] = [
	{ ...CASE, way: 'node', sizeMiB: MIDDLE_MIB },
	{ ...CASE, way: 'floor', sizeMiB: MIDDLE_MIB },
];

const ALL: Case[] = [
	...SIZES_MIB.flatMap((sizeMiB) => (['node', 'floor', 'buffer', 'bare'] as const).map((way): Case => ({ ...CASE, way, sizeMiB }))),
	...(['node', 'floor', 'buffer'] as const).map((way): Case => ({ ...CASE, way, sizeMiB: LARGE_MIB, heapMiB: N8N_HEAP_MIB })),
	...(['node', 'buffer'] as const).map((way): Case => ({ ...CASE, way, sizeMiB: MIDDLE_MIB, binaryMode: 'default' })),
];

export const casesOf = (quick: boolean): Case[] => (quick ? QUICK : ALL);

/** Compares the bytes of each way with the file once. The floor sends no video. */
export function checksOf(quick: boolean): Case[] {
	const isChecked = ({ way, sizeMiB, heapMiB }: Case) => way !== 'floor' && sizeMiB === MIDDLE_MIB && heapMiB === 0;
	return casesOf(quick).filter(isChecked);
}
