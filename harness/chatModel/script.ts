import type { IDataObject } from 'n8n-workflow';
import { toolResponse, callsIn, ChatRefusal } from './protocol';
import type { ChatRequest, ToolCall } from './protocol';

/** A tool call in a test's script. */
export interface ScriptedCall {
	tool: string;
	args: IDataObject;
}

/** A reply of the model: it calls tools, says something, or fails with an HTTP status. */
export type ScriptedReply = { calls: ScriptedCall[] } | { says: (responses: string[]) => string } | { fails: number };

/** Calls one tool or several, all in one reply. */
export const calls = (...wanted: ScriptedCall[]): ScriptedReply => ({ calls: wanted });

/** Says something, which may depend on the tools' responses to the last calls. */
export const says = (text: (responses: string[]) => string): ScriptedReply => ({ says: text });

/** Fails like a service that is down. */
export const fails = (status: number): ScriptedReply => ({ fails: status });

/** The model's response. */
export type ChatReply = { tool_calls: ToolCall[] } | { content: string } | { status: number };

/** One conversation: a list of replies. Every request must continue after the last reply. */
export class Script {
	private next = 0;
	private readonly made: ToolCall[][] = [];

	/** @param name part of the IDs of its calls */
	constructor(
		private readonly name: string,
		private readonly replies: readonly ScriptedReply[],
	) {}

	/** Replies that were not requested yet. */
	get pending(): number {
		return this.replies.length - this.next;
	}

	/** @throws ChatRefusal if the request does not continue this conversation, or the reply calls an unknown tool */
	reply({ messages, tools }: ChatRequest): ChatReply {
		const known = this.made.flat().map(({ id }) => id).join();
		// A memory may contain the calls of earlier conversations, and n8n repeats calls when it retries an agent.
		const ours = callsIn(messages).flatMap(({ id }) => (id.startsWith(`call_${this.name}_`) ? [id] : []));
		const found = [...new Set(ours)].join();
		if (found !== known) throw new ChatRefusal(400, `the conversation has the calls [${found}], but the model made [${known}]`);
		const scripted = this.replies[this.next];
		if (!scripted) throw new ChatRefusal(400, 'the conversation has ended');
		this.next += 1;
		if ('fails' in scripted) return { status: scripted.fails };
		if ('says' in scripted) return { content: scripted.says((this.made.at(-1) ?? []).map(({ id }) => toolResponse(messages, id))) };
		const offered = tools.map((tool) => tool.function.name);
		const missing = scripted.calls.find(({ tool }) => !offered.includes(tool));
		if (missing) throw new ChatRefusal(400, `unknown tool "${missing.tool}"; the request has: ${offered.join(', ')}`);
		const tool_calls = scripted.calls.map(({ tool, args }, i): ToolCall => {
			const id = `call_${this.name}_${this.next}_${i + 1}`;
			return { id, type: 'function', function: { name: tool, arguments: JSON.stringify(args) } };
		});
		this.made.push(tool_calls);
		return { tool_calls };
	}
}
