import { readFileSync } from 'node:fs';
import type { Recording } from './recorded';
import type { SandboxResponse, ResponseKey } from './responses';
import type { SandboxSettings } from './settings';

/** The ID of a task that does not exist: the recorded responses for an unknown task contain it. */
const NO_TASK = '00000000-0000-0000-0000-000000000000';

/** The question that shows the real response for a line of the table. */
const QUESTION_OF: Partial<Record<ResponseKey, string>> = {
	missingToken: 'badToken',
	unknownToken: 'badToken',
	expiredToken: 'badToken',
	badApiKey: 'badApiKey',
	unknownTask: 'unknownTask',
	noCredits: 'noCredits',
	rateLimit: 'rateLimit',
	parallelLimit: 'parallelLimit',
	forbidden: 'refusedPrompt',
	repeatedRequestId: 'sameRequestId',
	tooLarge: 'largestUpload',
};

/** Path of the recording that every fake HiDream server replays by default. */
export const recordingVariable = 'SANDBOX_RECORDING';

/** The recording of the environment variable; null if it is not set. Throws like `readRecording`. */
export function recordingOfEnvironment(): Recording | null {
	const file = process.env[recordingVariable];
	return file === undefined || file === '' ? null : readRecording(file);
}

/** Reads a recording; throws an `Error` that says what is wrong with the file. */
export function readRecording(file: string): Recording {
	const recording = JSON.parse(readFileSync(file, 'utf8')) as Partial<Recording>;
	if (typeof recording.recordedAt !== 'string' || typeof recording.answers !== 'object') {
		throw new Error(`${file} is not a recording: npm run check:live creates one.`);
	}
	return recording as Recording;
}

const findingOf = ({ answers }: Recording, question: string): string | number | undefined => {
	const recorded = answers[question];
	return recorded?.asked ? recorded.found : undefined;
};

function oneOf<T extends string>(value: unknown, ...allowed: T[]): T | undefined {
	return allowed.find((word) => word === value);
}

/** The settings with which the fake server behaves like the recorded service; unknown ones keep their default. */
export function settingsOf(recording: Recording): Partial<SandboxSettings> {
	const unknownInBatch = oneOf(findingOf(recording, 'unknownInBatch'), 'omit', 'empty', 'refuse');
	const sameRequestId = oneOf(findingOf(recording, 'sameRequestId'), 'one', 'two', 'refuse');
	const callbacks = oneOf(findingOf(recording, 'callback'), 'v2', 'v3', 'off');
	const largest = findingOf(recording, 'largestUpload');
	return {
		...(unknownInBatch && { unknownInBatch }),
		...(sameRequestId && { sameRequestId }),
		...(callbacks && { callbacks }),
		...(typeof largest === 'number' && { maxBodyBytes: largest }),
	};
}

/**
 * The recorded response instead of the fake server's own; undefined if there is none.
 *
 * @param context the `request_id` of the response, and the requested task
 */
export function replay(recording: Recording | null, key: ResponseKey, context: { requestId: string; detail: string }): SandboxResponse | undefined {
	const recorded = recording?.answers[QUESTION_OF[key] ?? ''];
	if (!recorded?.asked || recorded.answer === undefined) return undefined;
	const { status, headers, body } = recorded.answer;
	const retryAfter = headers['retry-after'];
	const sent = { ...(retryAfter !== undefined && { 'retry-after': retryAfter }) };
	if (typeof body !== 'object' || body === null) {
		const type = headers['content-type'] ?? 'text/plain';
		return { status, headers: { ...sent, 'content-type': type }, body: typeof body === 'string' ? body : JSON.stringify(body) };
	}
	const about = key === 'unknownTask' ? JSON.stringify(body).replaceAll(NO_TASK, context.detail) : JSON.stringify(body);
	const envelope = JSON.parse(about) as { code: number; message: string; request_id: string };
	return { status, headers: sent, body: { ...envelope, ...('request_id' in envelope && { request_id: context.requestId }) } };
}
