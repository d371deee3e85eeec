import type { ListedSection, Shown } from '../sections';
import type { Machine } from './machine';
import type { BenchResults } from './results';
import { markdownTable, targetTable } from './tables';

/** A measured section. */
export interface Chapter {
	section: Pick<ListedSection, 'name' | 'title' | 'about'>;
	results: BenchResults;
	shown: Shown;
}

const HEAD = `# Benchmark

Created by \`npm run bench\` on one machine, with the fake HiDream server in \`sandbox/\`: it depends on no network and costs no credits.
Each section says of how many runs its figures are the median. \`npm run bench -- --quick\` checks in minutes whether all of it works, and writes nothing;
\`--only <sections>\` measures some sections and keeps the figures of the others; \`--redraw\` creates this page and its plots again from the JSON files in this folder.`;

const day = ({ date }: BenchResults): string => date.slice(0, 10);

const machineKey = ({ machine }: BenchResults): string => JSON.stringify({ ...machine, commit: '' });

const machineRow = ({ cpu, cores, memoryGiB, system, n8n, n8nNode, node }: Machine): string[] => [
	`${cpu}, ${cores} cores`,
	`${memoryGiB} GiB`,
	system,
	`${n8n} on Node.js ${n8nNode}`,
	node,
];

/** One row for each machine: one, unless some sections were measured on another. */
function machines(chapters: Chapter[]): string {
	const seen = new Map(chapters.map(({ results }) => [machineKey(results), results.machine]));
	const rows = [...seen.values()].map(machineRow);
	return markdownTable({ caption: '', head: ['processor', 'memory', 'system', 'n8n', 'Node.js of the benchmark'], rows });
}

function targets(chapters: Chapter[]): string[] {
	const all = chapters.flatMap(({ shown }) => shown.targets);
	return all.length === 0 ? [] : ['## Targets', markdownTable({ ...targetTable(all), caption: '' })];
}

function chapterText({ section, results, shown }: Chapter): string[] {
	return [
		`## ${section.title}`,
		section.about,
		...shown.plots.map(({ name, alt }) => `![${alt.replaceAll(/[[\]]/g, '')}](${name}.svg)`),
		...shown.tables.map(markdownTable),
		`Measured on ${day(results)} at commit \`${results.machine.commit}\`, median of ${results.runs}; raw figures in [${section.name}.json](${section.name}.json).`,
	];
}

/** The page of the benchmark, in Markdown. */
export function pageOf(chapters: Chapter[]): string {
	if (chapters.length === 0) throw new Error('There is no page to create, since nothing was measured yet');
	const parts = [HEAD, ...targets(chapters), '## Machine', machines(chapters), ...chapters.flatMap(chapterText)];
	return `${parts.join('\n\n')}\n`;
}
