import type { Readable } from 'node:stream';

/**
 * Every code that the fake HiDream server returns by itself.
 *
 * HiDream publishes no table. The mark says how certain a line is:
 * CERTAIN and LIKELY are from HiDream's pages, INVENTED is this server's own choice.
 * Invented codes are below 2000, where HiDream's known ones begin.
 */
export const RESPONSES = {
	ok: { status: 200, code: 0, mark: 'CERTAIN', zh: '请求成功', en: 'Request succeeded' },

	missingToken: { status: 401, code: 1101, mark: 'INVENTED', zh: '缺少访问令牌', en: 'Access token is missing' },
	unknownToken: { status: 401, code: 1102, mark: 'INVENTED', zh: '访问令牌无效', en: 'Access token is not valid' },
	expiredToken: { status: 401, code: 1103, mark: 'INVENTED', zh: '访问令牌已过期', en: 'Access token has expired' },
	badApiKey: { status: 401, code: 1104, mark: 'INVENTED', zh: 'API Key 无效', en: 'API key is not valid' },

	badMethod: { status: 405, code: 1201, mark: 'INVENTED', zh: '请求方法不允许', en: 'Method is not allowed' },
	notFound: { status: 404, code: 1202, mark: 'INVENTED', zh: '接口不存在', en: 'No such endpoint' },
	badContentType: { status: 400, code: 1203, mark: 'INVENTED', zh: 'Content-Type 必须为 application/json', en: 'Content-Type must be application/json' },
	lengthRequired: { status: 411, code: 1204, mark: 'INVENTED', zh: '缺少 Content-Length', en: 'Content-Length is required' },
	tooLarge: { status: 413, code: 1205, mark: 'INVENTED', zh: '请求体过大', en: 'Request body is too large' },
	badJson: { status: 400, code: 1206, mark: 'INVENTED', zh: '请求体不是合法的 JSON 对象', en: 'Request body is not a valid JSON object' },
	leakedToken: { status: 400, code: 1207, mark: 'INVENTED', zh: '视频地址不接受鉴权信息', en: 'Video addresses take no credentials' },

	unknownField: { status: 200, code: 1301, mark: 'INVENTED', zh: '参数错误：未知参数', en: 'Parameter error: unknown parameter' },
	badType: { status: 200, code: 1302, mark: 'INVENTED', zh: '参数错误：类型不正确', en: 'Parameter error: wrong type' },
	tooLong: { status: 200, code: 1303, mark: 'INVENTED', zh: '参数错误：长度超限', en: 'Parameter error: too long' },
	missingVideo: { status: 200, code: 1304, mark: 'INVENTED', zh: '参数错误：video_name 必填', en: 'Parameter error: video_name is required' },
	badVideo: { status: 200, code: 1305, mark: 'INVENTED', zh: '参数错误：video_name 不是合法的 URL 或 base64', en: 'Parameter error: video_name is neither a valid URL nor valid base64' },
	badStyle: { status: 200, code: 1306, mark: 'INVENTED', zh: '参数错误：style 不支持', en: 'Parameter error: style is not supported' },
	noPromptNorStyle: { status: 200, code: 1307, mark: 'INVENTED', zh: '参数错误：prompt 与 style 不能同时为空', en: 'Parameter error: prompt or style is required' },
	badNotifyUrl: { status: 200, code: 1308, mark: 'INVENTED', zh: '参数错误：notify_url 不是合法的 URL', en: 'Parameter error: notify_url is not a valid URL' },
	missingTaskId: { status: 200, code: 1309, mark: 'INVENTED', zh: '参数错误：task_id 必填', en: 'Parameter error: a task id is required' },
	listTooLong: { status: 200, code: 1310, mark: 'INVENTED', zh: '参数错误：task_id_list 过长', en: 'Parameter error: task_id_list is too long' },

	rateLimit: { status: 429, code: 1401, mark: 'INVENTED', zh: '请求过于频繁，请稍后再试', en: 'Too many tasks per minute, try again later' },
	parallelLimit: { status: 200, code: 1402, mark: 'INVENTED', zh: '并行任务数已达上限', en: 'Too many tasks in progress' },
	repeatedRequestId: { status: 200, code: 1404, mark: 'INVENTED', zh: 'request_id 重复', en: 'The request_id has been used before' },
	forbidden: { status: 200, code: 1403, mark: 'INVENTED', zh: '提示词包含违规内容', en: 'The prompt contains forbidden content' },
	noCredits: { status: 200, code: 2007, mark: 'LIKELY', zh: '余额不足', en: 'Not enough credits' },
	unknownTask: { status: 200, code: 1501, mark: 'INVENTED', zh: '任务不存在', en: 'No such task' },
} as const;

/**
 * HiDream's error codes from its pages and clients, separate from the node's own list. A fault of the type `code`
 * returns one of them; the messages are INVENTED.
 */
export const VENDOR_CODES: ReadonlyArray<{ code: number | string; message: string }> = [
	{ code: 401, message: 'Unauthorized' },
	{ code: 429, message: 'Too many requests' },
	{ code: 2004, message: 'Billing failed' },
	{ code: 2007, message: 'No credits available' },
	{ code: 2020, message: 'The member level is too low' },
	{ code: 2031, message: 'The module is not available' },
	{ code: 'insufficient_credits', message: 'No credits available' },
	{ code: 'trade_no_credits_available', message: 'No credits available' },
];

/** HiDream's message of a code; the code itself if it is unknown. */
export const vendorMessage = (code: number | string): string =>
	VENDOR_CODES.find((known) => known.code === code)?.message ?? `sandbox fault ${code}`;

/** `description` of unsuccessful sub-tasks. Congestion after acceptance is LIKELY, the text is INVENTED. */
export const DESCRIPTIONS = {
	failed: { zh: '服务器拥堵，请稍后重试', en: 'Server congestion, try again later' },
	rejected: { zh: '内容审核未通过', en: 'Refused by content review' },
	noResult: { zh: '算法未返回结果', en: 'The algorithm gave no result' },
} as const;

export type ResponseKey = keyof typeof RESPONSES;
export type Language = 'zh' | 'en';

/** The JSON of every response. */
export interface ResponseBody {
	code: number | string;
	message: string;
	request_id: string;
	result?: unknown;
}

/** A response: an envelope, a literal text, or a stream of bytes. */
export interface SandboxResponse {
	status: number;
	headers?: Record<string, string>;
	body: ResponseBody | string | Readable;
}

/** Thrown if a request breaks a rule; becomes the response of that key, with `detail` appended to its message. */
export class Refusal extends Error {
	constructor(
		readonly key: ResponseKey,
		readonly detail = '',
	) {
		super(detail === '' ? RESPONSES[key].en : `${RESPONSES[key].en} (${detail})`);
	}
}

/**
 * Creates the response for one line of the table.
 *
 * @param detail what was wrong; appended to the message
 * @param result only on success
 */
export function responseOf(
	key: ResponseKey,
	context: { language: Language; requestId: string },
	{ detail = '', result }: { detail?: string; result?: unknown } = {},
): SandboxResponse {
	const line = RESPONSES[key];
	const message = detail === '' ? line[context.language] : `${line[context.language]} (${detail})`;
	return {
		status: line.status,
		body: { code: line.code, message, request_id: context.requestId, ...(result === undefined ? {} : { result }) },
	};
}
