import type { Recorded, Recording } from '../../sandbox';
import { replyText, type ReceivedReply, type LiveReply } from './client';
import { masked, maskedHeaders } from './mask';
import { QUESTIONS, type QuestionId } from './questions';

/** Details of one response. */
interface Finding {
	agrees: boolean;
	/** A description, if the response's status, code and message are not enough. */
	says?: string;
	/** Settings of the fake HiDream server. */
	found?: string | number;
}

/** The findings of the check, without secrets. */
export class Findings {
	private readonly recorded = new Map<QuestionId, Recorded>();

	/** @param mask removes the secrets from a text */
	constructor(private readonly mask: (text: string) => string) {}

	/** Adds a response, and whether it matches what the code assumes. */
	addReply(question: QuestionId, reply: LiveReply, { agrees, says, found }: Finding): void {
		const words = [replyText(reply), says].filter((part) => part !== undefined).join('; ');
		this.addFinding(question, { agrees, says: words, ...(found !== undefined && { found }) }, reply.kind === 'answer' ? reply : undefined);
	}

	/** Adds a finding that the status and code of a response do not show. */
	addFinding(question: QuestionId, { agrees, says, found }: Finding & { says: string }, shownBy?: ReceivedReply): void {
		const answer = shownBy && this.answerOf(shownBy);
		this.recorded.set(question, { asked: true, agrees, says: this.mask(says), ...(found !== undefined && { found }), ...(answer && { answer }) });
	}

	/** Adds skipped questions, unless they have a response. */
	skip(questions: readonly QuestionId[], why: string): void {
		for (const question of questions) if (!this.recorded.has(question)) this.recorded.set(question, { asked: false, why: this.mask(why) });
	}

	/** All findings, in the order of the questions. */
	recording(baseUrl: string, recordedAt: Date): Recording {
		const ids = Object.keys(QUESTIONS) as QuestionId[];
		const answers = Object.fromEntries(ids.map((id): [string, Recorded] => [id, this.recorded.get(id) ?? { asked: false, why: 'the check ended before' }]));
		return { recordedAt: recordedAt.toISOString(), baseUrl: this.mask(baseUrl), answers };
	}

	private answerOf({ status, headers, text, json }: ReceivedReply) {
		return masked({ status, headers: maskedHeaders(headers), body: json ?? text.slice(0, 2_000) }, this.mask);
	}
}
