/** The "Idempotency Key" in n8n's own database. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { InvalidInput } from '../../../nodes/shared/input';
import { idempotencyKey } from '../../../nodes/StylizeVideo/idempotency';
import { fakeExecuteFunctions } from '../support/executeFunctions';
import { isSettled, settle } from '../support/simulatedClock';
import { strictDouble } from '../support/strictDouble';

type Helpers = IExecuteFunctions['helpers'];
type Check = Helpers['checkProcessedAndRecord'];
const OPTIONS = { mode: 'entries', maxEntries: 100_000 };

function claimWith(key: string, helpers: Partial<Helpers>) {
	const { claimKey, releaseKey } = idempotencyKey(fakeExecuteFunctions({ workflowId: 'workflow-1', helpers }).context, key);
	if (!claimKey || !releaseKey) throw new Error('There is nothing to claim');
	return { claimKey, releaseKey };
}

test('claims nothing without a key', () => {
	expect(idempotencyKey(strictDouble<IExecuteFunctions>('context', {}), '')).toEqual({});
});

test.each([undefined, ''])('cannot claim a key in a workflow that was never saved (%p)', (workflowId) => {
	const { context } = fakeExecuteFunctions({ workflowId });
	expect(() => idempotencyKey(context, 'key-1')).toThrow(InvalidInput);
	expect(() => idempotencyKey(context, 'key-1')).toThrow('"Idempotency Key"');
});

test.each([
	['new', { new: ['key-1'], processed: [] }, true],
	['used before', { new: [], processed: ['key-1'] }, false],
])('claims a key that is %s', async (_, response, expected) => {
	const checkProcessedAndRecord = jest.fn<ReturnType<Check>, Parameters<Check>>(async () => response);
	expect(await claimWith('key-1', { checkProcessedAndRecord }).claimKey()).toBe(expected);
	expect(checkProcessedAndRecord.mock.calls).toEqual([[['key-1'], 'node', OPTIONS]]);
});

test('releases a key', async () => {
	const removeProcessed = jest.fn(async () => undefined);
	await claimWith('key-1', { removeProcessed }).releaseKey();
	expect(removeProcessed.mock.calls).toEqual([[['key-1'], 'node', OPTIONS]]);
});

test('reports a database error', async () => {
	const broken = async () => await Promise.reject(new Error('the database is gone'));
	const { claimKey, releaseKey } = claimWith('key-1', { checkProcessedAndRecord: broken, removeProcessed: broken });
	await expect(claimKey()).rejects.toThrow('the database is gone');
	await expect(releaseKey()).rejects.toThrow('the database is gone');
});

test('records again if two processes record the first key at the same time and n8n rejects one', async () => {
	const responses = [async () => await Promise.reject(new Error('the row is there')), async () => ({ new: ['key-1'], processed: [] })];
	const checkProcessedAndRecord: Check = async () => await (responses.shift() ?? (() => Promise.reject(new Error('unexpected call'))))();
	expect(await claimWith('key-1', { checkProcessedAndRecord }).claimKey()).toBe(true);
	expect(responses).toEqual([]);
});

test('reports a failed record even if the key exists, since another execution may own it', async () => {
	const responses = [async () => await Promise.reject(new Error('the line broke')), async () => ({ new: [], processed: ['key-1'] })];
	const checkProcessedAndRecord: Check = async () => await (responses.shift() ?? (() => Promise.reject(new Error('unexpected call'))))();
	await expect(claimWith('key-1', { checkProcessedAndRecord }).claimKey()).rejects.toThrow('the line broke');
	expect(responses).toEqual([]);
});

test('makes one call at a time, in order, since n8n reads and writes the whole list; a failure does not block the next call', async () => {
	const events: string[] = [];
	const ends: Array<() => void> = [];
	const slow: Check = async ([key]) => {
		events.push(`begin ${String(key)}`);
		await new Promise<void>((resolve) => ends.push(resolve));
		events.push(`end ${String(key)}`);
		if (key === 'b') throw new Error('the database is gone');
		return { new: [String(key)], processed: [] };
	};
	const claims = ['a', 'b', 'c'].map(async (key) => await claimWith(key, { checkProcessedAndRecord: slow }).claimKey());
	const results = Promise.allSettled(claims);
	for (let n = 0; n < 4; n++) {
		await settle();
		expect(events).toHaveLength(2 * n + 1);
		ends[n]?.();
	}
	expect((await results).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
	expect(events).toEqual(['begin a', 'end a', 'begin b', 'end b', 'begin c', 'end c', 'begin b', 'end b']);
	expect(await isSettled(results)).toBe(true);
});

test('a call that never ends blocks no other node and no other workflow', async () => {
	const response = async () => ({ new: ['key'], processed: [] });
	const never = async () => await new Promise<never>(() => undefined);
	const claimKey = (workflowId: string, nodeId: string, checkProcessedAndRecord: Check) =>
		idempotencyKey(fakeExecuteFunctions({ workflowId, nodeId, helpers: { checkProcessedAndRecord } }).context, 'key').claimKey?.() ?? Promise.reject(new Error('There is no claim'));
	const hanging = claimKey('workflow-9', 'node-1', never);
	expect(await claimKey('workflow-9', 'node-2', response)).toBe(true);
	expect(await claimKey('workflow-8', 'node-1', response)).toBe(true);
	expect(await isSettled(claimKey('workflow-9', 'node-1', response))).toBe(false);
	expect(await isSettled(hanging)).toBe(false);
});
