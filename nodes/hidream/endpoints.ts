import { isLoopbackHost } from './hosts';

/**
 * The address of the HiDream API, and all its paths.
 * Source: the vendor's pages `video_edit_request` and `batch_video_result`, see each mark.
 */

/** CERTAIN: host of the vendor's API. */
export const DEFAULT_BASE_URL = 'https://www.hidreamai.com';

/** A task that does not exist: a query for it creates none, and shows whether the token is accepted. */
export const NO_TASK = '00000000-0000-0000-0000-000000000000';

/**
 * CERTAIN: the vendor's page on video stylization.
 * @param baseUrl as `parseBaseUrl` gives it, without a trailing slash
 */
export const submitUrl = (baseUrl: string): string => `${baseUrl}/api-pub/gw/v2/video/video_edit/async`;

/**
 * LIKELY: "submit URL + /results" is certain on the sibling modules. A query for an ID that does not exist creates no task,
 * so it also tests a token.
 */
export const resultUrl = (baseUrl: string): string => `${submitUrl(baseUrl)}/results`;

/** LIKELY: the vendor's page on batch results lists `video_edit`; the path is in its samples for txt2video only. At most `TASKS_PER_QUERY` tasks. */
export const batchResultUrl = (baseUrl: string): string => `${resultUrl(baseUrl)}/batch`;

/** CERTAIN: exchanges an API key for a token; creates no task and costs nothing. */
export const exchangeUrl = (baseUrl: string): string => `${baseUrl}/prod-api/user/apikey2token`;

/** Why a base URL cannot be used. */
export type BaseUrlProblem = 'notAUrl' | 'notHttps' | 'hasLogin' | 'hasQuery';

/** A normalized base URL, or why it cannot be used. `sameMachine`: the service runs on this machine. */
export type BaseUrl = { ok: true; url: string; sameMachine: boolean } | { ok: false; reason: BaseUrlProblem };

/**
 * Reads a base URL. The token is sent to this host, so it must be https, and plain http only on this machine. Normalizes
 * the URL (host in lower case and without a final dot, no default port, no trailing slash), since it identifies the account.
 */
export function parseBaseUrl(text: string): BaseUrl {
	if (!URL.canParse(text.trim())) return { ok: false, reason: 'notAUrl' };
	const url = new URL(text.trim());
	// With the final dot of a full domain name it is the same host.
	if (url.hostname.endsWith('.')) url.hostname = url.hostname.slice(0, -1);
	const sameMachine = isLoopbackHost(url.hostname);
	if (url.protocol !== 'https:' && !(url.protocol === 'http:' && sameMachine)) return { ok: false, reason: 'notHttps' };
	if (url.username !== '' || url.password !== '') return { ok: false, reason: 'hasLogin' };
	if (url.search !== '' || url.hash !== '') return { ok: false, reason: 'hasQuery' };
	return { ok: true, url: url.origin + url.pathname.replace(/\/+$/, ''), sameMachine };
}
