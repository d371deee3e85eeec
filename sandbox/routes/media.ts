import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { Refusal, type SandboxResponse } from '../responses';
import type { Core } from '../core';
import type { Handler } from '../serve';

const SAMPLE_VIDEO = path.join(__dirname, '..', 'media', 'sample.mp4');

/** GET /media/<id>.mp4: a result video by its sub-task, or `sample.mp4`, a sample input. Players may request a range. */
export function media({ tasks, settings }: Core): Handler {
	return async (exchange) => {
		exchange.assertMethod('GET', 'HEAD');
		// LIKELY: result URLs need no token. A client that sends it would leak it to a storage host.
		for (const name of ['authorization', 'api-key']) {
			if (exchange.header(name) !== undefined) throw new Refusal('leakedToken', name);
		}
		const id = /^\/media\/([\w-]+)\.mp4$/.exec(exchange.record.path)?.[1];
		const file = id === 'sample' ? SAMPLE_VIDEO : id !== undefined && tasks.hasVideo(id) ? settings.resultVideo : undefined;
		if (file === undefined) throw new Refusal('notFound');
		return await videoResponse(file, exchange.header('range'), exchange.record.method === 'HEAD');
	};
}

async function videoResponse(file: string, range: string | undefined, headOnly: boolean): Promise<SandboxResponse> {
	const { size } = await stat(file);
	const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
	const start = from === '' ? (to === '' ? 0 : Math.max(0, size - Number(to))) : Number(from);
	const end = from === '' || to === '' ? size - 1 : Math.min(size - 1, Number(to));
	const partial = (from !== '' || to !== '') && start <= end;
	const length = partial ? end - start + 1 : size;
	return {
		status: partial ? 206 : 200,
		headers: {
			'content-type': 'video/mp4',
			'content-length': String(length),
			'accept-ranges': 'bytes',
			...(partial ? { 'content-range': `bytes ${start}-${end}/${size}` } : {}),
		},
		body: headOnly ? Readable.from([]) : createReadStream(file, partial ? { start, end } : {}),
	};
}
