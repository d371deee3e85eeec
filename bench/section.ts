import type { EChartsOption } from 'echarts';
import type { Report } from '../harness/progress';

/** The extent of a measurement. */
export interface Effort {
	/** Each figure is the median of this number of runs. */
	runs: number;
	/** Small sizes and numbers only: to see whether it works, not how fast it is. */
	quick: boolean;
	/** Prints one line of progress. */
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
	/** Alternative text. */
	alt: string;
	height: number;
	option: EChartsOption;
}

/** A target of the design, and what was measured. */
export interface Target {
	measure: string;
	target: string;
	measured: string;
	met: boolean;
}

/** One part of the benchmark. Its results are stored as JSON; tables and plots are created from that. */
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
