/** Connections that fail, break or stay silent; proxies and firewalls. */
import { randomBytes } from 'node:crypto';
import { startSandbox } from '../../sandbox';
import { answerWith, type Behavior, close, openThen, reset, startBroken, staySilent } from './support/brokenNetwork';
import { onlyFailure, wordsOf } from './support/outputs';
import { speedUp, type SubmitOptions, useEngine } from './support/engine';

// A request without a connection is retried after 1, 2 and 4 seconds.
speedUp(10);

describe('connection to HiDream', () => {
	// Five minutes and one minute in production.
	const engine = useEngine({}, { RESPONSE_TIMEOUT_MS: 10_000, IDLE_TIMEOUT_MS: 20_000 });
	/** Larger than the socket buffers of both sides, so that some bytes are not yet sent when the connection breaks. */
	const big = () => ({ parameters: { inputType: 'binary' }, items: [{ binary: { data: randomBytes(12 * 1024 * 1024) } }] });

	test('a refused connection: nothing was sent, and the error names the host', async () => {
		const gone = await startSandbox();
		await gone.close();
		const credential = engine().account({ baseUrl: gone.url });
		const outcome = await engine().submit({ credential, onError: 'continueErrorOutput' });
		const failed = onlyFailure(outcome);
		expect(failed.details).toMatchObject({ status: 'refused', task_id: null });
		expect(wordsOf(failed)).toMatch(/connect/i);
		expect(wordsOf(failed)).toContain('Base URL');
	});

	test('a reset in the middle of an upload: no task was created', async () => {
		engine().sandbox.faults.add({ on: 'submit', times: Infinity, fault: { type: 'reset', when: 'during' } });
		const outcome = await engine().submit({ ...big(), onError: 'continueErrorOutput' });
		expect(onlyFailure(outcome).details.status).toBe('refused');
		expect(engine().taskIds).toEqual([]);
		expect(outcome.everything).not.toContain(engine().sandbox.accessToken);
	});

	test('reads a refusal that arrives before the body is sent completely', async () => {
		const fault = { type: 'status', status: 413, after: 'headers' } as const;
		engine().sandbox.faults.add({ on: 'submit', times: Infinity, fault });
		const outcome = await engine().submit({ ...big(), onError: 'continueErrorOutput' });
		const failed = onlyFailure(outcome);
		expect(failed.details.status).toBe('refused');
		expect(wordsOf(failed)).toMatch(/413/);
		expect(engine().taskIds).toEqual([]);
	});

	test('a reset after a complete upload may have created a task', async () => {
		engine().sandbox.faults.add({ on: 'submit', times: Infinity, fault: { type: 'reset', when: 'afterAccept' } });
		const outcome = await engine().submit({ ...big(), onError: 'continueErrorOutput' });
		expect(onlyFailure(outcome).details.status).toBe('uncertain');
		expect(engine().taskIds).toHaveLength(1);
		expect(engine().submits).toHaveLength(1);
	});

	test('continues a slow upload while bytes are moving', async () => {
		engine().sandbox.faults.add({ on: 'submit', fault: { type: 'slow', bytesPerSecond: 6 * 1024 * 1024 } });
		const outcome = await engine().submit(big());
		expect(outcome.json()).toMatchObject([{ status: 'submitted', task_id: engine().taskIds[0] }]);
	});

	test('no response: fails after the timeout, and the task may exist', async () => {
		engine().sandbox.faults.add({ on: 'submit', times: Infinity, fault: { type: 'silence', create: true } });
		const outcome = await engine().submit({ parameters: { options: { requestId: 'r-silent' } }, onError: 'continueErrorOutput' });
		const failed = onlyFailure(outcome);
		expect(failed.details).toMatchObject({ status: 'uncertain', request_id: 'r-silent' });
		expect(wordsOf(failed)).toContain('no response in time');
		expect(engine().submits).toHaveLength(1);
	});
});

