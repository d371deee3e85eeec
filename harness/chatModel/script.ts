import type { IDataObject } from 'n8n-workflow';
import { answerTo, callsIn, Refusal } from './protocol';
import type { ChatRequest, ToolCall } from './protocol';

/** A tool call in a test's script. */
export interface Wanted {
	tool: string;
	args: IDataObject;
}

/** A reply of the model: it calls tools, says something, or fails with an HTTP status. */
export type Turn = { calls: Wanted[] } | { says: (answers: string[]) => string } | { fails: number };

/** Calls one tool or several, all in one reply. */
export const calls = (...wanted: Wanted[]): Turn => ({ calls: wanted });

/** Says something, which may depend on the tools' responses to the last calls. */
export const says = (text: (answers: string[]) => string): Turn => ({ says: text });

/** Fails like a service that is down. */
export const fails = (status: number): Turn => ({ fails: status });

/** The model's response. */
export type Reply = { tool_calls: ToolCall[] } | { content: string } | { status: number };

/** One conversation: a list of replies. Every request must continue after the last reply. */
export class Script {
	private next = 0;
	private readonly made: ToolCall[][] = [];

	/** @param name part of the IDs of its calls */
	constructor(
		private readonly name: string,
		private readonly turns: readonly Turn[],
	) {}

	/** Replies that were not requested yet. */
	get left(): number {
		return this.turns.length - this.next;
	}

	/** @throws Refusal if the request does not continue this conversation, or the reply calls an unknown tool */
	reply({ messages, tools }: ChatRequest): Reply {
		const known = this.made.flat().map(({ id }) => id).join();
		// A memory may contain the calls of earlier conversations, and n8n repeats calls when it retries an agent.
		const ours = callsIn(messages).flatMap(({ id }) => (id.startsWith(`call_${this.name}_`) ? [id] : []));
		const told = [...new Set(ours)].join();
		if (told !== known) throw new Refusal(400, `the conversation has the calls [${told}], but the model made [${known}]`);
		const turn = this.turns[this.next];
		if (!turn) throw new Refusal(400, 'the conversation has ended');
		this.next += 1;
		if ('fails' in turn) return { status: turn.fails };
		if ('says' in turn) return { content: turn.says((this.made.at(-1) ?? []).map(({ id }) => answerTo(messages, id))) };
		const offered = tools.map((tool) => tool.function.name);
		const missing = turn.calls.find(({ tool }) => !offered.includes(tool));
		if (missing) throw new Refusal(400, `unknown tool "${missing.tool}"; the request has: ${offered.join(', ')}`);
		const tool_calls = turn.calls.map(({ tool, args }, i): ToolCall => {
			const id = `call_${this.name}_${this.next}_${i + 1}`;
			return { id, type: 'function', function: { name: tool, arguments: JSON.stringify(args) } };
		});
		this.made.push(tool_calls);
		return { tool_calls };
	}
}
