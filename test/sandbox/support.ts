import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { Agent, request, type Dispatcher } from 'undici';
import { startSandbox, type ResponseBody, type Sandbox, type SandboxSettings, type SubTaskResult } from '../../sandbox';

export const SUBMIT = '/api-pub/gw/v2/video/video_edit/async';
export const SUBMITTED_URL = 'https://videos.example/cat.mp4';

export interface TestReply {
	status: number;
	headers: Dispatcher.ResponseData['headers'];
	text: string;
	/** The parsed envelope; throws if the text is not JSON. */
	json: () => ResponseBody & { result: { task_id: string; sub_task_ids: string[] } };
}

/** A fake HiDream server without limits, and a client of it. */
export interface TestClient {
	sandbox: Sandbox;
	send: (path: string, options?: Partial<Dispatcher.RequestOptions>) => Promise<TestReply>;
	/** Submits these fields as JSON. */
	submit: (fields: object, headers?: Record<string, string>) => Promise<TestReply>;
	/** Submits a URL in anime style and returns the task's ID. */
	task: (fields?: object) => Promise<string>;
	results: (taskId: string) => Promise<SubTaskResult[]>;
	close: () => Promise<void>;
}

export async function startServer(settings: Partial<SandboxSettings> = {}): Promise<TestClient> {
	const sandbox = await startSandbox({
		// These tests cover the invented behavior, so they ignore a recording in the environment.
		recording: null,
		tasksPerMinute: 0,
		parallelTasks: { free: Infinity, level1: 3, level2: 5, level3: 7, level4: 10 },
		taskSeconds: 0,
		...settings,
	});
	const agent = new Agent();
	const authorization = `Bearer ${sandbox.accessToken}`;

	const send: TestClient['send'] = async (path, options = {}) => {
		const answer = await request(sandbox.url + path, { dispatcher: agent, ...options } as Parameters<typeof request>[1]);
		const text = await answer.body.text();
		return { status: answer.statusCode, headers: answer.headers, text, json: () => JSON.parse(text) as ReturnType<TestReply['json']> };
	};
	const submit: TestClient['submit'] = async (fields, headers = {}) =>
		await send(SUBMIT, {
			method: 'POST',
			headers: { authorization, 'content-type': 'application/json', ...headers },
			body: JSON.stringify(fields),
		});
	return {
		sandbox,
		send,
		submit,
		task: async (fields = {}) => (await submit({ video_name: SUBMITTED_URL, style: 'anime', ...fields })).json().result.task_id,
		results: async (taskId) => {
			const { text } = await send(`${SUBMIT}/results?task_id=${taskId}`, { headers: { authorization } });
			return (JSON.parse(text) as { result: { sub_task_results: SubTaskResult[] } }).result.sub_task_results;
		},
		close: async () => {
			await agent.destroy();
			await sandbox.close();
		},
	};
}

/** A body of exactly these pieces, one write each. */
export function pieces(parts: Buffer[]): { body: Readable; length: number } {
	return { body: Readable.from(parts), length: parts.reduce((sum, { length }) => sum + length, 0) };
}

/** Splits bytes into pieces of these sizes, repeated. */
export function piecesOf(whole: Buffer, sizes: number[]): Buffer[] {
	const parts: Buffer[] = [];
	for (let start = 0, turn = 0; start < whole.length; turn += 1) {
		const size = sizes[turn % sizes.length] ?? whole.length;
		parts.push(whole.subarray(start, start + size));
		start += size;
	}
	return parts;
}

/** A client's own HTTP server for callbacks. */
export async function listener(handle: (body: string, response: ServerResponse, request: IncomingMessage) => void) {
	const server = createServer((incoming, response) => {
		const chunks: Buffer[] = [];
		incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
		incoming.on('end', () => handle(Buffer.concat(chunks).toString(), response, incoming));
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
		close: async () => {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}
