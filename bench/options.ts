import { Command, InvalidArgumentError, Option } from 'commander';

export interface BenchOptions {
	only?: string[];
	/** Median of so many; each section's default where it is not given. */
	runs: number;
	quick: boolean;
	redraw: boolean;
	/** Whether figures, plots and page are written. */
	write: boolean;
}

const RUNS = 3;

function runs(text: string): number {
	if (/^[1-9]\d*$/.test(text)) return Number(text);
	throw new InvalidArgumentError('It must be a whole number of 1 or more.');
}

/**
 * Reads the command line.
 *
 * @param names of the sections that there are
 * @param argv as in `process.argv`
 */
export function benchOptions(names: string[], argv: string[]): BenchOptions {
	const only = (text: string): string[] => {
		const unknown = text.split(',').find((name) => !names.includes(name));
		if (unknown !== undefined) throw new InvalidArgumentError(`There is no section "${unknown}". Sections: ${names.join(', ')}.`);
		return text.split(',');
	};
	const given = new Command('npm run bench --')
		.description('Measures speed and memory on this machine and writes figures, plots and a page into docs/bench.')
		.option('--only <names>', `measure these sections only, separated by commas: ${names.join(', ')}`, only)
		.option('--runs <n>', `each figure is the median of so many runs (${RUNS}; with --quick 1)`, runs)
		.option('--quick', 'small sizes, to see whether it works; writes nothing, as its figures say nothing', false)
		.addOption(new Option('--redraw', 'make page and plots from the figures in docs/bench; measure nothing').default(false).conflicts(['only', 'runs', 'quick', 'noWrite', 'write']))
		.option('--no-write', 'leave docs/bench as it is')
		.parse(argv)
		.opts<Omit<BenchOptions, 'runs'> & { runs?: number }>();
	return { ...given, runs: given.runs ?? (given.quick ? 1 : RUNS), write: given.write && !given.quick };
}
