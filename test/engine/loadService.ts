import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** The URL of video `n`, and its only possible task. */
export const videoUrl = (n: number): string => `https://videos.example.com/${n}.mp4`;
export const servedTaskId = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

interface Submit {
	request_id: string;
	video_name: string;
}

async function jsonOf(request: IncomingMessage): Promise<unknown> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

/**
 * A service that only counts the requests of each video, so that all growth of the heap is the node's. The fake HiDream
 * server keeps a record of each request.
 * @param onAccepted is called with the number of accepted videos
 */
export async function startLoadService(videos: number, onAccepted: (total: number) => void) {
	/** How often each video was submitted. */
	const submits = new Uint8Array(videos);
	let accepted = 0;

	const submitted = ({ request_id, video_name }: Submit) => {
		const n = Number(/(\d+)\.mp4$/.exec(video_name)?.[1]);
		submits[n] = (submits[n] ?? 0) + 1;
		accepted += 1;
		return { code: 0, message: 'ok', request_id, result: { task_id: servedTaskId(n), sub_task_ids: [`sub-${n}`] } };
	};

	const server = createServer((request, response) => {
		void jsonOf(request).then((body) => {
			if (request.url?.endsWith('/video_edit/async') !== true) return void response.writeHead(404).end();
			response.setHeader('Content-Type', 'application/json');
			response.end(JSON.stringify(submitted(body as Submit)));
			onAccepted(accepted);
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		submits,
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** The live heap, in bytes. */
export function livingHeap(): number {
	collectGarbage();
	return process.memoryUsage().heapUsed;
}
