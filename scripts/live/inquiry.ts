import { randomUUID } from 'node:crypto';
import { submitUrl } from '../../nodes/hidream/endpoints';
import { batchQuery, singleQuery } from '../../nodes/hidream/queryTasks';
import { jsonBody } from '../../nodes/video/jsonBody';
import { TaskBudget } from './budget';
import type { CallbackPost } from './callbackPost';
import { LiveClient, type LiveReply } from './client';
import { Findings } from './findings';
import { maskOf } from './mask';

/** Time limits and intervals of the check, in milliseconds. */
export interface Pace {
	answer: number;
	/** Between two status requests for a task. */
	poll: number;
	/** For tasks to end. */
	tasks: number;
	/** For a callback, once the task has ended. */
	callback: number;
	/** For the refusal of an announced upload. */
	announced: number;
	/** Until no task counts for the last minute. */
	minute: number;
}

export const PACE: Pace = { answer: 60_000, poll: 10_000, tasks: 15 * 60_000, callback: 15_000, announced: 3_000, minute: 61_000 };

/** The service and the input of the check. */
export interface LiveSubject {
	/** Without a slash at the end. */
	baseUrl: string;
	/** Either may be empty, but not both. */
	token: string;
	apiKey: string;
	/** A public URL, or base64. */
	video: string;
	/** A public URL that leads to `callbackPost`. */
	notifyUrl?: string;
	/** A prompt that the service should refuse. */
	refusedPrompt?: string;
}

/** One run of the check: its input and its findings. */
export class Inquiry {
	readonly client: LiveClient;
	readonly budget = new TaskBudget();
	readonly findings: Findings;
	callbackPost: CallbackPost | undefined;
	/** The token; an API key is exchanged for one. */
	token: string;
	private readonly secrets: string[];

	constructor(
		readonly subject: LiveSubject,
		readonly pace: Pace,
		private readonly print: (line: string) => void,
	) {
		this.client = new LiveClient(pace.answer);
		this.token = subject.token;
		this.secrets = [subject.token, subject.apiKey];
		this.findings = new Findings(this.mask);
	}

	/** Masks every secret of this run in a text. */
	readonly mask = (text: string): string => maskOf(this.secrets)(text);

	/** Prints a line without secrets. */
	readonly say = (line: string): void => this.print(this.mask(line));

	/** Adds a secret that was received. */
	hide(secret: string): void {
		this.secrets.push(secret);
	}

	/** Requests the status of a task. */
	async single(taskId: string, token = this.token): Promise<LiveReply> {
		return await this.client.query(singleQuery(this.subject.baseUrl, taskId), token);
	}

	async batch(taskIds: string[]): Promise<LiveReply> {
		return await this.client.query(batchQuery(this.subject.baseUrl, taskIds), this.token);
	}

	/**
	 * Submits like the node. With the valid token it counts for the budget.
	 * @throws BudgetSpent instead of exceeding the budget
	 */
	async submit({ requestId = randomUUID(), prompt = '' }: { requestId?: string; prompt?: string } = {}): Promise<LiveReply> {
		const known = this.budget.taskIds.length;
		const reply = await this.budget.spend(async () => await this.sendSubmit(this.token, requestId, prompt));
		for (const id of this.budget.taskIds.slice(known)) this.say(`Task ${id} was accepted; ${this.budget.left} tasks are left.`);
		return reply;
	}

	/** A submit that costs nothing, since the token is invalid. */
	async submitWithBadToken(token: string): Promise<LiveReply> {
		return await this.sendSubmit(token, randomUUID(), '');
	}

	async close(): Promise<void> {
		await Promise.all([this.client.close(), this.callbackPost?.close()]);
	}

	private async sendSubmit(token: string, requestId: string, prompt: string): Promise<LiveReply> {
		const { baseUrl, video, notifyUrl } = this.subject;
		const fields = { style: 'anime', prompt, request_id: requestId, notify_url: notifyUrl };
		const body = jsonBody(fields, /^https?:/.test(video) ? { kind: 'text', text: video } : { kind: 'base64', base64: video });
		return await this.client.post(submitUrl(baseUrl), body, token);
	}
}
