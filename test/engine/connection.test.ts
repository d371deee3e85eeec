/** Proxies and firewalls between n8n and HiDream. All other connections are in the fault matrix. */
import { randomBytes } from 'node:crypto';
import { answerWith, type Behavior, close, openThen, reset, startBroken, staySilent } from './support/brokenNetwork';
import { onlyFailure, wordsOf } from './support/outputs';
import { speedUp, type SubmitOptions, useEngine } from './support/engine';

// The node waits ten seconds for a silent proxy.
speedUp(10);

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
		['answers 403', answerWith(403), 'the proxy refused the connection (HTTP 403)', 'The proxy does not allow the host'],
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
