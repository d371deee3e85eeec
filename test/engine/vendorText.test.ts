/** Text that the service sends ends up in errors: it must neither betray a secret, nor act as HTML, nor be replaced. */
import { onlyFailure, wordsOf } from './support/failures';
import { useBench } from './support/hidream';

const bench = useBench();

/** Lets every submit be refused in these words. */
function refuseSaying(message: string): void {
	bench().sandbox.faults.add({ on: 'submit', times: Infinity, fault: { type: 'code', code: 1403, message } });
}

test('a service that repeats the token in its message', async () => {
	const { accessToken } = bench().sandbox;
	refuseSaying(`no such account: Bearer ${accessToken}`);
	const stopped = await bench().submit();
	expect(stopped.words).toContain('no such account');
	expect(stopped.everything).not.toContain(accessToken);
	const branched = await bench().submit({ onError: 'continueErrorOutput' });
	expect(wordsOf(onlyFailure(branched))).toContain('no such account');
	expect(branched.everything).not.toContain(accessToken);
});

test('a service that repeats the API key when it refuses the exchange', async () => {
	const apiKey = 'key-of-nobody-1234567890';
	const fault = { type: 'status', status: 401, body: { code: 1104, message: `unknown key ${apiKey}`, request_id: 'x' } } as const;
	bench().sandbox.faults.add({ on: 'exchange', times: Infinity, fault });
	const outcome = await bench().submit({ credential: bench().keyAccount({ apiKey }) });
	expect(outcome.words).toContain('unknown key');
	expect(outcome.everything).not.toContain(apiKey);
	expect(bench().submits).toEqual([]);
});

test('a message with HTML in it is shown as text', async () => {
	refuseSaying('<img src=x onerror=alert(1)> & more');
	const outcome = await bench().submit();
	const { description } = outcome.failure as { description?: string };
	expect(description).toContain('&lt;img');
	expect(description).not.toContain('<img');
	expect(outcome.failure.message).toContain('& more');
});

test.each(['ECONNRESET at upstream', 'EPERM: not permitted', '404 in the archive'])('"%s" is not replaced by a text of n8n', async (message) => {
	refuseSaying(message);
	const outcome = await bench().submit();
	expect(outcome.failure.message).toContain(message);
});

test('a very long message does not flood the error', async () => {
	refuseSaying('x'.repeat(100_000));
	const outcome = await bench().submit();
	expect(outcome.words.length).toBeLessThan(5_000);
	expect(outcome.words).toContain('1403');
});

test('a task_id beside a code that says no: it is named, and the item counts as uncertain', async () => {
	const body = { code: 1403, message: 'odd', request_id: 'v', result: { task_id: 'task-of-a-no' } };
	bench().sandbox.faults.add({ on: 'submit', times: Infinity, fault: { type: 'status', status: 200, body } });
	const outcome = await bench().submit({ onError: 'continueErrorOutput' });
	expect(onlyFailure(outcome).details).toMatchObject({ status: 'uncertain', task_id: 'task-of-a-no', code: 1403 });
	expect(bench().submits).toHaveLength(1);
});
