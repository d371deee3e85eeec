/** Runs of Submit and Wait, by polling and by callback. */
import type { INodeParameters } from 'n8n-workflow';
import type { Execution, Suspended } from '../../../harness/engine';
import { WaitingWebhooks } from '../../../harness/engine/waitingWebhooks';
import type { SubmitOptions, TestEngine } from './engine';

/** `count` different prompts. */
export const makePrompts = (count: number): string[] => Array.from({ length: count }, (_, n) => `prompt ${n}`);

/** One item per prompt, by polling every 50 ms, all tasks in parallel unless the limits say otherwise. */
export const waiting = (prompts: string[], options: INodeParameters = {}, more: SubmitOptions = {}): SubmitOptions => ({
	items: prompts.map((prompt, n) => ({ json: { n, prompt } })),
	...more,
	parameters: {
		operation: 'submitAndWait',
		prompt: '={{ $json.prompt }}',
		options: { pollInterval: 0.05, concurrency: 5, ...options },
		...more.parameters,
	},
});

/** One item per prompt, by callback, all tasks in parallel unless the limits say otherwise. */
export const waitingByCallback = (prompts: string[], options: INodeParameters = {}, more: SubmitOptions = {}): SubmitOptions => {
	const { parameters, ...rest } = waiting(prompts, { concurrency: 3, ...options }, more);
	return { ...rest, parameters: { ...parameters, waitFor: 'callback' } };
};

/** Gives each test its own webhook process. */
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
		if (!webhooks) throw new Error('The webhook process exists only during a test');
		return webhooks;
	};
}

/** Runs a workflow until it is suspended. */
export async function suspend(engine: TestEngine, webhooks: WaitingWebhooks, options: SubmitOptions): Promise<Suspended<Execution>> {
	return await webhooks.suspend(await engine.start({ ...options, waitingUrl: webhooks.url }));
}

/** POSTs to the resume URL of the first task, like anyone who knows it. */
export async function callResumeUrl({ sandbox }: TestEngine, body: object): Promise<number> {
	const url = sandbox.tasks[0]?.notifyUrl ?? 'no task';
	return (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).status;
}
