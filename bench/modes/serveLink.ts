import { request } from 'undici';
import { N8nQueue } from '../../harness/n8nQueue';
import type { Service } from '../machine/service';
import { spanOf, type Span } from '../machine/span';
import { MIB, type VideoFile } from '../machine/videoFile';
import type { MeasuredN8n } from '../n8n/measuredN8n';

/** The link of the latest submit. */
export async function newestLink(service: Service): Promise<string> {
	const video = (await service.state()).tasks.at(-1)?.video;
	if (video?.kind !== 'url') throw new Error(`Instead of a link, "${video?.kind}" arrived`);
	return video.url;
}

/** Links have the host of the webhooks; in queue mode only main serves them, so a reverse proxy must route them there. */
function served(link: string, { n8n }: MeasuredN8n): string {
	const { pathname, search } = new URL(link);
	return new URL(pathname + search, n8n instanceof N8nQueue ? n8n.mainUrl : n8n.url).href;
}

/** Measures n8n's main process while it serves a link once to a client that only counts bytes. */
export async function serveLink(measured: MeasuredN8n, link: string, { sizeMiB }: VideoFile): Promise<Span> {
	const { span } = await spanOf(measured.n8n.pid, async () => {
		const { statusCode, body } = await request(served(link, measured), { headersTimeout: 0, bodyTimeout: 0 });
		let bytes = 0;
		for await (const chunk of body) bytes += (chunk as Buffer).length;
		if (statusCode !== 200 || bytes !== sizeMiB * MIB) throw new Error(`n8n served ${bytes} bytes with HTTP ${statusCode}`);
	});
	return span;
}
