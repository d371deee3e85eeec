import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFolder } from '../../harness/packageTarball';
import type { ListedSection } from '../sections';
import { pageOf } from './page';
import type { Chapter } from './page';
import { svgOf } from './plot';
import { readResults, writeResults } from './results';
import type { BenchResults } from './results';

/** The folder of the figures, the plots and the page. */
export const resultsFolder = join(projectFolder, 'docs', 'bench');

const fileOf = (name: string): string => join(resultsFolder, `${name}.json`);

/** Saves the results of a section. */
export async function keepResults(results: BenchResults): Promise<void> {
	await writeResults(fileOf(results.section), results);
}

/** Creates the page and the plots from all saved results; returns the number of sections. */
export async function redraw(sections: ListedSection[]): Promise<number> {
	const chapters: Chapter[] = [];
	for (const section of sections) {
		const results = await readResults(fileOf(section.name), section.name);
		if (results) chapters.push({ section, results, shown: section.show(results.raw) });
	}
	const page = pageOf(chapters);
	await mkdir(resultsFolder, { recursive: true });
	for (const plot of chapters.flatMap(({ shown }) => shown.plots)) {
		await writeFile(join(resultsFolder, `${plot.name}.svg`), svgOf(plot));
	}
	await writeFile(join(resultsFolder, 'README.md'), page);
	return chapters.length;
}
