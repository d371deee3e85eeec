import type { Recorded, Recording } from '../../sandbox';
import { wordsOf, type Answered, type Reply } from './client';
import { masked, maskedHeaders } from './mask';
import { QUESTIONS, type QuestionId } from './questions';

/** What is told of one answer. */
interface Finding {
	agrees: boolean;
	/** In words, where the answer's status, code and message do not say it all. */
	says?: string;
	/** What the stand-in can be set to. */
	found?: string | number;
}

/** What the check has learnt so far; nothing in it holds a secret. */
export class Findings {
	private readonly recorded = new Map<QuestionId, Recorded>();

	/** @param mask takes the secrets out of a text */
	constructor(private readonly mask: (text: string) => string) {}

	/** An answer, beside whether it is what the code assumes. */
	learn(question: QuestionId, reply: Reply, { agrees, says, found }: Finding): void {
		const words = [wordsOf(reply), says].filter((part) => part !== undefined).join('; ');
		this.note(question, { agrees, says: words, ...(found !== undefined && { found }) }, reply.kind === 'answer' ? reply : undefined);
	}

	/** What was found out where the status and code of an answer do not say it. */
	note(question: QuestionId, { agrees, says, found }: Finding & { says: string }, shownBy?: Answered): void {
		const answer = shownBy && this.answerOf(shownBy);
		this.recorded.set(question, { asked: true, agrees, says: this.mask(says), ...(found !== undefined && { found }), ...(answer && { answer }) });
	}

	/** Questions that could not be asked. One that has an answer keeps it. */
	leave(questions: readonly QuestionId[], why: string): void {
		for (const question of questions) if (!this.recorded.has(question)) this.recorded.set(question, { asked: false, why: this.mask(why) });
	}

	/** All that is known, in the order of the questions. */
	recording(baseUrl: string, recordedAt: Date): Recording {
		const ids = Object.keys(QUESTIONS) as QuestionId[];
		const answers = Object.fromEntries(ids.map((id): [string, Recorded] => [id, this.recorded.get(id) ?? { asked: false, why: 'the check ended before' }]));
		return { recordedAt: recordedAt.toISOString(), baseUrl: this.mask(baseUrl), answers };
	}

	private answerOf({ status, headers, text, json }: Answered) {
		return masked({ status, headers: maskedHeaders(headers), body: json ?? text.slice(0, 2_000) }, this.mask);
	}
}
