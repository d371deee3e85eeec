/** n8n's own sleep: since 2.41 it ends when the signal fires, older ones do not. */
import type { sleep as Sleep } from 'n8n-workflow';
import { systemClock } from '../../../nodes/async/clock';

const mockSleep = jest.fn<ReturnType<typeof Sleep>, Parameters<typeof Sleep>>();
jest.mock('n8n-workflow', () => ({
	sleep: async (...given: Parameters<typeof Sleep>) => await mockSleep(...given),
}));

const withoutSignal: typeof Sleep = async (ms) => await new Promise((resolve) => setTimeout(resolve, ms));

const withSignal: typeof Sleep = async (ms, signal) =>
	await new Promise((resolve, reject) => {
		const end = () => {
			clearTimeout(timer);
			reject(new Error('aborted'));
		};
		const timer = setTimeout(() => {
			signal?.removeEventListener('abort', end);
			resolve();
		}, ms);
		if (signal?.aborted) end();
		signal?.addEventListener('abort', end);
	});

beforeEach(() => {
	jest.useFakeTimers();
	mockSleep.mockReset();
});
afterEach(() => jest.useRealTimers());

/** Starts a sleep; `ended` tells whether it is over. */
function start(ms: number, signal?: AbortSignal) {
	const state = { ended: false };
	void systemClock.sleep(ms, signal).then(() => (state.ended = true));
	return state;
}

test.each([-3_600_000, 60_000, 3_600_000])('a wall clock that is set by %i ms changes neither the time nor a sleep', async (shift) => {
	mockSleep.mockImplementation(withSignal);
	const before = systemClock.now();
	const wait = start(10_000);
	await jest.advanceTimersByTimeAsync(5_000);
	jest.setSystemTime(Date.now() + shift);
	expect(systemClock.now() - before).toBeCloseTo(5_000);
	await jest.advanceTimersByTimeAsync(4_999);
	expect(wait.ended).toBe(false);
	await jest.advanceTimersByTimeAsync(1);
	expect(wait.ended).toBe(true);
});

test.each([withSignal, withoutSignal])('sleeps for the given time, in slices', async (sleep) => {
	mockSleep.mockImplementation(sleep);
	const wait = start(3_500, new AbortController().signal);
	await jest.advanceTimersByTimeAsync(3_499);
	expect(wait.ended).toBe(false);
	await jest.advanceTimersByTimeAsync(1);
	expect(wait.ended).toBe(true);
	expect(mockSleep.mock.calls.map(([ms]) => ms)).toEqual([1_000, 1_000, 1_000, 500]);
});

test('ends immediately when the signal fires', async () => {
	mockSleep.mockImplementation(withSignal);
	const cancel = new AbortController();
	const wait = start(60_000, cancel.signal);
	await jest.advanceTimersByTimeAsync(10_300);
	cancel.abort();
	await jest.advanceTimersByTimeAsync(0);
	expect(wait.ended).toBe(true);
});

test('ends within a second of the signal if n8n ignores it', async () => {
	mockSleep.mockImplementation(withoutSignal);
	const cancel = new AbortController();
	const wait = start(60_000, cancel.signal);
	await jest.advanceTimersByTimeAsync(10_300);
	cancel.abort();
	await jest.advanceTimersByTimeAsync(700);
	expect(wait.ended).toBe(true);
});

test.each([0, -5])('does not sleep for %i ms', async (ms) => {
	await systemClock.sleep(ms);
	expect(mockSleep).not.toHaveBeenCalled();
});

test('does not sleep if the signal has already fired', async () => {
	await systemClock.sleep(60_000, AbortSignal.abort());
	expect(mockSleep).not.toHaveBeenCalled();
});
