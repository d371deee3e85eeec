import { getEventListeners } from 'node:events';
import { onAbort } from '../../../nodes/async/onAbort';

const listenersOf = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

test('when the signal fires, once', () => {
	const cancel = new AbortController();
	const action = jest.fn();
	onAbort(cancel.signal, action);
	expect(action).not.toHaveBeenCalled();
	cancel.abort();
	cancel.abort();
	expect(action).toHaveBeenCalledTimes(1);
});

test('at once when it has fired', () => {
	const action = jest.fn();
	const forget = onAbort(AbortSignal.abort(), action);
	expect(action).toHaveBeenCalledTimes(1);
	forget();
});

test('never without a signal', () => {
	const action = jest.fn();
	onAbort(undefined, action)();
	expect(action).not.toHaveBeenCalled();
});

test('not when it was taken back, and the others all the same', () => {
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

test('a thousand wait with one listener, and leave none', () => {
	const { signal } = new AbortController();
	const forgets = Array.from({ length: 1_000 }, () => onAbort(signal, () => undefined));
	expect(listenersOf(signal)).toBe(1);
	forgets.forEach((forget) => forget());
	expect(listenersOf(signal)).toBe(0);
});

test('after all have left, a new one is heard', () => {
	const cancel = new AbortController();
	onAbort(cancel.signal, () => undefined)();
	const action = jest.fn();
	onAbort(cancel.signal, action);
	cancel.abort();
	expect(action).toHaveBeenCalledTimes(1);
});

test('an action that takes another one back while the signal fires', () => {
	const cancel = new AbortController();
	const other = jest.fn();
	let forget: () => void = () => undefined;
	onAbort(cancel.signal, () => forget());
	forget = onAbort(cancel.signal, other);
	cancel.abort();
	expect(other).not.toHaveBeenCalled();
});
