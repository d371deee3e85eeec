import type { BarSeriesOption, EChartsOption, LineSeriesOption } from 'echarts';
import { failureStrip } from './failureStrip';

/** A figure, or why there is none. */
export type Figure = number | { failed: string };

export interface Row {
	name: string;
	/** One for each category, in their order; undefined where nothing was measured. */
	figures: Array<Figure | undefined>;
	/** Drawn as the limit that nothing can be better than. */
	isLimit?: boolean;
}

export interface Chart {
	title: string;
	/** What stands along the bottom. */
	categories: { name: string; values: string[] };
	/** What the figures are, with their unit. */
	measure: string;
	/** Each step up is ten times as much; every figure must be above 0. */
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

/** Three digits at most, as there is little room above a bar. */
const short = (value: number): string => (value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(2))));

/** Where the scale begins: 0, or a power of ten below all figures. */
function bottomOf({ rows, logarithmic }: Chart): number {
	const figures = rows.flatMap((row) => row.figures.filter(isFigure));
	if (!logarithmic) return 0;
	if (figures.some((figure) => figure <= 0)) throw new Error('A logarithmic scale has no place for figures of 0 or less');
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

/** Figures over categories as lines; failures as crosses in a strip above them, with their reasons. */
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

/** Figures by category as bars with their numbers above them; where one failed stands its reason. */
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
