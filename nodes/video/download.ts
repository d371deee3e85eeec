import type { IBinaryData, IDataObject, IN8nHttpFullResponse } from 'n8n-workflow';
import { isLoopbackHost, isReachableHost } from '../hidream/hosts';
import { IDLE_TIMEOUT_MS } from '../hidream/limits';
import { OVER, watchIdle } from '../hidream/upload';
import { failureText } from '../shared/messages';
import type { Caller } from '../shared/n8nHttpClient';
import { failureOf } from '../shared/requestErrors';
import { contentTypeOf, describeFile } from './fileName';
import { decompresses, measureDownload, sizeText } from './measureDownload';
import type { BinaryStream } from './stream';

export interface DownloadRequest {
	url: string;
	/** The largest video taken, in bytes; 0 = any. */
	maxBytes: number;
	/** HiDream's base URL is this machine: its loopback hosts may be asked. */
	sameMachine: boolean;
	/** Ends the download at once. */
	cancel?: AbortSignal;
}

export type Downloaded = { ok: true; binary: IBinaryData } | { ok: false; reason: string };

/** What one download needs to know and to tell on its way. */
interface Transfer extends DownloadRequest {
	/** Grows with every answer and every byte. */
	moved: number;
	/** Ends it: silence or a cancel. */
	end: AbortSignal;
}

/** Why a download ends, in words for the user; thrown within this file only. */
class Unavailable extends Error {}

const MAX_REDIRECTS = 5;

/** What a page for people, or an error of a storage host, comes as: not a video, though the status is 200. */
const NOT_A_VIDEO = /^(text\/html|application\/json|(text|application)\/xml)$/;

interface Opened {
	url: URL;
	response: IN8nHttpFullResponse;
	body: BinaryStream;
}

async function ask(caller: Caller, transfer: Transfer, url: URL): Promise<Opened> {
	const response = (await caller.helpers.httpRequest({
		method: 'GET',
		url: url.href,
		// A compressed body would not be as long as its Content-Length says.
		headers: { Accept: 'video/*, */*', 'Accept-Encoding': 'identity' },
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		// Followed by hand, so that each host is looked at before it is asked.
		disableFollowRedirect: true,
		abortSignal: transfer.end,
		// No wall clock: it would end a slow download that is doing well.
		timeout: 0,
	})) as IN8nHttpFullResponse;
	transfer.moved += 1;
	const body = response.body as unknown as BinaryStream;
	// A stream that breaks while nobody reads it must not end n8n.
	body.on('error', () => undefined);
	return { url, response, body };
}

/** Whoever can give HiDream's answer, or a redirect, an address must not make n8n ask hosts inside its network. */
function checkUrl(text: string, sameMachine: boolean): URL {
	if (!URL.canParse(text)) throw new Unavailable('its address is not a URL');
	const url = new URL(text);
	if (url.protocol !== 'https:' && url.protocol !== 'http:') {
		throw new Unavailable('its URL does not begin with https:// or http://');
	}
	if (!isReachableHost(url.hostname, sameMachine)) {
		throw new Unavailable(`its URL points to ${url.hostname}, which is not on the internet`);
	}
	return url;
}

/** Asks for the video, through at most five redirects; a host on the internet must not send us to a private one. */
async function open(caller: Caller, transfer: Transfer): Promise<Opened> {
	let url = checkUrl(transfer.url, transfer.sameMachine);
	for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
		const opened = await ask(caller, transfer, url);
		const { statusCode: status, headers } = opened.response;
		if (status === 200) return opened;
		opened.body.destroy();
		const location = headers.location;
		if (status < 300 || status >= 400 || typeof location !== 'string') {
			const gone = status === 404 || status === 410 || status === 403;
			throw new Unavailable(`its host answered HTTP ${status}${gone ? '; the video may have expired' : ''}`);
		}
		const target = URL.canParse(location, url.href) ? new URL(location, url.href).href : location;
		url = checkUrl(target, transfer.sameMachine && isLoopbackHost(url.hostname));
	}
	throw new Unavailable(`its host redirects more than ${MAX_REDIRECTS} times`);
}

/** The Content-Length, if what will be counted can be compared with it: an HTTP client may keep both headers and decompress out of sight. */
function lengthOf(headers: IDataObject, body: BinaryStream): number | undefined {
	const isCompressed = /gzip|deflate|compress|br|zstd/i.test(String(headers['content-encoding']));
	if (!/^\d+$/.test(String(headers['content-length'])) || (isCompressed && !decompresses(body))) return undefined;
	return Number(headers['content-length']);
}

async function store(caller: Caller, transfer: Transfer, { url, response, body }: Opened): Promise<IBinaryData> {
	const { headers } = response;
	const type = contentTypeOf(headers);
	if (NOT_A_VIDEO.test(type)) throw new Unavailable(`its host sent "${type}", which is not a video`);
	const length = lengthOf(headers, body);
	if (transfer.maxBytes > 0 && length !== undefined && length > transfer.maxBytes && !decompresses(body)) {
		throw new Unavailable(`it has ${sizeText(length)}, and the limit is ${sizeText(transfer.maxBytes)}`);
	}
	const video = measureDownload(body, { length, maxBytes: transfer.maxBytes, onBytes: (count) => (transfer.moved += count) });
	const { fileName, mimeType } = describeFile(url, headers);
	const stored = await caller.helpers
		.prepareBinaryData(video.stream, fileName, mimeType)
		.catch((error: Error) => error);
	if (!(stored instanceof Error)) return stored;
	// The code in front stays out: n8n replaces messages that name one.
	throw new Unavailable(video.error() ?? `n8n could not store it: ${stored.message.replace(/^E[A-Z]+: /, '')}`);
}

/**
 * Downloads a result video into n8n's binary store, piece by piece. The token never goes along. Ends when no
 * byte moves for a minute, and at once on `cancel`. Never throws: the reason is one sentence for the user.
 */
export async function downloadVideo(caller: Caller, request: DownloadRequest): Promise<Downloaded> {
	const [giveUp, finished] = [new AbortController(), new AbortController()];
	const transfer: Transfer = { ...request, moved: 0, end: giveUp.signal };
	const onCancel = () => giveUp.abort();
	request.cancel?.addEventListener('abort', onCancel, { once: true });
	if (request.cancel?.aborted) giveUp.abort();
	void watchIdle({ progress: () => transfer.moved, patienceMs: () => IDLE_TIMEOUT_MS }, () => giveUp.abort(), finished.signal);
	let body: BinaryStream | undefined;
	const drop = () => body?.destroy();
	giveUp.signal.addEventListener('abort', drop, { once: true });
	const why = (error: unknown): string => {
		if (request.cancel?.aborted) return 'the execution was cancelled';
		if (giveUp.signal.aborted) return 'nothing moved for a minute';
		return error instanceof Unavailable ? error.message : failureText(failureOf(error));
	};
	try {
		const opened = await open(caller, transfer);
		body = opened.body;
		if (giveUp.signal.aborted) drop();
		return { ok: true, binary: await store(caller, transfer, opened) };
	} catch (error) {
		return { ok: false, reason: `The video could not be downloaded: ${why(error)}` };
	} finally {
		finished.abort(OVER);
		request.cancel?.removeEventListener('abort', onCancel);
		drop();
	}
}
