/** Chat completions of OpenAI's API: the part that an n8n agent uses. */

/** A tool call of the model. */
export interface ToolCall {
	id: string;
	type: 'function';
	/** `arguments` is JSON. */
	function: { name: string; arguments: string };
}

export interface ChatMessage {
	role: string;
	content?: unknown;
	tool_calls?: ToolCall[];
	tool_call_id?: string;
}

/** A tool that the model may call; `parameters` is a JSON schema. */
export interface Tool {
	type: 'function';
	function: { name: string; description: string; parameters: { properties: Record<string, { type?: string; description?: string }> } };
}

export interface ChatRequest {
	model: string;
	messages: ChatMessage[];
	tools: Tool[];
}

/** A request that the API would reject, or that the script does not expect. */
export class ChatRefusal extends Error {
	constructor(
		readonly status: 400 | 401 | 404,
		message: string,
	) {
		super(message);
	}
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** @throws ChatRefusal if the body does not request one complete response */
export function readChatRequest(body: unknown): ChatRequest {
	if (!isObject(body) || typeof body['model'] !== 'string') throw new ChatRefusal(400, 'the body needs "model"');
	const { model, messages, tools = [], stream = false, n = 1 } = body;
	if (stream !== false || n !== 1) throw new ChatRefusal(400, 'only one complete response is supported: no "stream", no "n"');
	if (!Array.isArray(messages) || !messages.every((message) => isObject(message) && typeof message['role'] === 'string')) {
		throw new ChatRefusal(400, '"messages" must be a list of messages');
	}
	if (!Array.isArray(tools) || !tools.every((tool) => isObject(tool) && tool['type'] === 'function')) {
		throw new ChatRefusal(400, '"tools" must be a list of functions');
	}
	const request = { model, messages: messages as ChatMessage[], tools: tools as Tool[] };
	checkOrder(request.messages);
	return request;
}

/** The tool calls of a conversation, oldest first. */
export const callsIn = (messages: readonly ChatMessage[]): ToolCall[] => messages.flatMap(({ tool_calls }) => tool_calls ?? []);

/** The tool's response to a call. */
export function toolResponse(messages: readonly ChatMessage[], callId: string): string {
	const content = messages.find(({ role, tool_call_id }) => role === 'tool' && tool_call_id === callId)?.content;
	if (typeof content !== 'string') throw new ChatRefusal(400, `the response to call ${callId} is not text`);
	return content;
}

/** OpenAI's rules: the system message comes first, and the responses to a call before any other message. */
function checkOrder(messages: readonly ChatMessage[]): void {
	let open: string[] = [];
	for (const [i, { role, tool_calls = [], tool_call_id = '' }] of messages.entries()) {
		const at = `message ${i} (${role})`;
		if (role === 'tool') {
			if (!open.includes(tool_call_id)) throw new ChatRefusal(400, `${at} responds to "${tool_call_id}", which was not called before`);
			open = open.filter((id) => id !== tool_call_id);
			continue;
		}
		if (open.length > 0) throw new ChatRefusal(400, `${at} comes before the response to ${open.join(', ')}`);
		// Newer models of OpenAI call the system message "developer".
		const isSystem = ['system', 'developer'].includes(role);
		if (!isSystem && !['user', 'assistant'].includes(role)) throw new ChatRefusal(400, `${at} has an unknown role`);
		if (isSystem && i > 0) throw new ChatRefusal(400, `${at} must be the first message`);
		open = tool_calls.map(({ id }) => id);
	}
	if (open.length > 0) throw new ChatRefusal(400, `the response to ${open.join(', ')} is missing`);
	if (!['user', 'tool'].includes(messages.at(-1)?.role ?? '')) throw new ChatRefusal(400, 'the model has no request yet');
}
