import { Refusal, type SandboxResponse } from '../responses';
import { checkSubmit, countedSubmit, receivedRequestId, type ReceivedSubmit } from '../body/submitFields';
import { SubmitReader } from '../body/submitReader';
import type { Core } from '../core';
import type { Exchange } from '../exchange';
import { assertMayAccept } from '../limits';
import type { Handler } from '../serve';
import type { TaskRecord } from '../taskLife';

/** POST …/async: accepts a video and a style, and creates a task. */
export function submit(core: Core): Handler {
	return async (exchange) => {
		exchange.assertMethod('POST');
		const account = exchange.identify(core.accounts.byAuthorization(exchange.header('authorization')));
		exchange.assertQuery();
		exchange.assertJson();
		assertLength(exchange, core.settings.maxBodyBytes);

		const fields = core.settings.bodies === 'count' ? await count(exchange) : await check(exchange);

		const earlier = earlierTask(core, account.id, fields.requestId);
		if (earlier) return accepted(exchange, earlier);
		assertMayAccept(account, core.tasks, core.settings);
		account.credits -= 1;
		const task = core.tasks.accept({
			accountId: account.id,
			...fields,
			apiUserId: exchange.header('api-user-id') ?? null,
		});
		const { style, video } = fields;
		core.log(`accepted task ${task.taskId} (${style ?? 'prompt only'}, ${video.kind === 'url' ? video.url : `${video.bytes} B`})`);
		return accepted(exchange, task);
	};
}

const accepted = (exchange: Exchange, { taskId, subTaskIds }: TaskRecord): SandboxResponse =>
	exchange.ok({ task_id: taskId, sub_task_ids: subTaskIds }, 'accepted');

/** The earlier task of this `request_id`, if the setting says that it creates no second one. */
function earlierTask({ tasks, settings }: Core, accountId: string, requestId: string | null): TaskRecord | undefined {
	if (settings.sameRequestId === 'two' || requestId === null || requestId === '') return undefined;
	const earlier = tasks.byRequestId(requestId, accountId);
	if (earlier && settings.sameRequestId === 'refuse') throw new Refusal('repeatedRequestId', requestId);
	return earlier;
}

async function check(exchange: Exchange): Promise<ReceivedSubmit> {
	const reader = new SubmitReader();
	await exchange.feed(reader);
	const fields = reader.result();
	exchange.requestId = receivedRequestId(fields) || exchange.requestId;
	return checkSubmit(fields);
}

async function count(exchange: Exchange): Promise<ReceivedSubmit> {
	await exchange.drain();
	return countedSubmit(exchange.record.bodyBytes);
}

/**
 * It is UNKNOWN whether the live service accepts a chunked body, so the fake server requires a length.
 * The HTTP parser enforces the length: a short body breaks the connection, a long one is a bad request.
 */
function assertLength(exchange: Exchange, maxBodyBytes: number): void {
	const length = exchange.header('content-length');
	if (length === undefined) throw new Refusal('lengthRequired');
	if (maxBodyBytes > 0 && Number(length) > maxBodyBytes) throw new Refusal('tooLarge', `${maxBodyBytes} bytes`);
}
