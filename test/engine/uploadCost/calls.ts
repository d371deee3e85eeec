/** All ways in which JavaScript allocates or copies bytes, and the number of bytes of one call. */

/** The effect of one call: bytes of new memory, bytes copied, or an object for existing memory. */
export interface CallsDone {
	made?: number;
	copied?: number;
	view?: true;
}

/** Determines the effect of a call from its result, arguments and `this`. */
export type EffectOf = (result: unknown, args: unknown[], self: unknown) => CallsDone;

/** The methods of one object. */
export type Methods = [owner: object, effects: Record<string, EffectOf>];

const isMemory = (value: unknown): value is ArrayBuffer =>
	/^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(value));

/** In bytes; strings that Node.js creates from bytes have one per character. */
function sizeOf(value: unknown): number {
	if (typeof value === 'string') return value.length;
	return ArrayBuffer.isView(value) || isMemory(value) ? value.byteLength : 0;
}

const made: EffectOf = (result) => ({ made: sizeOf(result) });
const allocatedAndCopied: EffectOf = (result) => ({ made: sizeOf(result), copied: sizeOf(result) });
const view: EffectOf = () => ({ view: true });
const from: EffectOf = (result, args) => (isMemory(args[0]) ? { view: true } : { made: sizeOf(result), copied: sizeOf(result) });
const written: EffectOf = (result) => ({ copied: Number(result) });
const filled: EffectOf = (_result, _args, self) => ({ copied: sizeOf(self) });
const taken: EffectOf = (_result, [source]) => ({ copied: sizeOf(source) });
const encodedInto: EffectOf = (result) => ({ copied: (result as { written: number }).written });

const all = (names: string[], effectOf: EffectOf): Record<string, EffectOf> => Object.fromEntries(names.map((name) => [name, effectOf]));

const ENCODINGS = ['ascii', 'base64', 'base64url', 'hex', 'latin1', 'ucs2', 'utf8'];

export const METHODS: Methods[] = [
	[Buffer, { ...all(['alloc', 'allocUnsafe', 'allocUnsafeSlow'], made), concat: allocatedAndCopied, from }],
	[
		Buffer.prototype,
		{
			...all(['slice', 'subarray'], view),
			...all(['toString', ...ENCODINGS.map((name) => `${name}Slice`)], allocatedAndCopied),
			...all(['copy', 'write', ...ENCODINGS.map((name) => `${name}Write`)], written),
			fill: filled,
		},
	],
	// Under Jest `Uint8Array` is the process's own, and the others are those of Jest's context.
	...[Uint8Array, Uint16Array].map(({ prototype }): Methods => [
		Object.getPrototypeOf(prototype) as object,
		{ set: taken, slice: allocatedAndCopied, subarray: view },
	]),
	[TextEncoder.prototype, { encode: allocatedAndCopied, encodeInto: encodedInto }],
	[TextDecoder.prototype, { decode: allocatedAndCopied }],
	[globalThis, all(['atob', 'btoa'], allocatedAndCopied)],
];

const NUMBERS = ['Uint8', 'Uint8Clamped', 'Int8', 'Uint16', 'Int16', 'Uint32', 'Int32', 'Float32', 'Float64', 'BigInt64', 'BigUint64'];

/** Classes whose constructor allocates memory, or creates a view of it. */
export const CLASSES = ['ArrayBuffer', 'SharedArrayBuffer', 'DataView', ...NUMBERS.map((kind) => `${kind}Array`)];

/** The effect of such a constructor. */
export const constructed: EffectOf = (result, args) => (typeof args[0] === 'number' ? { made: sizeOf(result) } : from(result, args, undefined));
