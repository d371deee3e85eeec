import type { IDataObject } from 'n8n-workflow';
import { answerTo, callsIn, Refusal } from './protocol';
import type { ChatRequest, ToolCall } from './protocol';

/** A tool call, as a test writes it down. */
export interface Wanted {
	tool: string;
	args: IDataObject;
}

/** What the model does when it is asked: it calls tools, says something, or fails with an HTTP status. */
export type Turn = { calls: Wanted[] } | { says: (answers: string[]) => string } | { fails: number };

/** Calls one tool or several, all in one turn. */
export const calls = (...wanted: Wanted[]): Turn => ({ calls: wanted });

/** Says something; what the tools answered to the last calls may go into it. */
export const says = (text: (answers: string[]) => string): Turn => ({ says: text });

/** Fails, as a service does that is down. */
export const fails = (status: number): Turn => ({ fails: status });

/** What the model gives back. */
export type Reply = { tool_calls: ToolCall[] } | { content: string } | { status: number };

/** One conversation: turn by turn as written down, and every request must carry on where the last reply ended. */
export class Script {
	private next = 0;
	private readonly made: ToolCall[][] = [];

	/** @param name goes into the IDs of its calls */
	constructor(
		private readonly name: string,
		private readonly turns: readonly Turn[],
	) {}

	/** Turns that are still to come. */
	get left(): number {
		return this.turns.length - this.next;
	}

	/** @throws Refusal when the request does not carry on this conversation, or the turn calls a tool that is not offered */
	reply({ messages, tools }: ChatRequest): Reply {
		const known = this.made.flat().map(({ id }) => id).join();
		// A memory may bring the calls of earlier conversations, and n8n repeats calls when it tries an agent again.
		const ours = callsIn(messages).flatMap(({ id }) => (id.startsWith(`call_${this.name}_`) ? [id] : []));
		const told = [...new Set(ours)].join();
		if (told !== known) throw new Refusal(400, `the conversation has the calls [${told}], but the model made [${known}]`);
		const turn = this.turns[this.next];
		if (!turn) throw new Refusal(400, 'the conversation is over');
		this.next += 1;
		if ('fails' in turn) return { status: turn.fails };
		if ('says' in turn) return { content: turn.says((this.made.at(-1) ?? []).map(({ id }) => answerTo(messages, id))) };
		const offered = tools.map((tool) => tool.function.name);
		const missing = turn.calls.find(({ tool }) => !offered.includes(tool));
		if (missing) throw new Refusal(400, `the tool "${missing.tool}" is not offered; there is: ${offered.join(', ')}`);
		const tool_calls = turn.calls.map(({ tool, args }, i): ToolCall => {
			const id = `call_${this.name}_${this.next}_${i + 1}`;
			return { id, type: 'function', function: { name: tool, arguments: JSON.stringify(args) } };
		});
		this.made.push(tool_calls);
		return { tool_calls };
	}
}
