/** CERTAIN: HiDream takes two video stylization tasks a minute. */
export const TASKS_PER_MINUTE = 2;

/** CERTAIN: how many tasks run at the same time, by member level. */
export const PARALLEL_TASKS = { free: 1, level1: 3, level2: 5, level3: 7, level4: 10 } as const;

/** The window that `TASKS_PER_MINUTE` counts in, in milliseconds. */
export const RATE_WINDOW_MS = 60_000;

/** The shortest time between two status requests of one account, in milliseconds, however many executions wait. */
export const MIN_POLL_MS = 2_000;

/** LIKELY: how long a task runs, in milliseconds: two to three minutes for the vendor's other videos. For estimates only. */
export const TYPICAL_TASK_MS = 150_000;

/** No byte moved for this long, in milliseconds: the upload, or the download, is given up. */
export const IDLE_TIMEOUT_MS = 60_000;

/**
 * How long the answer to a submit is waited for, in milliseconds. UNKNOWN: how long HiDream takes, which may fetch and
 * look through the video first. To wait costs nothing; who gives up too early loses a task that is paid for. It is longer
 * than any operating system tries to connect, so that no connection is not taken for no answer.
 */
export const RESPONSE_TIMEOUT_MS = 5 * 60_000;

/** The longest wait that is taken from a Retry-After, in milliseconds. */
export const MAX_RETRY_AFTER_MS = 24 * 60 * 60_000;

/** How long an answer that has begun may go on after a cancel, in milliseconds. */
export const CANCELLED_RESPONSE_MS = 1_000;

/** A request with little to say, in milliseconds: the token exchange, a question for results. */
export const REQUEST_TIMEOUT_MS = 30_000;

/**
 * The longest answer that is read, in bytes, once it is unpacked. UNKNOWN: how long HiDream's answers get; those
 * about a hundred tasks are a hundredth of this. What answers more is broken or hostile, and must not fill the memory.
 */
export const MAX_RESPONSE_BYTES = 8 * 1024 * 1024;

/**
 * What the sending side cannot see leaving: the operating system's send buffer, in bytes, and the slowest
 * line we reckon with, in bytes a second. Together they give a slow line time to empty that buffer.
 */
export const SEND_BUFFER_BYTES = 4 * 1024 * 1024;
export const MIN_UPLOAD_BYTES_PER_SECOND = 32 * 1024;

/** How many tasks one batch query asks about. UNKNOWN: the longest list that HiDream allows. */
export const TASKS_PER_QUERY = 100;

/** How long the service may take to confirm a callback, in milliseconds: HiDream waits 5 s for our answer (CERTAIN). */
export const CALLBACK_TIMEOUT_MS = 4_000;
