import type { EChartsOption } from 'echarts';
import type { Report } from '../harness/progress';

/** How much is measured. */
export interface Effort {
	/** Each figure is the median of so many runs. */
	runs: number;
	/** Small sizes and numbers only: whether it works, not how fast it is. */
	quick: boolean;
	/** One line of progress. */
	report: Report;
}

export interface Table {
	caption: string;
	head: string[];
	rows: string[][];
}

export interface Plot {
	/** The name of its file in `docs/bench`, without `.svg`. */
	name: string;
	/** What it shows, for those who cannot see it. */
	alt: string;
	height: number;
	option: EChartsOption;
}

/** What the design promises, and what was measured. */
export interface Target {
	measure: string;
	target: string;
	measured: string;
	met: boolean;
}

/** One question that the benchmark answers. What it measures is kept as JSON; tables and plots are made from that. */
export interface Section<Raw> {
	/** As in `npm run bench -- --only <name>`, and the name of its JSON in `docs/bench`. */
	name: string;
	title: string;
	/** What is measured and how, in Markdown. */
	about: string;
	measure: (effort: Effort) => Promise<Raw>;
	tables: (raw: Raw) => Table[];
	plots: (raw: Raw) => Plot[];
	targets: (raw: Raw) => Target[];
}
