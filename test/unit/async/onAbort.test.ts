import { getEventListeners } from 'node:events';
import { onAbort } from '../../../nodes/async/onAbort';

const listenersOf = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

test('runs the action once when the signal fires', () => {
	const cancel = new AbortController();
	const action = jest.fn();
	onAbort(cancel.signal, action);
	expect(action).not.toHaveBeenCalled();
	cancel.abort();
	cancel.abort();
	expect(action).toHaveBeenCalledTimes(1);
});

test('runs it immediately if the signal has already fired', () => {
	const action = jest.fn();
	const forget = onAbort(AbortSignal.abort(), action);
	expect(action).toHaveBeenCalledTimes(1);
	forget();
});

test('never runs it without a signal', () => {
	const action = jest.fn();
	onAbort(undefined, action)();
	expect(action).not.toHaveBeenCalled();
});

test('does not run a removed action, and runs the others', () => {
	const cancel = new AbortController();
	const [gone, kept] = [jest.fn(), jest.fn()];
	const forget = onAbort(cancel.signal, gone);
	onAbort(cancel.signal, kept);
	forget();
	forget();
	cancel.abort();
	expect(gone).not.toHaveBeenCalled();
	expect(kept).toHaveBeenCalledTimes(1);
});

test('1,000 actions share one listener, and leave none', () => {
	const { signal } = new AbortController();
	const forgets = Array.from({ length: 1_000 }, () => onAbort(signal, () => undefined));
	expect(listenersOf(signal)).toBe(1);
	forgets.forEach((forget) => forget());
	expect(listenersOf(signal)).toBe(0);
});

test('listens again after all actions were removed', () => {
	const cancel = new AbortController();
	onAbort(cancel.signal, () => undefined)();
	const action = jest.fn();
	onAbort(cancel.signal, action);
	cancel.abort();
	expect(action).toHaveBeenCalledTimes(1);
});

test('an action can remove another one while the signal fires', () => {
	const cancel = new AbortController();
	const other = jest.fn();
	let forget: () => void = () => undefined;
	onAbort(cancel.signal, () => forget());
	forget = onAbort(cancel.signal, other);
	cancel.abort();
	expect(other).not.toHaveBeenCalled();
});
