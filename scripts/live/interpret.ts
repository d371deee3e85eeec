import { Readable } from 'node:stream';
import { batchResultUrl, NO_TASK } from '../../nodes/hidream/endpoints';
import type { HttpClient } from '../../nodes/hidream/http';
import { queryTasks } from '../../nodes/hidream/queryTasks';
import { parseResponse } from '../../nodes/hidream/response';
import { classifyResponse, type Verdict } from '../../nodes/hidream/verdict';
import { errorInfoOf } from '../../nodes/shared/messages/aboutErrors';
import type { LiveReply } from './client';

const BASE_URL = 'https://hidream.invalid';

/** How the node classifies a response to a submit; undefined without one. */
export const interpretSubmit = (reply: LiveReply): Verdict | undefined =>
	reply.kind === 'failed' ? undefined : classifyResponse(parseResponse(reply, Date.now()), new Set());

/**
 * The status that the node reads from recorded responses, or why it reads none. Its own code queries the task, and gets
 * these responses.
 * @param single the response to a query about the task; without one, the query fails
 * @param batch the response to a batch query
 */
export async function interpretStatus(taskId: string, { single, batch }: { single?: LiveReply; batch?: LiveReply }): Promise<string> {
	const http: HttpClient = async ({ url }) => {
		const reply = url === batchResultUrl(BASE_URL) ? batch : single;
		if (reply?.kind !== 'answer') return { status: 404, headers: {}, body: Readable.from([]) };
		return { status: reply.status, headers: reply.headers, body: Readable.from([Buffer.from(reply.text)]) };
	};
	const connection = { baseUrl: BASE_URL, http, redactor: () => (text: string) => text };
	const results = await queryTasks(connection, { confirmEmpty: taskId === NO_TASK }, [taskId]);
	const result = results.get(taskId);
	if (!result) return 'nothing';
	return 'state' in result ? result.state.status : errorInfoOf(result.reason).message;
}
