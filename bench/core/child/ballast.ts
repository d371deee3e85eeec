import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const MIB = 2 ** 20;
const OBJECTS_AT_ONCE = 10_000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

let ballast: object[][] = [];

const smallObject = (n: number): object => ({ id: n, name: `object ${n}`, tags: [n, n + 1], parent: { id: n >> 1 } });

/**
 * Fills the heap with small objects up to `heapMiB`, like the code and data of a real n8n: each collection scans them.
 * Collects the garbage of the start first, so that it is not measured.
 * @param heapMiB live heap afterwards in MiB; 0 adds nothing
 */
export function fillHeap(heapMiB: number): void {
	ballast = [];
	collectGarbage();
	while (process.memoryUsage().heapUsed < heapMiB * MIB) {
		ballast.push(Array.from({ length: OBJECTS_AT_ONCE }, (_, n) => smallObject(n)));
	}
	collectGarbage();
}
