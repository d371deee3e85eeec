/** CERTAIN: HiDream accepts two video stylization tasks a minute. */
export const TASKS_PER_MINUTE = 2;

/** CERTAIN: how many tasks run at the same time, by member level. */
export const PARALLEL_TASKS = { free: 1, level1: 3, level2: 5, level3: 7, level4: 10 } as const;

/** The window of `TASKS_PER_MINUTE`, in milliseconds. UNKNOWN: whether it slides; the limiter assumes so, which fits a fixed window too. */
export const RATE_WINDOW_MS = 60_000;

/** The shortest time between two status requests of one account, in milliseconds, however many executions wait. */
export const MIN_POLL_MS = 2_000;

/** LIKELY: how long a task runs, in milliseconds: two to three minutes for the vendor's other videos. For estimates only. */
export const TYPICAL_TASK_MS = 150_000;

/** Idle timeout of an upload or a download, in milliseconds: it ends when no byte has moved for this long. */
export const IDLE_TIMEOUT_MS = 60_000;

/**
 * How long to wait for the response to a submit, in milliseconds. UNKNOWN: how long HiDream takes, which may fetch and
 * check the video first. Waiting costs nothing; a timeout that is too short loses a task that is paid for. It is longer
 * than any operating system tries to connect, so a failed connect is never mistaken for a missing response.
 */
export const RESPONSE_TIMEOUT_MS = 5 * 60_000;

/** The longest delay that is read from a Retry-After header, in milliseconds. */
export const MAX_RETRY_AFTER_MS = 24 * 60 * 60_000;

/** How long a response that has begun may go on after a cancel, in milliseconds. */
export const CANCELLED_RESPONSE_MS = 1_000;

/** Timeout of a request that creates no task, in milliseconds: the token exchange, a status request. */
export const REQUEST_TIMEOUT_MS = 30_000;

/**
 * The longest response that is read, in bytes, once it is unpacked. UNKNOWN: how long HiDream's responses get; those
 * about 100 tasks are a hundredth of this. A longer one is broken or hostile, and must not fill the memory.
 */
export const MAX_RESPONSE_BYTES = 8 * 1024 * 1024;

/**
 * The operating system's send buffer, in bytes, whose content cannot be seen leaving, and the slowest line that is
 * supported, in bytes a second. Together they give a slow line time to empty that buffer.
 */
export const SEND_BUFFER_BYTES = 4 * 1024 * 1024;
export const MIN_UPLOAD_BYTES_PER_SECOND = 32 * 1024;

/** How many tasks one batch query names. UNKNOWN: the longest list that HiDream allows. */
export const TASKS_PER_QUERY = 100;

/**
 * How long the service may take to confirm a callback, in milliseconds. CERTAIN: only a response with exactly HTTP 200,
 * within 5 s, counts as delivered. Otherwise HiDream calls again.
 */
export const CALLBACK_TIMEOUT_MS = 4_000;