describe('proxies and firewalls', () => {
	const engine = useEngine({}, { RESPONSE_TIMEOUT_MS: 10_000, IDLE_TIMEOUT_MS: 10_000, SEND_BUFFER_BYTES: 0 });
	const running: Array<Awaited<ReturnType<typeof startBroken>>> = [];

	afterEach(() => {
		delete process.env['HTTPS_PROXY'];
		for (const server of running.splice(0)) server.close();
	});

	async function start(behave: Behavior) {
		const server = await startBroken(behave);
		running.push(server);
		return server;
	}

	const file = (): SubmitOptions => ({ parameters: { inputType: 'binary' }, items: [{ binary: { data: randomBytes(4 * 1024 * 1024) } }] });
	const INPUTS = { url: (): SubmitOptions => ({}), file };

	async function submit(baseUrl: string, { parameters, ...input }: SubmitOptions) {
		const outcome = await engine().submit({
			...input,
			parameters: { ...parameters, options: { maxRetryTime: 0 } },
			credential: engine().account({ baseUrl }),
			onError: 'continueErrorOutput',
		});
		return onlyFailure(outcome);
	}

	const PROXIES: Array<[string, Behavior, string, string]> = [
		['closes', close, 'the proxy opened no connection', 'network'],
		['resets', reset, 'the proxy opened no connection', 'network'],
		['stays silent', staySilent, 'the proxy opened no connection', 'network'],
		['answers nonsense', (socket) => socket.end('hello\r\n\r\n'), 'the proxy opened no connection', 'network'],
		['answers 502', answerWith(502), 'the proxy refused the connection (HTTP 502)', 'HTTPS_PROXY'],
		['answers 503', answerWith(503), 'the proxy refused the connection (HTTP 503)', 'HTTPS_PROXY'],
		['answers 403', answerWith(403), 'the proxy refused the connection (HTTP 403)', 'The proxy does not allow the host'],
		['answers 407', answerWith(407), 'the proxy refused the connection (HTTP 407)', 'The proxy requires a login'],
		['answers 302', answerWith(302), 'the proxy refused the connection (HTTP 302)', 'HTTPS_PROXY'],
		['answers 204', answerWith(204), 'the proxy refused the connection (HTTP 204)', 'HTTPS_PROXY'],
		['opens a tunnel and resets the handshake', openThen(reset), 'closed the connection immediately', 'network'],
		['opens a tunnel that stays silent', openThen(staySilent), 'did not respond before the request was ended', 'network'],
	];

	describe.each(Object.entries(INPUTS))('a %s', (_kind, input) => {
		test.each(PROXIES)('through a proxy that %s', async (_name, behave, what, advice) => {
			const proxy = await start(behave);
			process.env['HTTPS_PROXY'] = `http://${proxy.address}`;
			const failed = await submit('https://hidream.example.com', input());
			expect(failed.details).toMatchObject({ status: 'refused', task_id: null });
			expect(failed.error).toContain(what);
			expect(wordsOf(failed)).toContain(advice);
			expect(proxy.seen).toBeGreaterThan(0);
		});

		test.each<[string, Behavior]>([
			['resets', reset],
			['closes', close],
			['never answers', staySilent],
			['responds without TLS', answerWith(400)],
		])('over TLS to a firewall that %s', async (_name, behave) => {
			const firewall = await start(behave);
			const failed = await submit(`https://${firewall.address}`, input());
			expect(failed.details).toMatchObject({ status: 'refused', task_id: null });
			expect(failed.error).toContain('No connection to HiDream');
			expect(firewall.seen).toBeGreaterThan(0);
		});
	});

	test('a proxy that does not exist', async () => {
		process.env['HTTPS_PROXY'] = 'http://127.0.0.1:1';
		const failed = await submit('https://hidream.example.com', {});
		expect(failed.details.status).toBe('refused');
		expect(failed.error).toContain('the proxy refuses connections');
	});
});
