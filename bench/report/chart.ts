import type { BarSeriesOption, EChartsOption, LineSeriesOption } from 'echarts';
import { failureStrip } from './failureStrip';

/** A figure, or why it is missing. */
export type Figure = number | { failed: string };

export interface Row {
	name: string;
	/** One for each category, in order; undefined if it was not measured. */
	figures: Array<Figure | undefined>;
	/** Drawn as the limit that nothing can beat. */
	isLimit?: boolean;
}

export interface Chart {
	title: string;
	/** The categories of the x-axis. */
	categories: { name: string; values: string[] };
	/** The name of the figures, with their unit. */
	measure: string;
	/** A logarithmic scale of base ten; every figure must be above 0. */
	logarithmic?: boolean;
	rows: Row[];
}

const COLORS = ['#1668dc', '#d4380d', '#389e0d', '#722ed1', '#08979c', '#d48806', '#c41d7f', '#595959'];
const LIMIT_COLOR = '#8c8c8c';
const LEGEND_BOTTOM = 72;
/** ECharts draws nothing for it. */
const NOTHING = '-';

const isFigure = (figure: Figure | undefined): figure is number => typeof figure === 'number';

const colorOf = ({ rows }: Chart, n: number): string => (rows[n]?.isLimit ? LIMIT_COLOR : (COLORS[n % COLORS.length] ?? LIMIT_COLOR));

/** At most three digits, since there is little space above a bar. */
const short = (value: number): string => (value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(2))));

/** Start of the scale: 0, or a power of ten below all figures. */
function bottomOf({ rows, logarithmic }: Chart): number {
	const figures = rows.flatMap((row) => row.figures.filter(isFigure));
	if (!logarithmic) return 0;
	if (figures.some((figure) => figure <= 0)) throw new Error('A logarithmic scale cannot show figures of 0 or less');
	return figures.length === 0 ? 1 : 10 ** (Math.ceil(Math.log10(Math.min(...figures))) - 1);
}

function assertShape({ title, categories, rows }: Chart): void {
	const wrong = rows.find(({ figures }) => figures.length !== categories.values.length);
	if (wrong) throw new Error(`Chart "${title}": "${wrong.name}" has ${wrong.figures.length} figures for ${categories.values.length} categories`);
}

function frame(chart: Chart, stripHeight: number) {
	const { title, categories, measure, logarithmic, rows } = chart;
	assertShape(chart);
	return {
		title: { text: title, left: 16, top: 8, textStyle: { fontSize: 15 } },
		legend: { top: 36, left: 16, right: 16, data: rows.map(({ name }) => name) },
		grid: { left: 80, right: 30, top: LEGEND_BOTTOM + stripHeight + 14, bottom: 56 },
		xAxis: { type: 'category', data: categories.values, name: categories.name, nameLocation: 'middle', nameGap: 32 },
		yAxis: { type: logarithmic ? 'log' : 'value', name: measure, nameLocation: 'middle', nameGap: 56, min: bottomOf(chart), startValue: bottomOf(chart) },
	} satisfies EChartsOption;
}

/** A line chart; failures are crosses in a strip above, with their reasons. */
export function lineChart(chart: Chart): EChartsOption {
	const lines = chart.rows.map(({ name, figures, isLimit }, n): LineSeriesOption => ({
		type: 'line',
		name,
		data: figures.map((figure) => (isFigure(figure) ? figure : null)),
		symbolSize: 7,
		color: colorOf(chart, n),
		lineStyle: { width: 2, type: isLimit ? 'dashed' : 'solid' },
	}));
	const failing = chart.rows.map(({ name, figures }, n) => ({
		name,
		color: colorOf(chart, n),
		failures: figures.flatMap((figure, category) => (typeof figure === 'object' ? [{ category, reason: figure.failed }] : [])),
	}));
	const strip = failureStrip(failing.filter(({ failures }) => failures.length > 0), LEGEND_BOTTOM);
	const { grid, xAxis, yAxis, ...rest } = frame(chart, strip.height);
	return {
		...rest,
		grid: [grid, { ...strip.grid, left: grid.left, right: grid.right }],
		xAxis: [xAxis, { ...strip.xAxis, data: chart.categories.values }],
		yAxis: [yAxis, strip.yAxis],
		series: [...lines, ...strip.series],
	};
}

/** A bar chart with the figures above the bars; a failure shows its reason. */
export function barChart(chart: Chart): EChartsOption {
	const bottom = bottomOf(chart);
	const series = chart.rows.map(({ name, figures }, n): BarSeriesOption => ({
		type: 'bar',
		name,
		data: figures.map((figure) => {
			if (figure === undefined) return NOTHING;
			return isFigure(figure)
				? { value: figure, label: { formatter: short(figure) } }
				: { value: bottom, label: { formatter: `fails: ${figure.failed}`, rotate: 90, align: 'left', verticalAlign: 'middle', color: colorOf(chart, n) } };
		}),
		label: { show: true, position: 'top', fontSize: 10 },
		color: colorOf(chart, n),
	}));
	return { ...frame(chart, 0), series };
}
