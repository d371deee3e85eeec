/**
 * Whole milliseconds, so that sums are exact, of a clock that never jumps, for every wait and deadline; only differences count. The wall clock is for
 * moments that others name: when a token expires, a Retry-After date, when n8n is to resume.
 */
export const monotonicNow = (): number => Math.floor(performance.now());
