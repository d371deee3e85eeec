/** All ways in which JavaScript allocates or copies bytes, and the number of bytes of one call. */

/** The effect of one call: bytes of new memory, bytes copied, or an object for existing memory. */
export interface Done {
	made?: number;
	copied?: number;
	view?: true;
}

/** Determines the effect of a call from its result, arguments and `this`. */
export type Judge = (result: unknown, args: unknown[], self: unknown) => Done;

/** The methods of one object. */
export type Methods = [owner: object, judges: Record<string, Judge>];

const isMemory = (value: unknown): value is ArrayBuffer =>
	/^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(value));

/** In bytes; strings that Node.js creates from bytes have one per character. */
function sizeOf(value: unknown): number {
	if (typeof value === 'string') return value.length;
	return ArrayBuffer.isView(value) || isMemory(value) ? value.byteLength : 0;
}

const made: Judge = (result) => ({ made: sizeOf(result) });
const madeAndCopied: Judge = (result) => ({ made: sizeOf(result), copied: sizeOf(result) });
const view: Judge = () => ({ view: true });
const from: Judge = (result, args) => (isMemory(args[0]) ? { view: true } : { made: sizeOf(result), copied: sizeOf(result) });
const written: Judge = (result) => ({ copied: Number(result) });
const filled: Judge = (_result, _args, self) => ({ copied: sizeOf(self) });
const taken: Judge = (_result, [source]) => ({ copied: sizeOf(source) });
const encodedInto: Judge = (result) => ({ copied: (result as { written: number }).written });

const all = (names: string[], judge: Judge): Record<string, Judge> => Object.fromEntries(names.map((name) => [name, judge]));

const ENCODINGS = ['ascii', 'base64', 'base64url', 'hex', 'latin1', 'ucs2', 'utf8'];

export const METHODS: Methods[] = [
	[Buffer, { ...all(['alloc', 'allocUnsafe', 'allocUnsafeSlow'], made), concat: madeAndCopied, from }],
	[
		Buffer.prototype,
		{
			...all(['slice', 'subarray'], view),
			...all(['toString', ...ENCODINGS.map((name) => `${name}Slice`)], madeAndCopied),
			...all(['copy', 'write', ...ENCODINGS.map((name) => `${name}Write`)], written),
			fill: filled,
		},
	],
	// Under Jest `Uint8Array` is the process's own, and the others are those of Jest's context.
	...[Uint8Array, Uint16Array].map(({ prototype }): Methods => [
		Object.getPrototypeOf(prototype) as object,
		{ set: taken, slice: madeAndCopied, subarray: view },
	]),
	[TextEncoder.prototype, { encode: madeAndCopied, encodeInto: encodedInto }],
	[TextDecoder.prototype, { decode: madeAndCopied }],
	[globalThis, all(['atob', 'btoa'], madeAndCopied)],
];

const NUMBERS = ['Uint8', 'Uint8Clamped', 'Int8', 'Uint16', 'Int16', 'Uint32', 'Int32', 'Float32', 'Float64', 'BigInt64', 'BigUint64'];

/** Classes whose constructor allocates memory, or creates a view of it. */
export const CLASSES = ['ArrayBuffer', 'SharedArrayBuffer', 'DataView', ...NUMBERS.map((kind) => `${kind}Array`)];

/** The effect of such a constructor. */
export const constructed: Judge = (result, args) => (typeof args[0] === 'number' ? { made: sizeOf(result) } : from(result, args, undefined));
