import type { IDataObject } from 'n8n-workflow';

const isObject = (value: unknown): value is IDataObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The task that a callback is about, or undefined when it names none. CERTAIN: v2 names it `main_task_id`;
 * v3 has the shape of a result query. Nothing else is taken from a callback: it is not signed.
 */
export function readCallback(body: unknown): string | undefined {
	if (!isObject(body)) return undefined;
	const result = isObject(body.result) ? body.result : {};
	const id = [body.main_task_id, body.task_id, result.task_id, result.main_task_id].find(
		(value) => typeof value === 'string' && value !== '',
	);
	return typeof id === 'string' ? id : undefined;
}
