import { cell } from '../report/runs';
import type { Target } from '../section';
import { largestRound } from './cells';
import type { Raw, WayRow } from './raw';
import { executionsWords } from './tables';

const TASKS_PER_REQUEST = 100;

function target(raw: Raw, { name, executions }: WayRow): Target {
	const requests = cell(raw.runs, name, largestRound);
	const wanted = {
		measure: `polling ${raw.tasks} tasks, ${executionsWords(executions, raw.tasks)}: status requests per interval`,
		target: `1 per ${TASKS_PER_REQUEST} tasks`,
	};
	if (typeof requests !== 'number') return { ...wanted, measured: requests.failed, met: false };
	return { ...wanted, measured: `${requests} for ${raw.tasks} tasks`, met: requests <= Math.ceil(raw.tasks / TASKS_PER_REQUEST) };
}

/** The design's targets. */
export const targets = (raw: Raw): Target[] => raw.ways.filter(({ waitsFor }) => waitsFor === 'polling').map((way) => target(raw, way));
