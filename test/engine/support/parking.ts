import type { INodeParameters } from 'n8n-workflow';
import type { Parked } from '../../../harness/engine';
import type { Bench, SubmitOptions } from './hidream';
import { WaitingWebhooks } from '../../../harness/engine/waitingWebhooks';
import { waiting } from './waiting';

/** One item per prompt, submitted and waited for by callback; any number of tasks at once. */
export const byCallback = (prompts: string[], options: INodeParameters = {}, more: SubmitOptions = {}): SubmitOptions => {
	const { parameters, ...rest } = waiting(prompts, { concurrency: 3, ...options }, more);
	return { ...rest, parameters: { ...parameters, waitFor: 'callback' } };
};

/** Gives each test of the file a webhook process of its own. */
export function useWebhooks(): () => WaitingWebhooks {
	let webhooks: WaitingWebhooks | undefined;
	beforeEach(async () => {
		webhooks = await new WaitingWebhooks().listen();
	});
	afterEach(async () => {
		await webhooks?.close();
		webhooks = undefined;
	});
	return () => {
		if (!webhooks) throw new Error('There is a webhook process during a test only');
		return webhooks;
	};
}

/** Runs a workflow until it waits. */
export async function park(bench: Bench, webhooks: WaitingWebhooks, options: SubmitOptions): Promise<Parked> {
	return await webhooks.park(await bench.start({ ...options, waitingUrl: webhooks.url }));
}

/** POSTs to the resume URL that the first task was given, as anybody could who knows it. */
export async function call({ sandbox }: Bench, body: object): Promise<number> {
	const url = sandbox.tasks[0]?.notifyUrl ?? 'no task';
	return (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).status;
}
