import type { Target } from '../section';
import type { StartupRaw } from './raw';
import { ms, whole } from './tables';

const TARGET_BYTES = 60_000;
const TARGET_MS = 10;

/** The design's targets for size and loading. */
export function targets({ tarball, loads }: StartupRaw): Target[] {
	const load = loads.find(({ isOurs, isNodeOfN8n, cache, stage }) => isOurs && isNodeOfN8n && cache === 'warm' && stage === 'atStart');
	if (!load) throw new Error("loading this package on n8n's Node.js was not measured");
	return [
		{
			measure: 'size of the package, packed',
			target: `≤ ${whole(TARGET_BYTES)} bytes`,
			measured: `${whole(tarball.packedBytes)} bytes`,
			met: tarball.packedBytes <= TARGET_BYTES,
		},
		{
			measure: `loading both nodes and the credential, Node.js ${load.node}, files in the cache`,
			target: `≤ ${TARGET_MS} ms`,
			measured: `${ms(load.ms)} ms`,
			met: load.ms <= TARGET_MS,
		},
	];
}
