import { CODE_OK } from '../../nodes/hidream/codes';
import { NO_TASK, submitUrl } from '../../nodes/hidream/endpoints';
import { exchangeQuery, readExchange } from '../../nodes/hidream/query';
import { isObject } from '../../nodes/hidream/vendorJson';
import { exchangeText } from '../../nodes/shared/messages/aboutResponses';
import { replyCode, type LiveReply } from './client';
import type { Inquiry } from './inquiry';
import { shapeOf } from './mask';
import { announce, SIZES } from './uploadSize';
import { interpretStatus, interpretSubmit } from './interpret';

/** An invalid token and an invalid key. */
const BAD = 'sk-this-token-is-none';

const speaksJson = (reply: LiveReply): boolean => replyCode(reply) !== undefined;

/**
 * The response to a valid key without its secrets. The token, or other private data, may be in an unexpected place:
 * it keeps only the code, the message and the shape of the rest.
 */
function sealed(reply: LiveReply): LiveReply {
	if (reply.kind === 'failed') return reply;
	const { json, text } = reply;
	const { code, message, ...rest } = isObject(json) ? json : {};
	if (typeof code !== 'number') return { ...reply, text: String(shapeOf(text)), json: isObject(json) ? shapeOf(json) : undefined };
	return { ...reply, text: '', json: { code, ...(code !== CODE_OK && { message }), ...(shapeOf(rest) as object) } };
}

/** Exchanges the API key for a token, if there is a key. */
async function askExchange(inquiry: Inquiry): Promise<void> {
	const { client, findings, subject } = inquiry;
	const exchange = async (key: string) => await client.query(exchangeQuery(subject.baseUrl, key));
	const refused = await exchange(BAD);
	findings.addReply('badApiKey', refused, { agrees: speaksJson(refused) && replyCode(refused) !== CODE_OK });
	if (subject.apiKey === '') return findings.skip(['exchange'], 'no API key was given (HIDREAM_API_KEY)');
	const reply = await exchange(subject.apiKey);
	const read = readExchange(reply.kind === 'answer' ? { ...reply, truncated: reply.text } : { status: 0, headers: {}, json: undefined });
	if (read.ok) inquiry.hide(read.token);
	const hours = read.ok && read.expiresAt !== undefined ? Math.round((read.expiresAt - Date.now()) / 3_600_000) : undefined;
	const lives = hours === undefined ? 'no expiry' : `the token is valid for ${hours} h`;
	findings.addReply('exchange', sealed(reply), { agrees: read.ok && hours !== undefined, says: read.ok ? lives : exchangeText(read.reason) });
	if (read.ok && inquiry.token === '') inquiry.token = read.token;
}

async function askBadToken(inquiry: Inquiry): Promise<void> {
	const { findings } = inquiry;
	const [query, submit] = [await inquiry.single(NO_TASK, BAD), await inquiry.submitWithBadToken(BAD)];
	const verdict = interpretSubmit(query);
	findings.addReply('badToken', query, { agrees: verdict?.kind === 'refused' && verdict.retryReason === 'token' });
	findings.addReply('submitAnswers', submit, { agrees: speaksJson(submit), says: 'with a bad token' });
}

async function askUnknownTask(inquiry: Inquiry): Promise<void> {
	const { findings } = inquiry;
	const one = await inquiry.single(NO_TASK);
	const many = await inquiry.batch([NO_TASK]);
	const [read, readOfMany] = [await interpretStatus(NO_TASK, { single: one }), await interpretStatus(NO_TASK, { single: one, batch: many })];
	findings.addReply('resultAnswers', one, { agrees: speaksJson(one) });
	findings.addReply('unknownTask', one, { agrees: read === 'not_found', says: `the node reads: ${read}` });
	findings.addReply('batchAnswers', many, { agrees: speaksJson(many) });
	const list = many.kind === 'answer' && isObject(many.json) ? many.json.result : undefined;
	const found = replyCode(many) !== CODE_OK ? 'refuse' : Array.isArray(list) && list.length > 0 ? 'empty' : 'omit';
	findings.addReply('unknownInBatch', many, { agrees: readOfMany === 'not_found', says: `the node reads: ${readOfMany}`, found });
}

/** Announces larger and larger uploads until one is refused; sends none of them. */
async function askLargestUpload({ findings, subject, token, pace }: Inquiry): Promise<void> {
	const megabytes = (bytes: number) => `${Math.round(bytes / (1024 * 1024))} MiB`;
	let taken = 0;
	for (const bytes of SIZES) {
		const answer = await announce(submitUrl(subject.baseUrl), token, bytes, pace.announced);
		if (answer) {
			const says = taken === 0 ? `an announced ${megabytes(bytes)} already gets a response` : `${megabytes(taken)} is accepted, ${megabytes(bytes)} is not`;
			return findings.addReply('largestUpload', answer, { agrees: answer.status === 413, says, ...(taken > 0 && { found: taken }) });
		}
		taken = bytes;
	}
	findings.addFinding('largestUpload', { agrees: true, says: `an announced ${megabytes(taken)} is not refused` });
}

/** Asks the questions that create no task: with invalid tokens, unknown tasks and announced uploads. */
export async function askFree(inquiry: Inquiry): Promise<void> {
	await askExchange(inquiry);
	await askBadToken(inquiry);
	if (inquiry.token === '') return inquiry.findings.skip(['resultAnswers', 'unknownTask', 'batchAnswers', 'unknownInBatch', 'largestUpload'], 'the API key gave no token');
	await askUnknownTask(inquiry);
	await askLargestUpload(inquiry);
}
