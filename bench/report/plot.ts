import { init } from 'echarts';
import type { Plot } from '../section';

const WIDTH = 960;

/** A plot as an SVG document with a white background, readable on a dark page too. */
export function svgOf({ option, height }: Plot): string {
	const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
	chart.setOption({ animation: false, backgroundColor: '#ffffff', ...option });
	const svg = chart.renderToSVGString();
	chart.dispose();
	return svg;
}
