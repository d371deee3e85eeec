/** A hostile server: no crash, no leaked token, no second payment. */
import dns from 'node:dns';
import type { ServerResponse } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { nastyJson, sharedNames, statuses, submitAnswers, subTaskResults } from '../unit/properties/arbitraries';
import { type ScriptedServer, startScriptedServer } from './support/scriptedServer';
import { asFailure, onlyFailure, wordsOf } from './support/outputs';
import { useEngine } from './support/engine';
import { downloading } from './support/tasks';

describe('random responses', () => {
	jest.setTimeout(60_000);

	const TOKEN = 'sk-7f3a9c51/hostile+token==';
	const engine = useEngine();
	let service: ScriptedServer;
	let elsewhere: ScriptedServer;

	beforeEach(async () => {
		[service, elsewhere] = [await startScriptedServer(), await startScriptedServer()];
	});

	afterEach(async () => {
		await service.close();
		await elsewhere.close();
	});

	let accounts = 0;
	/** A new account: an earlier response may have made another one back off. */
	const account = () => engine().account({ baseUrl: `${service.url}/${accounts++}`, accessToken: TOKEN });
	const goesOn = { onError: 'continueErrorOutput' } as const;

	/** A JSON text with TOKEN anywhere in it, in one of three spellings. */
	const withToken = (text: string, spelling: number): string => {
		const plain = text.replaceAll('TOKEN', TOKEN);
		if (spelling === 0) return plain;
		return plain.replaceAll(TOKEN, spelling === 1 ? TOKEN.replaceAll('/', '\\/') : [...TOKEN].map((c) => `\\u00${c.charCodeAt(0).toString(16)}`).join(''));
	};

	const echo = fc.constantFrom(
		{ code: 7, message: 'no account for Bearer TOKEN', request_id: 'TOKEN' },
		{ code: 0, result: { task_id: 'x-TOKEN', sub_task_ids: ['TOKEN'] } },
		{ code: 0, result: [{ task_id: 'task-1', sub_task_results: [{ task_status: 3, description: 'TOKEN', TOKEN: { TOKEN: 'TOKEN' } }] }] },
	);
	const bodies = fc.oneof(submitAnswers, echo, nastyJson, subTaskResults.map((entries) => ({ code: 0, result: { sub_task_results: entries } })));
	const texts = fc.oneof({ weight: 4, arbitrary: bodies.map((json) => JSON.stringify(json)) }, fc.string({ unit: 'binary' }), fc.constant('<html>TOKEN</html>'));
	const responses = fc.record({
		status: fc.oneof(statuses, fc.constantFrom(204, 301, 302, 307, 308)),
		text: fc.tuple(texts, fc.nat(2)).map(([text, spelling]) => withToken(text, spelling)),
		piece: fc.integer({ min: 1, max: 200 }),
		breaks: fc.boolean(),
		packed: fc.boolean(),
		header: fc.constantFrom<Record<string, string>>({}, { 'Retry-After': '9'.repeat(300) }, { 'X-Echo': TOKEN }, { 'Content-Type': 'text/html; charset=evil' }),
	});

	type Answer = typeof responses extends fc.Arbitrary<infer T> ? T : never;

	function say({ status, text, piece, breaks, packed, header }: Answer): void {
		const body = packed ? gzipSync(text) : Buffer.from(text);
		const headers = { ...header, Location: `${elsewhere.url}/api-pub`, ...(packed && { 'Content-Encoding': 'gzip' }) };
		// These two have no body, and a 1xx status is no response.
		if (status === 204 || status === 304) return service.respond({ status, headers: { Location: headers.Location }, body: Buffer.alloc(0) });
		service.respond({ status, headers, body, piece, breaks });
	}

	function expectNoToken(everything: string): void {
		expect(everything).not.toContain(TOKEN);
		expect(everything).not.toContain(JSON.stringify(TOKEN).slice(1, -1));
	}

	test('any response to a submit: one request, one item, no token, nothing sent elsewhere', async () => {
		const before = sharedNames();
		const options = { maxRetryTime: 0 };
		await fc.assert(
			fc.asyncProperty(responses, async (answer) => {
				say(answer);
				const outcome = await engine().submit({ credential: account(), parameters: { options }, ...goesOn });
				expect(outcome.error).toBeUndefined();
				const [done, failed] = [outcome.json(), outcome.failures()];
				expect(done.length + failed.length).toBe(1);
				if (done[0]) expect(done[0]).toMatchObject({ status: 'submitted', task_id: expect.stringMatching(/./s) as string });
				else expect(['refused', 'uncertain']).toContain(asFailure(failed[0]).details.status);
				expect(service.submits).toHaveLength(1);
				expect(elsewhere.requests).toEqual([]);
				expectNoToken(outcome.everything);
			}),
			{ numRuns: 60 },
		);
		expect(sharedNames()).toEqual(before);
	});

	test('any response to a status request: the token goes to the Base URL only', async () => {
		const before = sharedNames();
		const parts = fc.record({ task_status: fc.constant(1), video: fc.constantFrom('a', 'b', '../c', '?d#e', '%00').map((path) => `ELSEWHERE/${path}`) });
		const named = fc.array(parts, { minLength: 1, maxLength: 2 }).map((list) => JSON.stringify({ code: 0, result: [{ task_id: 'task-1', sub_task_results: list }] }));
		const any = fc.oneof(responses, fc.tuple(responses, named).map(([answer, text]) => ({ ...answer, status: 200, text })));
		await fc.assert(
			fc.asyncProperty(any, responses, async (answer, video) => {
				say({ ...answer, text: answer.text.replaceAll('ELSEWHERE', elsewhere.url) });
				const headers = { ...video.header, ...(video.packed && { 'Content-Encoding': 'gzip' }), Location: `${elsewhere.url}/again` };
				elsewhere.respond({ status: video.status, headers, body: Buffer.from(video.text), piece: video.piece, breaks: video.breaks && video.status !== 204 });
				const outcome = await engine().submit(downloading(['task-1'], { credential: account(), ...goesOn }));
				expect(outcome.error).toBeUndefined();
				expect(outcome.json().length + outcome.failures().length).toBe(1);
				for (const { headers: sent, method } of elsewhere.requests) {
					expect(method).toBe('GET');
					expect(sent).not.toHaveProperty('authorization');
					expect(JSON.stringify(sent)).not.toContain(TOKEN);
				}
				expect(service.submits).toEqual([]);
				// A video of the other host is the user's data, and stays in n8n's binary store.
				expectNoToken(outcome.everything);
			}),
			{ numRuns: 60 },
		);
		expect(sharedNames()).toEqual(before);
	});

	test('a public host cannot lead to a file, another protocol or a private host', async () => {
		// The only public name resolves to the service, as it would to an attacker on the internet.
		const real = dns.lookup;
		const lookup = jest.spyOn(dns, 'lookup').mockImplementation(((_host: string, options: object, done: never) => {
			real('127.0.0.1', options, done);
		}) as typeof dns.lookup);
		const hosts = ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1', '0177.1', '0.0.0.0', 'a.localhost', '[::127.0.0.1]'];
		const targets = [
			...hosts.map((host) => `http://${host}:${elsewhere.port}/x`),
			...['file:///etc/passwd', 'ftp://127.0.0.1/x', 'data:video/mp4;base64,AAAA', 'gopher://127.0.0.1/', 'unix:/var/run/docker.sock'],
		];
		elsewhere.respond({ status: 200, headers: { 'Content-Type': 'video/mp4' }, body: Buffer.from('a secret of this network') });
		const entries = [{ task_status: 1, video: `http://media.example.com:${service.port}/clip.mp4` }];
		const body = JSON.stringify({ code: 0, result: [{ task_id: 'task-1', sub_task_results: entries }] });
		for (const Location of targets) {
			service.respond((response) => {
				const lastRequest = service.requests.at(-1);
				if (lastRequest?.path === '/clip.mp4') response.writeHead(302, { Location }).end();
				else response.writeHead(200).end(body);
			});
			const outcome = await engine().submit(downloading(['task-1'], { credential: account() }));
			expect(outcome.json()).toMatchObject([{ status: 'succeeded', download_error: expect.stringMatching(/not on the internet|does not begin with/) as string }]);
			expect(outcome.items()[0]?.binary).toBeUndefined();
			expect(elsewhere.requests).toEqual([]);
			expect(service.requests.find(({ path }) => path === '/clip.mp4')?.headers).not.toHaveProperty('authorization');
		}
		lookup.mockRestore();
	});
});

