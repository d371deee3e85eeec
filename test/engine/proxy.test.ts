/** A proxy that opens no tunnel, and a firewall that ends the TLS handshake: nothing was sent, so there is no task. */
import { randomBytes } from 'node:crypto';
import { answerWith, close, openThen, reset, startBroken, staySilent, type Behaviour } from './support/brokenNetwork';
import { onlyFailure, wordsOf } from './support/failures';
import { useBench, type SubmitOptions } from './support/hidream';

// n8n waits for a response for five minutes; a second shows the same.
jest.mock('../../nodes/hidream/limits', () => ({
	__esModule: true,
	...jest.requireActual<object>('../../nodes/hidream/limits'),
	ANSWER_MS: 1_000,
	SILENCE_MS: 1_000,
	UNSEEN_BUFFER_BYTES: 0,
}));

const bench = useBench();
const running: Array<Awaited<ReturnType<typeof startBroken>>> = [];

afterEach(() => {
	delete process.env['HTTPS_PROXY'];
	for (const server of running.splice(0)) server.close();
});

async function start(behave: Behaviour) {
	const server = await startBroken(behave);
	running.push(server);
	return server;
}

const file = (): SubmitOptions => ({ parameters: { inputType: 'binary' }, items: [{ binary: { data: randomBytes(4 * 1024 * 1024) } }] });
const INPUTS = { url: (): SubmitOptions => ({}), file };

async function submit(baseUrl: string, { parameters, ...input }: SubmitOptions) {
	const outcome = await bench().submit({
		...input,
		parameters: { ...parameters, options: { keepTryingFor: 0 } },
		credential: bench().account({ baseUrl }),
		onError: 'continueErrorOutput',
	});
	return onlyFailure(outcome);
}

const PROXIES: Array<[string, Behaviour, string, string]> = [
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
	['opens a tunnel and resets the handshake', openThen(reset), 'closed the connection at once', 'network'],
	['opens a tunnel that stays silent', openThen(staySilent), 'did not answer before the request was ended', 'network'],
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
	}, 20_000);

	test.each<[string, Behaviour]>([
		['resets', reset],
		['closes', close],
		['never answers', staySilent],
		['answers without TLS', answerWith(400)],
	])('by TLS to a firewall that %s', async (_name, behave) => {
		const firewall = await start(behave);
		const failed = await submit(`https://${firewall.address}`, input());
		expect(failed.details).toMatchObject({ status: 'refused', task_id: null });
		expect(failed.error).toContain('No connection to HiDream');
		expect(firewall.seen).toBeGreaterThan(0);
	}, 20_000);
});

test('a proxy that is not there', async () => {
	process.env['HTTPS_PROXY'] = 'http://127.0.0.1:1';
	const failed = await submit('https://hidream.example.com', {});
	expect(failed.details.status).toBe('refused');
	expect(failed.error).toContain('the proxy refuses connections');
});
