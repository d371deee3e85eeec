import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const MIB = 2 ** 20;
const OBJECTS_AT_ONCE = 10_000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

let ballast: object[][] = [];

const smallObject = (n: number): object => ({ id: n, name: `object ${n}`, tags: [n, n + 1], parent: { id: n >> 1 } });

/**
 * Fills the heap with small objects up to `heapMiB`, as the code and data of a whole n8n do: each collection has to
 * look at all of them. Then collects the garbage of the start, so that it counts in nobody's figures.
 * @param heapMiB what is alive on the heap afterwards, all told; 0 adds nothing
 */
export function fillHeap(heapMiB: number): void {
	ballast = [];
	collectGarbage();
	while (process.memoryUsage().heapUsed < heapMiB * MIB) {
		ballast.push(Array.from({ length: OBJECTS_AT_ONCE }, (_, n) => smallObject(n)));
	}
	collectGarbage();
}
