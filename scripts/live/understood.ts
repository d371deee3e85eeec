import { Readable } from 'node:stream';
import { parseResponse } from '../../nodes/hidream/response';
import { batchResultUrl, NO_TASK } from '../../nodes/hidream/endpoints';
import { classifyResponse } from '../../nodes/hidream/classifyResponse';
import { queryTasks } from '../../nodes/hidream/queryTasks';
import type { Caller } from '../../nodes/hidream/signedRequest';
import type { Verdict } from '../../nodes/hidream/verdict';
import type { Reply } from './client';

const BASE_URL = 'https://hidream.invalid';

/** What the node makes of an answer to a submit; undefined when there is none. */
export const verdictOn = (reply: Reply): Verdict | undefined =>
	reply.kind === 'failed' ? undefined : classifyResponse(parseResponse(reply, Date.now()), new Set());

/**
 * The status that the node reads out of answers that came, or why it reads none: its own code asks about the task,
 * and is given these answers.
 * @param single the answer to a query about the task; without one the service has none
 * @param batch the answer to a batch query
 */
export async function statusRead(taskId: string, { single, batch }: { single?: Reply; batch?: Reply }): Promise<string> {
	const httpRequestWithAuthentication = async (_credential: string, { url }: { url: string }) => {
		const reply = url === batchResultUrl(BASE_URL) ? batch : single;
		if (reply?.kind !== 'answer') return { statusCode: 404, headers: {}, body: Readable.from([]) };
		return { statusCode: reply.status, headers: reply.headers, body: Readable.from([Buffer.from(reply.text)]) };
	};
	const caller = { helpers: { httpRequestWithAuthentication } } as unknown as Caller;
	const answers = await queryTasks(caller, { baseUrl: BASE_URL, credential: { accessToken: '' }, confirmEmpty: taskId === NO_TASK }, [taskId]);
	const asked = answers.get(taskId);
	if (!asked) return 'nothing';
	return 'state' in asked ? asked.state.status : asked.errorInfo.message;
}
