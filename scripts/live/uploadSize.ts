import http from 'node:http';
import https from 'node:https';
import { parsed, type ReceivedReply } from './client';

const MEBIBYTE = 1024 * 1024;

/** The sizes to try, in bytes: 1 MiB to 16 GiB. */
export const SIZES: readonly number[] = Array.from({ length: 8 }, (_, n) => MEBIBYTE * 4 ** n);

/**
 * The response to a submit that announces this number of bytes and sends only one of them, so it cannot create a
 * task. Undefined if the service waits for the body.
 */
export async function announce(url: string, token: string, bytes: number, waitMs: number): Promise<ReceivedReply | undefined> {
	const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', 'Content-Length': bytes };
	const client = url.startsWith('https:') ? https : http;
	const request = client.request(url, { method: 'POST', headers, agent: false });
	try {
		return await new Promise((resolve) => {
			const timer = setTimeout(() => resolve(undefined), waitMs);
			const end = (answer?: ReceivedReply) => {
				clearTimeout(timer);
				resolve(answer);
			};
			request.on('response', (response) => {
				let text = '';
				response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
				const status = response.statusCode ?? 0;
				const own = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
				response.on('close', () => end({ kind: 'answer', status, headers: Object.fromEntries(own) as Record<string, string>, text, json: parsed(text) }));
			});
			request.on('error', () => end());
			request.write('{');
		});
	} finally {
		request.destroy();
	}
}
