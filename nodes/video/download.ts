import type { IBinaryData, IDataObject, IN8nHttpFullResponse } from 'n8n-workflow';
import { onAbort } from '../async/onAbort';
import { isLoopbackHost, isReachableHost } from '../hidream/hosts';
import { IDLE_TIMEOUT_MS } from '../hidream/limits';
import { FINISHED, watchIdle } from '../hidream/upload';
import { failureText } from '../shared/messages/aboutResponses';
import { DOWNLOAD, downloadText } from '../shared/messages/aboutVideos';
import type { Caller } from '../shared/n8nHttpClient';
import { failureOf } from '../shared/requestErrors';
import { contentTypeOf, describeFile } from './fileName';
import { decompresses, measureDownload, sizeText } from './measureDownload';
import type { BinaryStream } from './stream';

export interface DownloadRequest {
	url: string;
	/** The size limit in bytes; 0 = no limit. */
	maxBytes: number;
	/** HiDream's base URL is on this machine, so the URL may be on a loopback host. */
	sameMachine: boolean;
	/** Ends the download immediately. */
	cancel?: AbortSignal;
}

export type Downloaded = { ok: true; binary: IBinaryData } | { ok: false; reason: string };

/** The state of a download. */
interface Transfer extends DownloadRequest {
	/** Grows with each response and each byte. */
	progress: number;
	/** Fires on an idle timeout or a cancel. */
	signal: AbortSignal;
}

/** Its message tells the user why the video cannot be downloaded. Thrown and caught in this file. */
class Unavailable extends Error {}

const MAX_REDIRECTS = 5;

/** Media types of login pages and of storage errors that come with HTTP 200. */
const NOT_A_VIDEO = /^(text\/html|application\/json|(text|application)\/xml)$/;

interface Opened {
	url: URL;
	response: IN8nHttpFullResponse;
	body: BinaryStream;
}

async function get(caller: Caller, transfer: Transfer, url: URL): Promise<Opened> {
	const response = (await caller.helpers.httpRequest({
		method: 'GET',
		url: url.href,
		// A compressed body would not be as long as its Content-Length says.
		headers: { Accept: 'video/*, */*', 'Accept-Encoding': 'identity' },
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		// The code below follows redirects, and checks each host first.
		disableFollowRedirect: true,
		abortSignal: transfer.signal,
		// A limit on the total time would end a slow download that still makes progress.
		timeout: 0,
	})) as IN8nHttpFullResponse;
	transfer.progress += 1;
	const body = response.body as unknown as BinaryStream;
	// Without a listener, an error that comes before the reading would end n8n.
	body.on('error', () => undefined);
	return { url, response, body };
}

/** Rejects URLs inside n8n's network: a response or a redirect must not make n8n send requests there. */
function checkUrl(text: string, sameMachine: boolean): URL {
	if (!URL.canParse(text)) throw new Unavailable(DOWNLOAD.notAUrl);
	const url = new URL(text);
	if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new Unavailable(DOWNLOAD.notHttp);
	if (!isReachableHost(url.hostname, sameMachine)) throw new Unavailable(DOWNLOAD.privateHost(url.hostname));
	return url;
}

/** Requests the video and follows at most five redirects. A redirect from a public host to a private one is rejected. */
async function open(caller: Caller, transfer: Transfer): Promise<Opened> {
	let url = checkUrl(transfer.url, transfer.sameMachine);
	for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
		const opened = await get(caller, transfer, url);
		const { statusCode: status, headers: { location } } = opened.response;
		if (status === 200) return opened;
		opened.body.destroy();
		if (status < 300 || status >= 400 || typeof location !== 'string') throw new Unavailable(DOWNLOAD.badStatus(status));
		const target = URL.canParse(location, url.href) ? new URL(location, url.href).href : location;
		url = checkUrl(target, transfer.sameMachine && isLoopbackHost(url.hostname));
	}
	throw new Unavailable(DOWNLOAD.redirects(MAX_REDIRECTS));
}

/** The Content-Length, if the counted bytes can be compared with it. Some HTTP clients decompress and keep both headers. */
function lengthOf(headers: IDataObject, body: BinaryStream): number | undefined {
	const isCompressed = /gzip|deflate|compress|br|zstd/i.test(String(headers['content-encoding']));
	if (!/^\d+$/.test(String(headers['content-length'])) || (isCompressed && !decompresses(body))) return undefined;
	return Number(headers['content-length']);
}

async function store(caller: Caller, transfer: Transfer, { url, response: { headers }, body }: Opened): Promise<IBinaryData> {
	const type = contentTypeOf(headers);
	if (NOT_A_VIDEO.test(type)) throw new Unavailable(DOWNLOAD.notAVideo(type));
	const length = lengthOf(headers, body);
	if (transfer.maxBytes > 0 && length !== undefined && length > transfer.maxBytes && !decompresses(body)) {
		throw new Unavailable(DOWNLOAD.overLimit(sizeText(length), sizeText(transfer.maxBytes)));
	}
	const video = measureDownload(body, { length, maxBytes: transfer.maxBytes, onBytes: (count) => (transfer.progress += count) });
	const { fileName, mimeType } = describeFile(url, headers);
	const stored = await caller.helpers.prepareBinaryData(video.stream, fileName, mimeType).catch((error: Error) => error);
	if (!(stored instanceof Error)) return stored;
	// n8n replaces messages that contain an error code.
	throw new Unavailable(video.error() ?? DOWNLOAD.notStored(stored.message.replace(/^E[A-Z]+: /, '')));
}

/**
 * Downloads a result video into n8n's binary store, piece by piece and without the token. It ends after a minute
 * without data, and immediately on `cancel`. Never throws: `reason` is a sentence for the user.
 */
export async function downloadVideo(caller: Caller, request: DownloadRequest): Promise<Downloaded> {
	const [stopped, finished] = [new AbortController(), new AbortController()];
	const transfer: Transfer = { ...request, progress: 0, signal: stopped.signal };
	const stop = () => stopped.abort();
	const forgetCancel = onAbort(request.cancel, stop);
	void watchIdle({ progress: () => transfer.progress, idleTimeoutMs: () => IDLE_TIMEOUT_MS }, stop, finished.signal);
	let body: BinaryStream | undefined;
	const reasonOf = (error: unknown): string => {
		if (request.cancel?.aborted) return failureText({ code: 'cancelled' });
		if (stopped.signal.aborted) return failureText({ code: 'brokeBefore', cause: 'idle' });
		return error instanceof Unavailable ? error.message : failureText(failureOf(error));
	};
	try {
		const opened = await open(caller, transfer);
		({ body } = opened);
		onAbort(stopped.signal, () => body?.destroy());
		return { ok: true, binary: await store(caller, transfer, opened) };
	} catch (error) {
		return { ok: false, reason: downloadText(reasonOf(error)) };
	} finally {
		finished.abort(FINISHED);
		forgetCancel();
		body?.destroy();
	}
}
