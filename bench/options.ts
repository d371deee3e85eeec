import { Command, InvalidArgumentError, Option } from 'commander';

export interface BenchOptions {
	only?: string[];
	/** Median of this number of runs; each section has a default. */
	runs: number;
	quick: boolean;
	redraw: boolean;
	/** Whether figures, plots and page are written. */
	write: boolean;
}

const RUNS = 3;

function runs(text: string): number {
	if (/^[1-9]\d*$/.test(text)) return Number(text);
	throw new InvalidArgumentError('Must be an integer of at least 1.');
}

/**
 * Reads the command line.
 *
 * @param names of the sections
 * @param argv as in `process.argv`
 */
export function benchOptions(names: string[], argv: string[]): BenchOptions {
	const only = (text: string): string[] => {
		const unknown = text.split(',').find((name) => !names.includes(name));
		if (unknown !== undefined) throw new InvalidArgumentError(`Unknown section "${unknown}". Sections: ${names.join(', ')}.`);
		return text.split(',');
	};
	const given = new Command('npm run bench --')
		.description('Measures speed and memory on this machine, and writes figures, plots and a page to docs/bench.')
		.option('--only <names>', `measure only these sections, separated by commas: ${names.join(', ')}`, only)
		.option('--runs <n>', `use the median of this number of runs (${RUNS}; with --quick 1)`, runs)
		.option('--quick', 'use small sizes to see whether the benchmark works; the figures mean nothing and are not written', false)
		.addOption(new Option('--redraw', 'create page and plots from the figures in docs/bench; measure nothing').default(false).conflicts(['only', 'runs', 'quick', 'noWrite', 'write']))
		.option('--no-write', 'do not change docs/bench')
		.parse(argv)
		.opts<Omit<BenchOptions, 'runs'> & { runs?: number }>();
	return { ...given, runs: given.runs ?? (given.quick ? 1 : RUNS), write: given.write && !given.quick };
}
