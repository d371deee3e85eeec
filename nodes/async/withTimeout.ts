import { systemClock, type Clock } from './clock';
import { onAbort } from './onAbort';

/** The result of `call`; undefined if it takes longer than `ms` milliseconds, or `signal` fires first. */
export async function withTimeout<T>(call: Promise<T>, ms: number, { clock = systemClock, signal }: { clock?: Clock; signal?: AbortSignal } = {}): Promise<T | undefined> {
	const over = new AbortController();
	const forget = onAbort(signal, () => over.abort());
	try {
		return await Promise.race([call, clock.sleep(ms, over.signal).then(() => undefined)]);
	} finally {
		forget();
		over.abort();
	}
}
