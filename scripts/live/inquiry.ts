import { randomUUID } from 'node:crypto';
import { submitUrl } from '../../nodes/hidream/endpoints';
import { batchQuery, singleQuery } from '../../nodes/hidream/queryTasks';
import { jsonBody } from '../../nodes/video/jsonBody';
import { TaskBudget } from './budget';
import type { CallbackPost } from './callbackPost';
import { Client, type Reply } from './client';
import { Findings } from './findings';
import { maskOf } from './mask';

/** How long the check waits for what; in milliseconds. */
export interface Pace {
	answer: number;
	/** Between two questions for a task's state. */
	poll: number;
	/** For tasks to end. */
	tasks: number;
	/** For a callback, once the task has ended. */
	callback: number;
	/** For a refusal of an upload that is only announced. */
	announced: number;
	/** Until no task counts as one of the last minute. */
	minute: number;
}

export const PACE: Pace = { answer: 60_000, poll: 10_000, tasks: 15 * 60_000, callback: 15_000, announced: 3_000, minute: 61_000 };

/** Whom to ask, with what. */
export interface Subject {
	/** Without a slash at the end. */
	baseUrl: string;
	/** Either may be empty, but not both. */
	token: string;
	apiKey: string;
	/** A public URL, or base64. */
	video: string;
	/** A public address that leads to `callbackPost`. */
	notifyUrl?: string;
	/** What the service is to refuse, in the user's own words. */
	refusedPrompt?: string;
}

/** One run of the check: what it asks with, and what it has learnt. */
export class Inquiry {
	readonly client: Client;
	readonly budget = new TaskBudget();
	readonly findings: Findings;
	callbackPost: CallbackPost | undefined;
	/** The token to ask with; an API key gives one. */
	token: string;
	private readonly secrets: string[];

	constructor(
		readonly subject: Subject,
		readonly pace: Pace,
		private readonly print: (line: string) => void,
	) {
		this.client = new Client(pace.answer);
		this.token = subject.token;
		this.secrets = [subject.token, subject.apiKey];
		this.findings = new Findings(this.mask);
	}

	/** Takes every secret of this run out of a text. */
	readonly mask = (text: string): string => maskOf(this.secrets)(text);

	/** Prints a line without secrets. */
	readonly say = (line: string): void => this.print(this.mask(line));

	/** A secret that came up on the way. */
	hide(secret: string): void {
		this.secrets.push(secret);
	}

	/** Asks how a task is. */
	async single(taskId: string, token = this.token): Promise<Reply> {
		return await this.client.query(singleQuery(this.subject.baseUrl, taskId), token);
	}

	async batch(taskIds: string[]): Promise<Reply> {
		return await this.client.query(batchQuery(this.subject.baseUrl, taskIds), this.token);
	}

	/**
	 * Submits as the node does. With the good token it is taken off the budget.
	 * @throws BudgetSpent instead of making one task too many
	 */
	async submit({ requestId = randomUUID(), prompt = '' }: { requestId?: string; prompt?: string } = {}): Promise<Reply> {
		const known = this.budget.taskIds.length;
		const reply = await this.budget.spend(async () => await this.sendSubmit(this.token, requestId, prompt));
		for (const id of this.budget.taskIds.slice(known)) this.say(`Task ${id} was accepted; ${this.budget.left} more may be made.`);
		return reply;
	}

	/** A submit that nobody pays for, since the token is none. */
	async submitWithBadToken(token: string): Promise<Reply> {
		return await this.sendSubmit(token, randomUUID(), '');
	}

	async close(): Promise<void> {
		await Promise.all([this.client.close(), this.callbackPost?.close()]);
	}

	private async sendSubmit(token: string, requestId: string, prompt: string): Promise<Reply> {
		const { baseUrl, video, notifyUrl } = this.subject;
		const fields = { style: 'anime', prompt, request_id: requestId, notify_url: notifyUrl };
		const body = jsonBody(fields, /^https?:/.test(video) ? { kind: 'text', text: video } : { kind: 'base64', base64: video });
		return await this.client.post(submitUrl(baseUrl), body, token);
	}
}
