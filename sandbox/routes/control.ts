import type { FastifyInstance } from 'fastify';
import type { Core } from '../core';
import { countsOf } from '../counts';
import { parseFaultRule } from '../faults';
import { isOutcome } from '../outcomes';

/** Control from another process, under `/_sandbox/`. These requests do not appear in the request log. */
export async function control(app: FastifyInstance, core: Core): Promise<void> {
	app.get('/_sandbox/state', () => ({ tasks: core.tasks.records, requests: core.requests }));
	app.get('/_sandbox/counts', () => countsOf(core.requests, core.tasks.records));
	app.post('/_sandbox/faults', ({ body }) => {
		core.faults.add(parseFaultRule(body));
		return { done: true };
	});
	app.delete('/_sandbox/faults', () => {
		core.faults.clear();
		return { done: true };
	});
	app.post('/_sandbox/expire-tokens', () => {
		core.accounts.expireTokens();
		return { done: true };
	});
	app.post('/_sandbox/settle', ({ body }) => {
		const { taskId, outcome } = (body ?? {}) as { taskId?: unknown; outcome?: unknown };
		if (typeof taskId !== 'string' || !isOutcome(outcome)) throw new TypeError('the body needs a "taskId" and a known "outcome"');
		core.tasks.settle(taskId, outcome);
		return { done: true };
	});
	app.setErrorHandler((error, _request, reply) => {
		void reply.code(400).send({ error: error instanceof Error ? error.message : String(error) });
	});
}
