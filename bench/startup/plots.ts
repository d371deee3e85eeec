import { barChart } from '../report/chart';
import type { Plot } from '../section';
import type { Load, StartupRaw } from './raw';

/** The time that n8n waits at its start, by subject, on its own Node.js. */
export function plots({ loads }: StartupRaw): Plot[] {
	const shown = loads.filter(({ isNodeOfN8n, stage }) => isNodeOfN8n && stage === 'atStart');
	const subjects = [...new Set(shown.map(({ subject }) => subject))];
	const figures = (cache: Load['cache']) =>
		subjects.map((subject) => shown.find((load) => load.subject === subject && load.cache === cache)?.ms ?? { failed: 'not measured' });
	const option = barChart({
		title: "Time to load when n8n starts, on n8n's Node.js",
		categories: { name: '', values: subjects },
		measure: 'milliseconds',
		logarithmic: true,
		rows: [
			{ name: 'files in the cache', figures: figures('warm') },
			{ name: 'files on the disk', figures: figures('cold') },
		],
	});
	return [{ name: 'startup', alt: "Time to load this package and nodes of n8n's own, with the files in the cache and on the disk", height: 360, option }];
}
