import { Refusal } from '../responses';
import type { Core } from '../core';
import { isHttpUrl } from '../httpUrl';
import type { Handler } from '../serve';

const MAX_BATCH_BODY_BYTES = 1024 * 1024;

/** GET …/async/results?task_id=: the status of one task. */
export function singleResult(core: Core): Handler {
	return (exchange) => {
		exchange.assertMethod('GET');
		const account = exchange.identify(core.accounts.byAuthorization(exchange.header('authorization')));
		exchange.assertQuery('task_id', 'request_id');
		const { task_id: taskId, request_id: requestId } = exchange.record.query;
		exchange.requestId = requestId || exchange.requestId;
		if (!taskId) throw new Refusal('missingTaskId');
		const task = core.tasks.find(taskId, account.id);
		if (task === undefined) throw new Refusal('unknownTask', taskId);
		return exchange.ok({ task_id: taskId, sub_task_results: core.tasks.results(task, exchange.language) }, 'resultJson');
	};
}

/** POST …/async/results/batch: the status of many tasks. */
export function batchResults(core: Core): Handler {
	return async (exchange) => {
		exchange.assertMethod('POST');
		const account = exchange.identify(core.accounts.byAuthorization(exchange.header('authorization')));
		exchange.assertQuery();
		exchange.assertJson();
		const ids = taskIdList(await exchange.text(MAX_BATCH_BODY_BYTES), core.settings.maxBatch);
		const { batchTaskIds, unknownInBatch } = core.settings;
		const entries = ids.flatMap((id) => {
			const task = core.tasks.find(id, account.id);
			if (task === undefined && unknownInBatch === 'refuse') throw new Refusal('unknownTask', id);
			if (task === undefined && unknownInBatch === 'omit') return [];
			const results = task === undefined ? [] : core.tasks.results(task, exchange.language);
			return [{ ...(batchTaskIds ? { task_id: id } : {}), sub_task_results: results }];
		});
		// HiDream promises no order. The reverse order detects clients that match by position.
		return exchange.ok(entries.reverse(), 'batchJson');
	};
}

function taskIdList(text: string, longest: number): string[] {
	let body: unknown;
	try {
		body = JSON.parse(text);
	} catch {
		throw new Refusal('badJson');
	}
	if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new Refusal('badJson');
	const { task_id_list: ids, notify_url: notifyUrl, ...rest } = body as Record<string, unknown>;
	const [unknown] = Object.keys(rest);
	if (unknown !== undefined) throw new Refusal('unknownField', unknown);
	if (notifyUrl !== undefined && !(typeof notifyUrl === 'string' && isHttpUrl(notifyUrl))) throw new Refusal('badNotifyUrl');
	if (!Array.isArray(ids) || ids.length === 0) throw new Refusal('missingTaskId', 'task_id_list');
	if (ids.length > longest) throw new Refusal('listTooLong', `at most ${longest}`);
	return ids.map((id: unknown) => {
		if (typeof id !== 'string' || id === '') throw new Refusal('badType', 'task_id_list');
		return id;
	});
}
