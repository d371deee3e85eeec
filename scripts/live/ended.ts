import { setTimeout as sleep } from 'node:timers/promises';
import { readTask } from '../../nodes/hidream/status';
import { isObject } from '../../nodes/hidream/vendorJson';
import type { LiveReply } from './client';
import type { Inquiry } from './inquiry';
import { interpretStatus } from './interpret';

/** The end of a task, with the response that reports it. */
export interface End {
	status: string;
	reply: LiveReply;
}

/** Polls each task until it has ended or the time limit is over; running tasks are not in the result. */
export async function waitForEnds(inquiry: Inquiry, taskIds: string[]): Promise<Map<string, End>> {
	const ends = new Map<string, End>();
	const deadline = Date.now() + inquiry.pace.tasks;
	inquiry.say(`Waiting for ${taskIds.join(', ')} to end …`);
	while (ends.size < taskIds.length && Date.now() < deadline) {
		await sleep(inquiry.pace.poll);
		for (const id of taskIds.filter((open) => !ends.has(open))) {
			const reply = await inquiry.single(id);
			const status = await interpretStatus(id, { single: reply });
			if (!['succeeded', 'failed', 'rejected'].includes(status)) continue;
			inquiry.say(`Task ${id}: ${status}`);
			ends.set(id, { status, reply });
		}
	}
	return ends;
}

/** Whether the first video can be downloaded without a token. Requests its first byte only. */
async function askVideo({ client, findings }: Inquiry, taskId: string, reply: LiveReply): Promise<void> {
	const result = reply.kind === 'answer' && isObject(reply.json) && isObject(reply.json.result) ? reply.json.result : {};
	const [url] = readTask(taskId, result.sub_task_results).videoUrls;
	if (url === undefined) return findings.skip(['video'], 'no task ended with a video');
	const video = await client.query({ method: 'GET', url, headers: { Range: 'bytes=0-0', Accept: '*/*' } });
	const says = video.kind === 'answer' ? `HTTP ${video.status}, ${video.headers['content-type'] ?? 'no Content-Type'}` : video.reason;
	findings.addFinding('video', { agrees: video.kind === 'answer' && (video.status === 200 || video.status === 206), says });
}

/** Which of HiDream's two bodies a callback has. */
function versionOf(body: string): 'v2' | 'v3' | undefined {
	try {
		const json: unknown = JSON.parse(body);
		if (!isObject(json)) return undefined;
		if (typeof json.main_task_id === 'string') return 'v2';
		return isObject(json.result) && typeof json.result.task_id === 'string' ? 'v3' : undefined;
	} catch {
		return undefined;
	}
}

async function askCallback({ findings, callbackPost, pace }: Inquiry): Promise<void> {
	if (!callbackPost) return findings.skip(['callback'], 'no public URL was given (--notify-url)');
	for (const deadline = Date.now() + pace.callback; callbackPost.received.length === 0 && Date.now() < deadline; ) await sleep(pace.poll / 10);
	const [callback] = callbackPost.received;
	if (!callback) {
		return findings.addFinding('callback', { agrees: false, says: 'none arrived: the URL does not lead here, or the account is not on the whitelist', found: 'off' });
	}
	const { method, headers, body } = callback;
	const found = versionOf(body);
	const says = `${method}, ${headers['content-type'] ?? 'no Content-Type'}, body ${found ?? 'unknown'}`;
	// The HTTP status is ours; the rest is HiDream's.
	const shownBy = { kind: 'answer', status: 200, headers, text: body, json: found ? (JSON.parse(body) as unknown) : undefined } as const;
	findings.addFinding('callback', { agrees: found !== undefined, says, ...(found && { found }) }, shownBy);
}

/** Asks the questions about ended tasks. */
export async function askAfterTheEnd(inquiry: Inquiry, taskId: string, ends: Map<string, End>): Promise<void> {
	const { findings } = inquiry;
	const end = ends.get(taskId);
	if (!end) return findings.skip(['resultJson', 'batchJson', 'video', 'callback'], `task ${taskId} had not ended after ${inquiry.pace.tasks / 60_000} minutes`);
	findings.addReply('resultJson', end.reply, { agrees: end.status === 'succeeded', says: `the node reads: ${end.status}` });
	const batch = await inquiry.batch([taskId]);
	const read = await interpretStatus(taskId, { batch });
	findings.addReply('batchJson', batch, { agrees: read === end.status, says: `the node reads: ${read}` });
	await askVideo(inquiry, taskId, end.reply);
	await askCallback(inquiry);
}
