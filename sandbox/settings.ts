import path from 'node:path';
import type { Outcome } from './outcomes';
import { outcomeByMarker } from './outcomes';
import type { Recording } from './recording';

export type AccountLevel = 'free' | 'level1' | 'level2' | 'level3' | 'level4';

/** What an outcome rule may look at when it decides how a task ends. */
export interface TaskRequest {
	prompt: string | null;
	style: string | null;
	requestId: string | null;
}

export interface SandboxSettings {
	/** TCP port; 0 takes a free one. */
	port: number;
	host: string;
	/** Tokens of the first account; made up when empty. */
	accessToken: string;
	apiKey: string;
	accountLevel: AccountLevel;
	/** Accepted tasks in any window of `minuteMs`, per account; 0 = no limit. */
	tasksPerMinute: number;
	minuteMs: number;
	/** Tasks in progress per account, by its level; `Infinity` = no limit. */
	parallelTasks: Record<AccountLevel, number>;
	/** From acceptance to the end of a task's last sub task, in seconds. */
	taskSeconds: number;
	/** Sub tasks per task. */
	subTasks: number;
	/** How a task ends; a list gives one outcome per sub task. */
	outcome: (task: TaskRequest) => Outcome | Outcome[];
	tokenLifetimeMs: number;
	/** Larger submit bodies are refused with 413; 0 = no limit. */
	maxBodyBytes: number;
	/**
	 * `check` reads, decodes and hashes every submit's body; `count` only counts its bytes, as fast as they come, and
	 * accepts them as a task of which nothing else is known: for measuring clients that are faster than the checks.
	 */
	bodies: 'check' | 'count';
	/** Wait before anything is done with a request, in milliseconds. */
	latencyMs: number;
	/** Body of callbacks; `off` stands for an account that is not on the vendor's whitelist. */
	callbacks: 'v2' | 'v3' | 'off';
	callbackTries: number;
	callbackRetryMs: number;
	callbackTimeoutMs: number;
	/** Longest `task_id_list` that the batch query takes. */
	maxBatch: number;
	/** Whether entries of the batch answer carry `task_id` (LIKELY on the live service). */
	batchTaskIds: boolean;
	/** What the batch query does about an id that it does not know (UNKNOWN on the live service). */
	unknownInBatch: 'omit' | 'empty' | 'refuse';
	/** What a `request_id` that the account has used before gives: its task again, a second task, or a refusal (UNKNOWN on the live service). */
	sameRequestId: 'one' | 'two' | 'refuse';
	/** Answers of the real service to give instead of the invented ones; null for none. What it tells of other settings holds unless they are set. */
	recording: Recording | null;
	/** File that is served as every result video. */
	resultVideo: string;
	/** `true` writes one line per event to stdout; a function receives the lines. */
	logger: boolean | ((line: string) => void);
	/** Milliseconds since the epoch; tests pass their own clock. */
	now: () => number;
}

/** The vendor's published limits, and a task that takes long enough to watch. */
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
	// CERTAIN: at most three requests, one second apart, five seconds for the answer.
	callbackTries: 3,
	callbackRetryMs: 1000,
	callbackTimeoutMs: 5000,
	// UNKNOWN on the live service; 100 is what the client's chunking assumes.
	maxBatch: 100,
	batchTaskIds: true,
	unknownInBatch: 'omit',
	sameRequestId: 'two',
	recording: null,
	resultVideo: path.join(__dirname, 'media', 'stylized.mp4'),
	logger: false,
	now: Date.now,
};
