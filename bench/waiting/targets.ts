import { cell } from '../report/runs';
import type { Target } from '../section';
import { largestRound } from './cells';
import type { Raw, WayRow } from './raw';
import { executionsWords } from './tables';

const TASKS_PER_QUESTION = 100;

function target(raw: Raw, { name, executions }: WayRow): Target {
	const questions = cell(raw.runs, name, largestRound);
	const wanted = {
		measure: `polling ${raw.tasks} tasks, ${executionsWords(executions, raw.tasks)}: status requests per interval`,
		target: `1 per ${TASKS_PER_QUESTION} tasks`,
	};
	if (typeof questions !== 'number') return { ...wanted, measured: questions.failed, met: false };
	return { ...wanted, measured: `${questions} for ${raw.tasks} tasks`, met: questions <= Math.ceil(raw.tasks / TASKS_PER_QUESTION) };
}

/** The design's targets. */
export const targets = (raw: Raw): Target[] => raw.ways.filter(({ waitsFor }) => waitsFor === 'polling').map((way) => target(raw, way));
