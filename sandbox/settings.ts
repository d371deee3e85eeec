import path from 'node:path';
import type { TaskOutcome } from './outcomes';
import { outcomeByMarker } from './outcomes';
import type { Recording } from './recorded';

export type AccountLevel = 'free' | 'level1' | 'level2' | 'level3' | 'level4';

/** The task data for a function that decides its outcome. */
export interface TaskRequest {
	prompt: string | null;
	style: string | null;
	requestId: string | null;
}

export interface SandboxSettings {
	/** TCP port; 0 = a free one. */
	port: number;
	host: string;
	/** Tokens of the first account; random if empty. */
	accessToken: string;
	apiKey: string;
	accountLevel: AccountLevel;
	/** Accepted tasks in any window of `minuteMs`, per account; 0 = no limit. */
	tasksPerMinute: number;
	minuteMs: number;
	/** Running tasks per account, by its level; `Infinity` = no limit. */
	parallelTasks: Record<AccountLevel, number>;
	/** From acceptance to the end of a task's last sub-task, in seconds. */
	taskSeconds: number;
	/** Sub-tasks per task. */
	subTasks: number;
	/** How a task ends; a list has one outcome per sub-task. */
	outcome: (task: TaskRequest) => TaskOutcome | TaskOutcome[];
	tokenLifetimeMs: number;
	/** Larger submit bodies are refused with 413; 0 = no limit. */
	maxBodyBytes: number;
	/**
	 * `check` reads, decodes and hashes every submit's body; `count` only counts its bytes, as fast as they arrive, and
	 * accepts them as a task without further data: for measuring clients that are faster than the checks.
	 */
	bodies: 'check' | 'count';
	/** Delay before a request is processed, in milliseconds. */
	latencyMs: number;
	/** Body of callbacks; `off` is like an account that is not on HiDream's whitelist. */
	callbacks: 'v2' | 'v3' | 'off';
	callbackAttempts: number;
	callbackRetryMs: number;
	callbackTimeoutMs: number;
	/** Maximum length of `task_id_list` in the batch query. */
	maxBatch: number;
	/** Whether entries of the batch response have `task_id` (LIKELY on the live service). */
	batchTaskIds: boolean;
	/** How the batch query reports an unknown ID (UNKNOWN on the live service). */
	unknownInBatch: 'omit' | 'empty' | 'refuse';
	/**
	 * What a repeated `request_id` of the account gives: its task again, a second task, or a refusal (UNKNOWN on the live
	 * service).
	 */
	sameRequestId: 'one' | 'two' | 'refuse';
	/**
	 * Responses of the real service instead of the invented ones; null for none. Its findings apply to settings that are not
	 * set.
	 */
	recording: Recording | null;
	/** File that is served as every result video. */
	resultVideo: string;
	/** `true` writes one line per event to stdout; a function receives the lines. */
	logger: boolean | ((line: string) => void);
	/** Milliseconds since the epoch; tests pass their own clock. */
	now: () => number;
}

/** HiDream's published limits, and a task that is long enough to observe. */
export const DEFAULT_SETTINGS: SandboxSettings = {
	port: 0,
	host: '127.0.0.1',
	accessToken: '',
	apiKey: '',
	accountLevel: 'free',
	// CERTAIN: two video stylization tasks a minute.
	tasksPerMinute: 2,
	minuteMs: 60_000,
	// CERTAIN: parallel requests by member level.
	parallelTasks: { free: 1, level1: 3, level2: 5, level3: 7, level4: 10 },
	taskSeconds: 20,
	subTasks: 1,
	outcome: ({ prompt }) => outcomeByMarker(prompt),
	// CERTAIN (older manual): an exchanged token lives about one day.
	tokenLifetimeMs: 24 * 60 * 60 * 1000,
	maxBodyBytes: 0,
	bodies: 'check',
	latencyMs: 0,
	callbacks: 'v2',
	// CERTAIN: at most three requests, one second apart, five seconds for the response.
	callbackAttempts: 3,
	callbackRetryMs: 1000,
	callbackTimeoutMs: 5000,
	// UNKNOWN on the live service; the client's chunks have 100.
	maxBatch: 100,
	batchTaskIds: true,
	unknownInBatch: 'omit',
	sameRequestId: 'two',
	recording: null,
	resultVideo: path.join(__dirname, 'media', 'stylized.mp4'),
	logger: false,
	now: Date.now,
};
