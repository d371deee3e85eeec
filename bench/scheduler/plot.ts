import { init } from 'echarts';
import type { EChartsOption, LineSeriesOption } from 'echarts';
import type { Measured } from './measure';

const [WIDTH, HEIGHT] = [960, 400];

const line = (name: string, data: number[][], panel: number, more: Partial<LineSeriesOption> = {}): LineSeriesOption => ({
	type: 'line',
	name,
	data,
	xAxisIndex: panel,
	yAxisIndex: panel,
	symbolSize: 6,
	...more,
});

const axis = (panel: number, name: string, more: object = {}): object => ({
	gridIndex: panel,
	name,
	nameLocation: 'middle',
	nameGap: 32,
	...more,
});

/** Left: one worker compared with the bound and the best. Right: refusals of workers that do not know each other. */
function optionOf(levels: Measured[], workers: { name: string; rows: Measured[] }[]): EChartsOption {
	const by = (of: (row: Measured) => number) => levels.map((row) => [row.parallelTasks, of(row)]);
	return {
		animation: false,
		backgroundColor: '#ffffff',
		title: [
			{ text: 'One worker: makespan over the lower bound', left: 50, top: 6, textStyle: { fontSize: 14 } },
			{ text: 'Workers that do not know each other', left: 540, top: 6, textStyle: { fontSize: 14 } },
		],
		grid: [
			{ left: 60, top: 70, width: 380, height: 260 },
			{ left: 550, top: 70, width: 380, height: 260 },
		],
		legend: [
			{ left: 50, top: 32, data: ['this scheduler', 'best possible in this order'] },
			{ left: 540, top: 32, data: workers.map(({ name }) => name) },
		],
		xAxis: [axis(0, 'parallel tasks', { min: 1, max: 10 }), axis(1, 'n8n workers', { type: 'category', data: workers[0]?.rows.map((row) => String(row.workers)) })],
		yAxis: [axis(0, 'over max(rate, work / k, longest)', { min: 1, max: 1.15, interval: 0.05, nameGap: 40 }), axis(1, 'refusals per accepted task', { nameGap: 34 })],
		series: [
			line('this scheduler', by(({ overBound }) => overBound), 0),
			line('best possible in this order', by(({ bestOverBound }) => bestOverBound), 0, { lineStyle: { type: 'dashed' } }),
			...workers.map(({ name, rows }) => line(name, rows.map((row, i) => [i, row.refusalsPerAccepted]), 1)),
		],
	};
}

/** The plot as an SVG document. */
export function plotOf(levels: Measured[], workers: { name: string; rows: Measured[] }[]): string {
	const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
	chart.setOption(optionOf(levels, workers));
	const svg = chart.renderToSVGString();
	chart.dispose();
	return svg;
}
