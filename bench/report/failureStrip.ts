import type { GridComponentOption, ScatterSeriesOption, XAXisComponentOption, YAXisComponentOption } from 'echarts';

/** The failures of one row, by category. */
export interface Failing {
	name: string;
	color: string;
	failures: Array<{ category: number; reason: string }>;
}

export interface Strip {
	/** In pixels; 0 without failures. */
	height: number;
	grid: GridComponentOption;
	xAxis: XAXisComponentOption;
	yAxis: YAXisComponentOption;
	series: ScatterSeriesOption[];
}

const LINE_HEIGHT = 16;
const CROSS = 'path://M0,1 L1,0 L5,4 L9,0 L10,1 L6,5 L10,9 L9,10 L5,6 L1,10 L0,9 L4,5 Z';

/**
 * A strip of crosses above a plot with the same categories, with its own axes (number 1): a failure has no figure.
 * The first cross of each row shows the reason.
 *
 * @param top top of the strip, in pixels
 */
export function failureStrip(failing: Failing[], top: number): Strip {
	const height = failing.length * LINE_HEIGHT;
	return {
		height,
		grid: { top, height },
		xAxis: { type: 'category', gridIndex: 1, show: false },
		yAxis: { type: 'category', gridIndex: 1, show: false, inverse: true, data: failing.map(({ name }) => name) },
		series: failing.map(({ color, failures }, line) => ({
			type: 'scatter',
			xAxisIndex: 1,
			yAxisIndex: 1,
			symbol: CROSS,
			symbolSize: 9,
			color,
			data: failures.map(({ category, reason }, n) => ({
				value: [category, line],
				label: { show: n === 0, formatter: `fails: ${reason}`, position: category === 0 ? 'right' : 'left', color, fontSize: 11 },
			})),
		})),
	};
}
