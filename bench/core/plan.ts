import type { Case } from './ways';

const CASE: Omit<Case, 'way' | 'sizeMiB'> = { binaryMode: 'filesystem', heapMiB: 0 };

const SIZES_MIB = [1, 16, 100, 300, 1024];
/** Where targets stand. */
export const LARGE_MIB = 300;
const MIDDLE_MIB = 100;
/** What a real n8n has alive on its heap. */
const N8N_HEAP_MIB = 300;

/** What is measured to see at once what a change does. */
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

/** The bytes of each way that sends the video are compared with the file, once; the floor sends nothing that means something. */
export function checksOf(quick: boolean): Case[] {
	const isChecked = ({ way, sizeMiB, heapMiB }: Case) => way !== 'floor' && sizeMiB === MIDDLE_MIB && heapMiB === 0;
	return casesOf(quick).filter(isChecked);
}
