/** One question to the real service, and the assumption of the code that its response confirms or corrects. */
export interface Question {
	asks: string;
	assumes: string;
	/** How certain the assumption was when the code was written. */
	mark: 'CERTAIN' | 'LIKELY' | 'UNKNOWN';
	/** The file under nodes/hidream/ to change, and the text to search for. */
	file: string;
	name: string;
}

/** Every question, in the order of the table. */
export const QUESTIONS = {
	submitAnswers: { asks: 'Does the submit endpoint respond?', assumes: 'JSON with a code', mark: 'CERTAIN', file: 'endpoints.ts', name: 'submitUrl' },
	resultAnswers: { asks: 'Does …/results respond?', assumes: 'JSON with a code', mark: 'LIKELY', file: 'endpoints.ts', name: 'resultUrl' },
	batchAnswers: { asks: 'Does …/results/batch respond?', assumes: 'JSON with a code', mark: 'CERTAIN', file: 'endpoints.ts', name: 'batchResultUrl' },
	badToken: { asks: 'How is a bad token refused?', assumes: 'HTTP 401, or code 401', mark: 'UNKNOWN', file: 'codes.ts', name: 'badToken: true' },
	exchange: { asks: 'Does an API key give a token?', assumes: 'code 0, token and expire_time', mark: 'CERTAIN', file: 'query.ts', name: 'readExchange' },
	badApiKey: { asks: 'How is a bad API key refused?', assumes: 'a code other than 0', mark: 'UNKNOWN', file: 'query.ts', name: 'readExchange' },
	unknownTask: { asks: 'How is an unknown task ID reported?', assumes: 'code 0 without a result, or HTTP 200, 400 or 404 with a code', mark: 'UNKNOWN', file: 'queryTasks.ts', name: 'queryOne' },
	unknownInBatch: { asks: '… in a batch query?', assumes: 'omitted, an empty entry, or a refusal', mark: 'UNKNOWN', file: 'queryTasks.ts', name: 'queryBatch' },
	largestUpload: { asks: 'How large may an upload be?', assumes: 'no limit known; too large is HTTP 413', mark: 'UNKNOWN', file: 'verdict.ts', name: 'REFUSING_STATUSES' },
	accepted: { asks: 'What is the response to an accepted task?', assumes: 'HTTP 200, code 0, task_id', mark: 'CERTAIN', file: 'verdict.ts', name: 'classifyResponse' },
	noCredits: { asks: 'How is an account without credits refused?', assumes: 'code 2007', mark: 'LIKELY', file: 'codes.ts', name: 'NO_CREDITS' },
	sameRequestId: { asks: 'One request_id twice: one task or two?', assumes: 'two: a repeated request may be paid for twice', mark: 'UNKNOWN', file: 'submitTask.ts', name: 'request_id' },
	parallelLimit: { asks: 'How is a task over the parallel limit refused?', assumes: 'HTTP 429 or 503, or code 429', mark: 'UNKNOWN', file: 'codes.ts', name: 'retryable: true' },
	rateLimit: { asks: 'How is the third task in a minute refused?', assumes: 'HTTP 429 or 503, or code 429', mark: 'UNKNOWN', file: 'codes.ts', name: 'retryable: true' },
	resultJson: { asks: 'What is the complete result of a task?', assumes: 'task_status 1, a video URL', mark: 'LIKELY', file: 'status.ts', name: 'SUB_TASK' },
	batchJson: { asks: '… in a batch query?', assumes: 'each entry names its task_id', mark: 'LIKELY', file: 'queryTasks.ts', name: 'taskIdOf(entry)' },
	video: { asks: 'Can the video be downloaded without the token?', assumes: 'HTTP 200 or 206', mark: 'LIKELY', file: 'status.ts', name: 'mediaOf' },
	callback: { asks: 'What does a callback look like?', assumes: 'POST of JSON with main_task_id, or the shape of a result', mark: 'CERTAIN', file: 'taskCallback.ts', name: 'callbackTaskId' },
	refusedPrompt: { asks: 'How is a prompt refused?', assumes: 'an undocumented code', mark: 'UNKNOWN', file: 'codes.ts', name: 'CODE_MEANINGS' },
} as const satisfies Record<string, Question>;

export type QuestionId = keyof typeof QUESTIONS;

/** The questions that cost nothing, whatever the response. */
export const FREE: readonly QuestionId[] = [
	'submitAnswers', 'resultAnswers', 'batchAnswers', 'badToken', 'exchange', 'badApiKey', 'unknownTask', 'unknownInBatch', 'largestUpload',
];
