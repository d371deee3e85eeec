import { removeFolder, temporaryFolder } from '../../harness/guard';
import { hasFailed } from '../report/runs';
import type { Effort } from '../section';
import { measureWay, type Amount } from './measureWay';
import type { Raw } from './raw';
import { LATENCY_MS, WAYS } from './ways';

const ITEMS = 1_000;
const QUICK_ITEMS = 200;
/** After the third run of 1,000 items the figures no longer decrease. */
const WARM_UPS = 3;

/** Measures the section. */
export async function measure({ runs, quick, report }: Effort): Promise<Raw> {
	const items = quick ? QUICK_ITEMS : ITEMS;
	const amount: Amount = { items, runs, warmUps: quick ? 1 : WARM_UPS };
	const files = await temporaryFolder('bench-items');
	try {
		const raw: Raw = {
			items,
			latencyMs: LATENCY_MS,
			ways: WAYS.map(({ name, label, inFlight, role }) => ({ name, label, role, inFlight })),
			runs: [],
		};
		for (const way of WAYS) {
			const results = await measureWay(way, amount, files, (step) => report(`${way.name}: ${step}`));
			raw.runs.push(...results.map((result, i) => ({ way: way.name, run: i + 1, result })));
		}
		const [empty] = raw.runs.filter(({ way }) => way === 'empty-0');
		if (!empty || hasFailed(empty.result)) throw new Error(`The empty run failed: ${empty && hasFailed(empty.result) ? empty.result.failed : 'it is missing'}`);
		return raw;
	} finally {
		await removeFolder(files);
	}
}
