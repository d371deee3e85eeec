import Table from 'cli-table3';
import type { Recording } from '../../sandbox';
import { QUESTIONS, type QuestionId } from './questions';

/** Printed in full, since it determines the node's output. */
const IN_FULL: readonly QuestionId[] = ['accepted', 'resultJson', 'batchJson', 'callback'];

/** Each response beside what the code assumes and where to change it. */
export function answerTable({ answers }: Recording): string {
	const table = new Table({
		head: ['Question', 'Response', 'The code assumes', 'Agrees', 'Where to change it,\nin nodes/hidream/'],
		colWidths: [30, 50, 30, 8, 22],
		wordWrap: true,
		style: { head: [], border: [] },
	});
	for (const [id, { asks, assumes, mark, file, name }] of Object.entries(QUESTIONS)) {
		const recorded = answers[id];
		const [answer, agrees] = recorded?.asked ? [recorded.says, recorded.agrees ? 'yes' : 'NO'] : [`not asked: ${recorded?.why ?? ''}`, '-'];
		table.push([asks, answer, `${assumes} (${mark})`, agrees, `${file}:\n${name}`]);
	}
	return table.toString();
}

/** The responses that are printed in full. */
export function inFull({ answers }: Recording): string {
	const parts = IN_FULL.flatMap((id) => {
		const recorded = answers[id];
		if (!recorded?.asked || recorded.answer === undefined) return [];
		const { headers, body } = recorded.answer;
		return [`${QUESTIONS[id].asks}\n${JSON.stringify({ headers, body }, null, 2)}`];
	});
	return parts.join('\n\n');
}
