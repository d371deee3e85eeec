import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { inRecordedShape, recordedCallbackHeaders } from './recordedShape';
import type { SandboxSettings } from './settings';
import type { SubTaskResult, TaskRecord } from './taskLife';
import { RESPONSES } from './responses';

/** Notifies clients that a task has ended, like HiDream. */
export class Callbacks {
	private readonly agent = new Agent();
	private readonly running = new Set<Promise<void>>();

	constructor(
		private readonly settings: SandboxSettings,
		private readonly signal: AbortSignal,
		private readonly log: (line: string) => void,
	) {}

	/** Starts the delivery for an ended task; its attempts are recorded in the task. */
	start(task: TaskRecord, results: SubTaskResult[]): void {
		if (task.notifyUrl === null || this.settings.callbacks === 'off') return;
		const delivery = this.deliver(task, task.notifyUrl, JSON.stringify(inRecordedShape(this.settings.recording, 'callback', this.body(task, results))));
		this.running.add(delivery);
		void delivery.finally(() => this.running.delete(delivery));
	}

	/** Aborts pending deliveries and waits until they have stopped. */
	async close(): Promise<void> {
		await this.agent.destroy();
		await Promise.all(this.running);
	}

	/** CERTAIN: v2 sends `main_task_id`, v3 the shape of the result query. */
	private body(task: TaskRecord, results: SubTaskResult[]): object {
		if (this.settings.callbacks === 'v2') return { main_task_id: task.taskId, sub_task_results: results };
		return {
			code: RESPONSES.ok.code,
			message: RESPONSES.ok.zh,
			request_id: task.requestId ?? '',
			result: { task_id: task.taskId, sub_task_results: results },
		};
	}

	private async deliver(task: TaskRecord, url: string, body: string): Promise<void> {
		for (let attempt = 1; attempt <= this.settings.callbackAttempts && !this.signal.aborted; attempt += 1) {
			const outcome = await this.post(url, body);
			task.callbacks.push(outcome);
			this.log(`callback ${attempt} for task ${task.taskId}: ${outcome.status ?? outcome.error}`);
			// CERTAIN: only exactly 200 counts as delivered.
			if (outcome.status === 200) return;
			if (attempt < this.settings.callbackAttempts) {
				await sleep(this.settings.callbackRetryMs, undefined, { signal: this.signal }).catch(() => undefined);
			}
		}
	}

	private async post(url: string, body: string): Promise<{ at: number; status?: number; error?: string }> {
		const at = this.settings.now();
		try {
			const response = await request(url, {
				method: 'POST',
				headers: { 'content-type': 'application/json', ...recordedCallbackHeaders(this.settings.recording) },
				body,
				dispatcher: this.agent,
				signal: AbortSignal.timeout(this.settings.callbackTimeoutMs),
			});
			await response.body.dump();
			return { at, status: response.statusCode };
		} catch (error) {
			return { at, error: error instanceof Error ? error.message || error.name : String(error) };
		}
	}
}
