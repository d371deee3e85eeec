/** Refused submits beyond the fault matrix: queued items, and secrets that HiDream repeats. */
import { asFailure, onlyFailure, wordsOf } from './support/outputs';
import { useEngine } from './support/engine';

const engine = useEngine();

test('fails queued items without a request when the delay is longer than their retry budget', async () => {
	const fault = { type: 'status', status: 429, headers: { 'Retry-After': '120' } } as const;
	engine().sandbox.faults.add({ on: 'submit', times: Infinity, fault });
	const options = { maxRetryTime: 1, concurrency: 1 };
	const outcome = await engine().submit({ items: [{}, {}, {}], parameters: { options }, onError: 'continueErrorOutput' });
	const failures = outcome.failures().map(asFailure);
	expect(failures.map(({ details }) => details)).toMatchObject(Array(3).fill({ status: 'refused', scope: 'account' }));
	expect(failures[2]?.error).toMatch(/not sent.*HTTP 429/);
	expect(engine().submits).toHaveLength(1);
});

describe('text from HiDream in errors', () => {
	/** Makes the service refuse every submit with this message. */
	function refuseSaying(message: string): void {
		engine().sandbox.faults.add({ on: 'submit', times: Infinity, fault: { type: 'code', code: 1403, message } });
	}

	test('redacts the token that a service repeats in its message', async () => {
		const { accessToken } = engine().sandbox;
		refuseSaying(`no such account: Bearer ${accessToken}`);
		const stopped = await engine().submit();
		expect(stopped.words).toContain('no such account');
		expect(stopped.everything).not.toContain(accessToken);
		const branched = await engine().submit({ onError: 'continueErrorOutput' });
		expect(wordsOf(onlyFailure(branched))).toContain('no such account');
		expect(branched.everything).not.toContain(accessToken);
	});

	test('redacts the API key that a service repeats when it refuses the exchange', async () => {
		const apiKey = 'key-of-nobody-1234567890';
		const fault = { type: 'status', status: 401, body: { code: 1104, message: `unknown key ${apiKey}`, request_id: 'x' } } as const;
		engine().sandbox.faults.add({ on: 'exchange', times: Infinity, fault });
		const outcome = await engine().submit({ credential: engine().keyAccount({ apiKey }) });
		expect(outcome.words).toContain('unknown key');
		expect(outcome.everything).not.toContain(apiKey);
		expect(engine().submits).toEqual([]);
	});
});