describe('compressed, endless and broken bodies', () => {
	const engine = useEngine();
	let service: ScriptedServer;

	beforeEach(async () => {
		service = await startScriptedServer();
	});

	afterEach(async () => {
		await service.close();
	});

	const TASK = Buffer.from('{"code":0,"message":"请求成功","result":{"task_id":"task-1","sub_task_ids":[]}}');
	const MEBI = 1024 * 1024;

	const submit = async (more: object = {}) =>
		await engine().submit({ credential: engine().account({ baseUrl: service.url, ...more }), onError: 'continueErrorOutput' });

	/** Sends until the receiver closes, and returns the number of bytes sent. */
	function endless(response: ServerResponse): { sent: () => number } {
		let sent = 0;
		const piece = Buffer.alloc(64 * 1024, ' ');
		const more = () => {
			while (!response.destroyed && response.write(piece)) sent += piece.length;
		};
		response.on('error', () => undefined);
		response.on('drain', more);
		more();
		return { sent: () => sent };
	}

	test.each([
		['gzip', gzipSync],
		['deflate', deflateSync],
		['br', brotliCompressSync],
	] as const)('reads a response compressed with %s', async (encoding, pack) => {
		service.respond({ status: 200, headers: { 'Content-Encoding': encoding }, body: pack(TASK), piece: 5 });
		expect((await submit()).json()).toMatchObject([{ task_id: 'task-1' }]);
	});

	test('a body with a wrong Content-Encoding is unreadable: the item is uncertain', async () => {
		service.respond({ status: 200, headers: { 'Content-Encoding': 'gzip' }, body: TASK });
		expect(onlyFailure(await submit()).details.status).toBe('uncertain');
		expect(service.submits).toHaveLength(1);
	});

	test('stops decompressing a response at 8 MB', async () => {
		service.respond({ status: 200, headers: { 'Content-Encoding': 'gzip' }, body: gzipSync(Buffer.alloc(256 * MEBI)) });
		const before = process.memoryUsage().arrayBuffers;
		const failed = onlyFailure(await submit());
		expect(failed.details.status).toBe('uncertain');
		expect(wordsOf(failed)).toContain('longer than 8 MB');
		expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(128 * MEBI);
	});

	test('an endless response: the connection is closed, and the item is uncertain', async () => {
		let sent = () => 0;
		const closed = new Promise((resolve) => {
			service.respond((response) => {
				response.on('close', resolve);
				response.writeHead(200, { 'Content-Type': 'application/json' });
				({ sent } = endless(response));
			});
		});
		const failed = onlyFailure(await submit());
		expect(failed.details.status).toBe('uncertain');
		expect(wordsOf(failed)).toMatch(/longer than 8 MB\. The task may still have been created/);
		expect(service.submits).toHaveLength(1);
		await closed;
		expect(sent()).toBeLessThan(64 * MEBI);
	});

	test('keeps a task ID that arrived before the connection broke', async () => {
		service.respond({ status: 200, body: TASK, breaks: true });
		expect((await submit()).json()).toMatchObject([{ task_id: 'task-1', status: 'submitted' }]);
	});

	test('an endless response to the key exchange: sends nothing and reports why', async () => {
		service.respond((response) => {
			response.writeHead(200);
			endless(response);
		});
		const failed = onlyFailure(await submit({ authentication: 'apiKey', apiKey: 'key-of-somebody' }));
		expect(failed.details.status).toBe('refused');
		expect(wordsOf(failed)).toContain('longer than 8 MB');
		expect(service.submits).toEqual([]);
	});
});
