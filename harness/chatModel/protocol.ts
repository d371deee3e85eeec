/** Chat completions as OpenAI's API has them: as much as an n8n agent uses. */

/** A tool call of the model. */
export interface ToolCall {
	id: string;
	type: 'function';
	/** `arguments` is JSON. */
	function: { name: string; arguments: string };
}

export interface Message {
	role: string;
	content?: unknown;
	tool_calls?: ToolCall[];
	tool_call_id?: string;
}

/** A tool that the model is offered; `parameters` is a JSON schema. */
export interface Tool {
	type: 'function';
	function: { name: string; description: string; parameters: { properties: Record<string, { type?: string; description?: string }> } };
}

export interface ChatRequest {
	model: string;
	messages: Message[];
	tools: Tool[];
}

/** A request that the API would not take, or that the script does not foresee. */
export class Refusal extends Error {
	constructor(
		readonly status: 400 | 401 | 404,
		message: string,
	) {
		super(message);
	}
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** @throws Refusal when the body is no request for a whole answer at once */
export function readRequest(body: unknown): ChatRequest {
	if (!isObject(body) || typeof body['model'] !== 'string') throw new Refusal(400, 'a body with "model" is needed');
	const { model, messages, tools = [], stream = false, n = 1 } = body;
	if (stream !== false || n !== 1) throw new Refusal(400, 'one whole answer is all there is: no "stream", no "n"');
	if (!Array.isArray(messages) || !messages.every((message) => isObject(message) && typeof message['role'] === 'string')) {
		throw new Refusal(400, '"messages" must be a list of messages');
	}
	if (!Array.isArray(tools) || !tools.every((tool) => isObject(tool) && tool['type'] === 'function')) {
		throw new Refusal(400, '"tools" must be a list of functions');
	}
	const request = { model, messages: messages as Message[], tools: tools as Tool[] };
	checkOrder(request.messages);
	return request;
}

/** The tool calls of a conversation, oldest first. */
export const callsIn = (messages: readonly Message[]): ToolCall[] => messages.flatMap(({ tool_calls }) => tool_calls ?? []);

/** What the tool said to a call. */
export function answerTo(messages: readonly Message[], callId: string): string {
	const content = messages.find(({ role, tool_call_id }) => role === 'tool' && tool_call_id === callId)?.content;
	if (typeof content !== 'string') throw new Refusal(400, `the answer to call ${callId} is no text`);
	return content;
}

/** As OpenAI wants it: the system first, and after each call its answer before anybody else speaks. */
function checkOrder(messages: readonly Message[]): void {
	let open: string[] = [];
	for (const [i, { role, tool_calls = [], tool_call_id = '' }] of messages.entries()) {
		const at = `message ${i} (${role})`;
		if (role === 'tool') {
			if (!open.includes(tool_call_id)) throw new Refusal(400, `${at} answers "${tool_call_id}", which was not called before it`);
			open = open.filter((id) => id !== tool_call_id);
			continue;
		}
		if (open.length > 0) throw new Refusal(400, `${at} stands where the answer to ${open.join(', ')} must`);
		// Newer models of OpenAI call their system "developer".
		const isSystem = ['system', 'developer'].includes(role);
		if (!isSystem && !['user', 'assistant'].includes(role)) throw new Refusal(400, `${at} has a role that is not known`);
		if (isSystem && i > 0) throw new Refusal(400, `${at} must be the first one`);
		open = tool_calls.map(({ id }) => id);
	}
	if (open.length > 0) throw new Refusal(400, `the answer to ${open.join(', ')} is missing`);
	if (!['user', 'tool'].includes(messages.at(-1)?.role ?? '')) throw new Refusal(400, 'nobody has asked the model anything');
}
