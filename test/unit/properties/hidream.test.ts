/** Any response, host or error: no throw, no lost task, no token shown. */
import { BlockList } from 'node:net';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { runError } from '../../../nodes/StylizeVideo/errors';
import { failedItem } from '../../../nodes/shared/output';
import type { FailedItem } from '../../../nodes/shared/output';
import { parseResponse, parseRetryAfter } from '../../../nodes/hidream/response';
import { parseBaseUrl } from '../../../nodes/hidream/endpoints';
import { toTransportError as sortError } from '../../../nodes/hidream/http';
import { accountReason, readExchange } from '../../../nodes/hidream/query';
import { isLoopbackHost, isPrivateHost } from '../../../nodes/hidream/hosts';
import { classifyResponse } from '../../../nodes/hidream/verdict';
import { queryTasks } from '../../../nodes/hidream/queryTasks';
import { readTask } from '../../../nodes/hidream/status';
import { taskJsonWith } from '../../../nodes/shared/output';
import { submitTask } from '../../../nodes/hidream/submitTask';
import { sanitize, vendorJson } from '../../../nodes/hidream/vendorJson';
import { errorInfoOf } from '../../../nodes/shared/messages/aboutErrors';
import { baseUrlText } from '../../../nodes/shared/messages/aboutInput';
import { exchangeText } from '../../../nodes/shared/messages/aboutResponses';
import { unusableUrl } from '../../../nodes/shared/messages/aboutVideos';
import type { ErrorInfo } from '../../../nodes/shared/messages/message';
import { httpError } from '../../../nodes/shared/requestErrors';
import { BASE_URL, tokenCredential } from '../support/credentials';
import { fakeConnection, clientError, clientRequest } from '../support/httpRequests';
import { nodeOf } from '../support/executeFunctions';
import { ManualUpload } from '../support/uploads';
import { keysOf, nastyJson, sharedNames, statuses, submitAnswers, subTaskResults, tokens } from './arbitraries';

describe('verdicts', () => {
	/** Statuses that are sent before a request is processed. */
	const REFUSING = new Set([301, 302, 307, 308, 400, 401, 403, 404, 405, 411, 413, 414, 415, 422, 429, 431]);

	interface Sent {
		status: number;
		body: Readable;
		headers?: Record<string, string>;
		token?: string;
		handedOver?: boolean;
	}

	/** A submit with this response. */
	async function submit({ status, body, headers = {}, token = 'sk-access-token', handedOver = true }: Sent) {
		const { connection } = fakeConnection(tokenCredential({ accessToken: token }), { statusCode: status, headers, body });
		const upload = new ManualUpload();
		upload.handedOver = handedOver;
		return await submitTask(connection, { body: upload.body, retryCodes: new Set() });
	}

	/** The bytes in several pieces, and then an error if requested. */
	const pieces = (bytes: Buffer, size: number, breaks = false): Readable =>
		Readable.from((async function* () {
			for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
			if (breaks) throw clientError('ECONNRESET');
		})());

	const problemIn = (verdict: Awaited<ReturnType<typeof submit>>): ErrorInfo | undefined => (verdict.kind === 'accepted' ? undefined : errorInfoOf(verdict.reason));

	/** What the response says about a task, read without the node's code. */
	function taskIn(answer: { code?: unknown; result?: unknown }): { id?: string; saysNo: boolean } {
		const { code, result } = answer;
		const saysNo = typeof code === 'string' ? !['', '0', 'ok', 'success'].includes(code.trim()) : typeof code === 'number' && code !== 0;
		const own: unknown = typeof result === 'object' && result !== null && Object.hasOwn(result, 'task_id') ? Reflect.get(result, 'task_id') : undefined;
		// Below 1e21 a number is written as plain digits, which are kept.
		const isId = typeof own === 'string' ? own.trim() !== '' : Number.isInteger(own) && (Number(own) > 0 || !Number.isSafeInteger(own)) && Math.abs(Number(own)) < 1e21;
		return { id: isId && !Array.isArray(result) ? String(own).trim() : undefined, saysNo };
	}

	test('accepted exactly if the response names a task and no code rejects it; a named task is never "refused"', async () => {
		const before = sharedNames();
		await fc.assert(
			fc.asyncProperty(statuses, submitAnswers, fc.integer({ min: 1, max: 50 }), fc.boolean(), async (status, answer, size, breaks) => {
				const text = JSON.stringify(answer);
				const { id, saysNo } = taskIn(JSON.parse(text) as object);
				const verdict = await submit({ status, body: pieces(Buffer.from(text), size, breaks) });
				expect(verdict.kind === 'accepted').toBe(id !== undefined && !saysNo);
				if (verdict.kind === 'accepted') expect(verdict.taskId).toBe(id);
				else if (id !== undefined) expect(verdict).toMatchObject({ kind: 'uncertain', reason: { taskId: id } });
				if (verdict.kind === 'refused' && !REFUSING.has(status) && status !== 503) expect(saysNo).toBe(true);
			}),
			{ numRuns: 150 },
		);
		expect(sharedNames()).toEqual(before);
	});

	test('any bytes: without a code, only a status that is sent before processing refuses', async () => {
		const bytes = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.string().map((text) => Buffer.from(`{"code":0,"result":${text}`)));
		await fc.assert(
			fc.asyncProperty(statuses, bytes, fc.boolean(), async (status, given, breaks) => {
				const verdict = await submit({ status, body: pieces(Buffer.from(given), 7, breaks) });
				if (verdict.kind === 'accepted') throw new Error('No task was named');
				const { taskId, vendorCode } = errorInfoOf(verdict.reason);
				expect(taskId).toBeUndefined();
				if (vendorCode === undefined) expect(verdict.kind).toBe(REFUSING.has(status) ? 'refused' : 'uncertain');
			}),
		);
	});

	test('every problem says what happened and what to do', async () => {
		await fc.assert(
			fc.asyncProperty(statuses, fc.oneof(submitAnswers, nastyJson), fc.boolean(), async (status, answer, handedOver) => {
				const errorInfo = problemIn(await submit({ status, body: pieces(Buffer.from(JSON.stringify(answer)), 1_000), handedOver }));
				if (!errorInfo) return;
				expect(errorInfo.message).toMatch(/^(HiDream|No |The |A proxy|Something between).*\S/s);
				expect(errorInfo.hint).toMatch(/^\S.+\.$/);
				expect(`${errorInfo.message} ${errorInfo.hint}`).not.toMatch(/\[object|undefined/);
				expect(errorInfo.message.length).toBeLessThan(1_000);
			}),
		);
	});

	test('a token that the service echoes appears nowhere, also in escaped JSON', async () => {
		const spell = fc.constantFrom<(text: string) => string>(
			(text) => text,
			(text) => [...text].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
			(text) => text.replaceAll('/', '\\/'),
		);
		const place = fc.constantFrom<(text: string) => string>(
			(text) => `{"code":7,"message":"${text}","request_id":"x${text}y"}`,
			(text) => `{"code":7,"message":"${'x'.repeat(490)}${text}"}`,
			(text) => `{"code":0,"result":{"task_id":"t ${text}","sub_task_ids":["${text}"]}}`,
			(text) => `"${text}"`,
			(text) => text,
		);
		await fc.assert(
			fc.asyncProperty(tokens, spell, place, statuses, async (token, write, put, status) => {
				const verdict = await submit({ status, body: pieces(Buffer.from(put(write(token))), 3), token });
				expect(JSON.stringify(verdict)).not.toContain(token.slice(0, 10));
			}),
		);
	});

	test('any JSON, with integers beyond 2^53 anywhere: never throws, and a response that names a task is never refused', () => {
		const big = fc.bigInt({ min: 2n ** 53n, max: 2n ** 70n }).map((value) => `${value}`);
		const text = fc.tuple(fc.oneof(submitAnswers, nastyJson, fc.jsonValue()), big).map(([json, digits]) => JSON.stringify(json).replaceAll('7', digits));
		fc.assert(
			fc.property(statuses, text, (status, body) => {
				const json = vendorJson(body);
				const response = { status, headers: {}, json, ...(json === null && { truncated: body }) };
				const answer = parseResponse(response, 0);
				const verdict = classifyResponse(answer, new Set(['0', 'odd']));
				if (verdict.kind === 'accepted') expect(verdict.taskId).toMatch(/\S/s);
				if (verdict.kind === 'refused') expect(answer.taskId).toBeUndefined();
				const [reason, exchanged] = [accountReason(response), readExchange(response)];
				const texts = [reason && errorInfoOf(reason), exchanged.ok ? exchanged : exchangeText(exchanged.reason)];
				expect(JSON.stringify(texts)).not.toMatch(/undefined|\[object/);
			}),
			{ numRuns: 150 },
		);
	});

	test('Retry-After is nothing, or a time between now and a day', () => {
		const header = fc.oneof(fc.string(), fc.stringMatching(/^\d{1,400}(\.\d+)?$/), fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()), nastyJson);
		fc.assert(
			fc.property(header, fc.nat(4e12), (text, now) => {
				const ms = parseRetryAfter(text, now);
				if (ms === undefined) return;
				expect(ms).toBeGreaterThanOrEqual(0);
				expect(ms).toBeLessThanOrEqual(86_400_000);
			}),
			{ numRuns: 150 },
		);
	});
});

describe('task states', () => {
	const UNSAFE = /^(__proto__|constructor|prototype|toString|valueOf|hasOwnProperty)$/;
	const STATUSES = ['waiting', 'processing', 'succeeded', 'failed', 'rejected', 'not_found'];

	/** A merge that follows inherited names, like a careless one. */
	function mergeDeep(target: Record<string, unknown>, source: unknown): void {
		for (const key of typeof source === 'object' && source !== null ? Object.keys(source) : []) {
			const value: unknown = Reflect.get(source as object, key);
			if (typeof value !== 'object' || value === null) Reflect.set(target, key, value);
			else mergeDeep((typeof target[key] === 'object' || typeof target[key] === 'function' ? target[key] : (target[key] = {})) as typeof target, value);
		}
	}

	function checkTask(json: ReturnType<typeof taskJsonWith>): void {
		expect(STATUSES).toContain(json['status']);
		expect(json['progress']).toBeGreaterThanOrEqual(0);
		expect(json['progress']).toBeLessThanOrEqual(1);
		const urls = json['video_urls'] as string[];
		for (const url of urls) expect(url).toMatch(/^https?:\/\/[^/\s]/i);
		expect(json['video_url']).toBe(json['status'] === 'succeeded' ? (urls[0] ?? null) : null);
		expect(keysOf(json).filter((key) => UNSAFE.test(key))).toEqual([]);
	}

	test('any entries of one task have a state', () => {
		const before = sharedNames();
		fc.assert(
			fc.property(subTaskResults, (value) => {
				const task = readTask('t', vendorJson(JSON.stringify(value)));
				checkTask(taskJsonWith(task, {}));
				const own = (typeof value === 'object' && value !== null ? [value, ...Object.values(value)] : []).map((entry: unknown) => (entry as { task_status?: unknown } | null)?.task_status);
				if (task.status === 'succeeded') expect(own.some((status) => status === 1 || status === '1')).toBe(true);
				if (task.status === 'waiting') expect(own.some((status) => status === null || status === '')).toBe(false);
				if (task.description !== undefined) expect(task.description.length).toBeLessThanOrEqual(500);
				mergeDeep({}, taskJsonWith(task, {}));
			}),
			{ numRuns: 250 },
		);
		expect(sharedNames()).toEqual(before);
	});

	test('has a result for each requested task, whatever the service responds', async () => {
		const one = fc.record({ task_id: fc.oneof(fc.constantFrom('a', 'b', '__proto__'), nastyJson), sub_task_results: subTaskResults }, { requiredKeys: [] });
		const responses = fc.record({ code: fc.oneof(fc.constant(0), nastyJson), result: fc.oneof(fc.array(one, { maxLength: 4 }), one, nastyJson), message: nastyJson });
		const reply = fc.record({ statusCode: fc.oneof(fc.constant(200), statuses), body: fc.oneof(responses.map((json) => JSON.stringify(json)), fc.string()) });
		const before = sharedNames();
		await fc.assert(
			fc.asyncProperty(fc.array(reply, { minLength: 12, maxLength: 12 }), fc.boolean(), async (replies, confirmEmpty) => {
				const ids = ['a', 'b', '__proto__', 'constructor'];
				const { connection, seen } = fakeConnection(tokenCredential(), ...replies);
				const results = await queryTasks(connection, { confirmEmpty }, ids);
				expect([...results.keys()].sort()).toEqual([...ids].sort());
				for (const [id, answer] of results) {
					if ('state' in answer) {
						expect(answer.state.taskId).toBe(id);
						checkTask(taskJsonWith(answer.state, {}));
					} else {
						const { message, hint } = errorInfoOf(answer.reason);
						expect(message).toMatch(/^(HiDream,? |Something between n8n and HiDream |A proxy |The Base URL ).*\S/s);
						expect(hint).toMatch(/\S/);
					}
				}
				for (const { options } of seen) expect(options.url.startsWith(`${BASE_URL}/`)).toBe(true);
				expect(seen.length).toBeLessThanOrEqual(ids.length + 1);
			}),
			{ numRuns: 100 },
		);
		expect(sharedNames()).toEqual(before);
	});

	test('sanitizing removes unsafe names and nothing else', () => {
		fc.assert(
			fc.property(nastyJson, (value) => {
				const text = JSON.stringify(value);
				const clean = sanitize(JSON.parse(text));
				expect(keysOf(clean).filter((key) => UNSAFE.test(key))).toEqual([]);
				if (!keysOf(value).some((key) => UNSAFE.test(key))) expect(JSON.stringify(clean)).toBe(text);
			}),
			{ numRuns: 150 },
		);
	});

	test.each([[1e6, '['], [1e6, '{"a":']])('%d levels of %s do not end n8n', (levels, open) => {
		const deep = open.repeat(levels) + '1' + (open === '[' ? ']' : '}').repeat(levels);
		expect(() => JSON.stringify(vendorJson(deep))).not.toThrow();
		expect(JSON.stringify(vendorJson(deep)).length).toBeLessThan(500);
	});
});

describe('transport errors', () => {
	const toTransportError = (error: unknown, upload: Parameters<typeof sortError>[1]) => sortError(httpError(error), upload);

	/** Codes of errors before a connection, and codes of errors after it. */
	const BEFORE = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'CERT_HAS_EXPIRED', 'UND_ERR_CONNECT_TIMEOUT', 'ERR_INVALID_URL'];
	const ANY_TIME = ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EPROTO', 'ERR_CANCELED', 'UND_ERR_SOCKET', 'EHOSTUNREACH', 'ERR_SSL_X', '', 'toString'];
	const CONNECTING = ['connect', 'getaddrinfo'];

	const sockets = fc.constantFrom(
		undefined,
		clientRequest({ encrypted: true, secureConnecting: false }),
		{ socket: null, protocol: 'https:' },
		'request',
	);

	const links = (codes: string[], syscalls: string[]) =>
		fc.record({
			code: fc.oneof(fc.constantFrom(...codes), fc.constant(undefined), fc.integer()),
			syscall: fc.constantFrom(...syscalls, undefined),
			message: fc.oneof(fc.string(), fc.constantFrom('read ECONNREFUSED', 'connect', 'fetch failed')),
			isAxiosError: fc.constantFrom(true, undefined),
			request: sockets,
			kind: fc.constantFrom('error', 'object', 'bare'),
		});

	type LinkSpec = { kind: string; message: string } & object;

	function make({ kind, ...fields }: LinkSpec, cause: unknown, errors: unknown[] | undefined): unknown {
		const base = kind === 'error' ? new Error(fields.message) : kind === 'object' ? {} : Object.create(null);
		return Object.assign(base as object, fields, { cause }, errors && { errors });
	}

	const chains = (codes: string[], syscalls: string[]) =>
		fc.tuple(fc.array(links(codes, syscalls), { minLength: 1, maxLength: 5 }), fc.array(links(codes, syscalls), { maxLength: 3 })).map(([chain, inner]) =>
			chain.reduceRight<unknown>(
				(cause, link, n) => make(link, cause, n === 0 && inner.length > 0 ? inner.map((each) => make(each, undefined, undefined)) : undefined),
				undefined,
			),
		);

	const uploads = fc.record({ handedOver: fc.boolean(), idle: fc.boolean() });

	test('without a sign that nothing was sent: uncertain once the body was handed over', () => {
		fc.assert(
			fc.property(chains(ANY_TIME, ['read', 'write']), uploads, (error, upload) => {
				expect(toTransportError(error, upload).code).toBe(upload.handedOver ? 'brokeAfter' : 'brokeBefore');
			}),
			{ numRuns: 150 },
		);
	});

	test('a sign of an established connection outweighs every code', () => {
		fc.assert(
			fc.property(chains([...BEFORE, ...ANY_TIME], CONNECTING), fc.constantFrom('read', 'write'), (cause, syscall) => {
				const error = Object.assign(new Error('outer', { cause }), { code: 'ECONNREFUSED', syscall });
				expect(toTransportError(error, { handedOver: true, idle: false }).code).toBe('brokeAfter');
			}),
			{ numRuns: 150 },
		);
	});

	test('one sign is enough if nothing contradicts it', () => {
		const plain = links(['', 'ECONNABORTED'], []).map((link) => ({ ...link, request: undefined }));
		fc.assert(
			fc.property(fc.array(plain, { maxLength: 5 }), fc.constantFrom(...BEFORE), (chain, code) => {
				const error = chain.reduce<unknown>((cause, link) => make(link, cause, undefined), Object.assign(new Error('x'), { code }));
				expect(toTransportError(error, { handedOver: true, idle: false }).code).toBe('noConnection');
			}),
			{ numRuns: 100 },
		);
	});

	test('handles any thrown value, also objects that throw when read', () => {
		const revoked = Proxy.revocable({}, {});
		revoked.revoke();
		const hostile = [
			new Proxy({}, { get: () => { throw new Error('no'); } }),
			{ get cause() { throw new Error('no'); } },
			Object.assign(new Error('x'), { errors: { length: 3 } }),
			Object.assign(Object.create({ code: 'x' }) as object, { message: Symbol('m'), code: {}, errors: [undefined, null] }),
			revoked.proxy,
		];
		const thrown = fc.oneof(fc.anything().map((value) => () => value), fc.nat(hostile.length - 1).map((n) => () => hostile[n]));
		fc.assert(
			fc.property(thrown, uploads, (give, upload) => {
				for (const error of [give(), new Error('x', { cause: give() }), new AggregateError([give(), give()])]) {
					expect(toTransportError(error, upload).code).toMatch(/^(brokeBefore|brokeAfter)$/);
				}
			}),
			{ numRuns: 150 },
		);
	});
});

describe('error texts', () => {
	const nasty = fc.oneof(
		fc.string({ unit: 'binary' }),
		fc.string({ unit: fc.constantFrom('<', '>', '&', '"', '=', ' ', 'b', 'r', '/', ';', 'ECONNRESET', '404') }),
		fc.constantFrom('</br><script>alert(1)</script>', '&lt;b&gt;', '"><img src=x onerror=alert(1)>', '<!--', '<br>'),
	);

	const failures = fc.record({
		message: nasty,
		hint: nasty,
		vendorMessage: fc.option(nasty, { nil: undefined }),
		requestId: fc.option(nasty, { nil: undefined }),
		taskId: fc.option(nasty, { nil: undefined }),
		httpStatus: fc.option(fc.integer({ min: 200, max: 599 }), { nil: undefined }),
		vendorCode: fc.option(fc.integer(), { nil: undefined }),
	});

	/** The text that a browser shows. */
	const shown = (html: string): string =>
		html.replaceAll('<br>', '\n').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');

	test('a description has no tag, attribute or entity of HiDream; its text is unchanged', () => {
		const types = fc.constantFrom('n8n-nodes-hidream.stylizeVideo', 'n8n-nodes-hidream.stylizeVideoTool');
		fc.assert(
			fc.property(failures, fc.array(nasty, { maxLength: 3 }), types, (errorInfo, acceptedTaskIds, type) => {
				const failed: FailedItem = { status: 'refused', errorInfo, requestId: 'ours' };
				const error = runError(nodeOf(type), 3, failed, { acceptedTaskIds, unclearRequests: [], notTried: 1 });
				const html = error.description ?? '';
				expect(html.replaceAll('<br>', '')).not.toMatch(/[<>"]|&(?!(amp|lt|gt|quot);)/);
				for (const text of [errorInfo.hint, errorInfo.vendorMessage ?? '', errorInfo.taskId ?? '', ...acceptedTaskIds]) {
					expect(shown(html)).toContain(text);
				}
				expect(error.message).toContain(errorInfo.message);
				for (const taskId of acceptedTaskIds) expect(error.message).toContain(taskId);
			}),
			{ numRuns: 150 },
		);
	});

	test('a failed item has the three keys of the contract and no others', () => {
		fc.assert(
			fc.property(failures, (errorInfo) => {
				const { json } = failedItem(0, { status: 'uncertain', errorInfo });
				expect(Object.keys(json)).toEqual(['error', 'message', 'details']);
				expect(Object.keys(json['details'] as object)).toEqual(['status', 'scope', 'code', 'request_id', 'task_id']);
			}),
		);
	});
});

describe('hosts and URLs', () => {
	const V4: Array<[string, number]> = [
		['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12],
		['192.0.0.0', 24], ['192.0.2.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['198.51.100.0', 24],
		['203.0.113.0', 24], ['224.0.0.0', 4], ['240.0.0.0', 4],
	];
	const V6: Array<[string, number]> = [
		['::', 128], ['::1', 128], ['fc00::', 7], ['fe80::', 10], ['fec0::', 10], ['ff00::', 8], ['2001:db8::', 32], ['100::', 64],
	];

	const oracle = new BlockList();
	for (const [net, prefix] of V4) oracle.addSubnet(net, prefix, 'ipv4');
	for (const [net, prefix] of V6) oracle.addSubnet(net, prefix, 'ipv6');

	const hostOf = (written: string): string => new URL(`http://${written}/`).hostname;

	/** Any IPv4 address, half of them at the border of a block. */
	const number = fc.oneof(
		fc.nat(0xffffffff),
		fc.tuple(fc.constantFrom(...V4), fc.constantFrom(-1, 0, 1), fc.boolean()).map(([[net, prefix], off, end]) => {
			const start = net.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
			return (start + (end ? 2 ** (32 - prefix) : 0) + off + 2 ** 32) % 2 ** 32;
		}),
	);
	const dotted = (value: number): string => [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');

	test('classifies an IPv4 address in any spelling', () => {
		const spelling = fc.constantFrom<(n: number) => string>(
			dotted,
			String,
			(n) => `0x${n.toString(16)}`,
			(n) => `0${n.toString(8)}`,
			(n) => `${dotted(n)}.`,
			(n) => `${Math.floor(n / 2 ** 24)}.${n % 2 ** 24}`,
		);
		fc.assert(
			fc.property(number, spelling, (value, spell) => {
				expect(isPrivateHost(hostOf(spell(value)))).toBe(oracle.check(dotted(value), 'ipv4'));
				expect(isLoopbackHost(hostOf(spell(value)))).toBe(value >= 0x7f000000 && value <= 0x7fffffff);
			}),
			{ numRuns: 250 },
		);
	});

	test('an IPv4 address inside IPv6 is as private as it is alone', () => {
		const hex = (value: number) => `${Math.floor(value / 65536).toString(16)}:${(value % 65536).toString(16)}`;
		const inside = fc.constantFrom<(n: number) => string>(
			(n) => `[::ffff:${dotted(n)}]`,
			(n) => `[0:0:0:0:0:FFFF:${hex(n)}]`,
			(n) => `[::${dotted(n)}]`,
			(n) => `[64:ff9b::${dotted(n)}]`,
			(n) => `[2002:${hex(n)}::1]`,
			(n) => `[2002:${hex(n)}:808:808::808:808]`,
		);
		fc.assert(
			fc.property(number, inside, (value, write) => {
				expect(isPrivateHost(hostOf(write(value)))).toBe(oracle.check(dotted(value), 'ipv4'));
			}),
			{ numRuns: 250 },
		);
	});

	test('an IPv6 address in one of the blocks is private, whatever follows the prefix', () => {
		const groups = fc.array(fc.nat(0xffff), { minLength: 8, maxLength: 8 });
		const first = fc.oneof(fc.nat(0xffff), fc.constantFrom(0xfbff, 0xfc00, 0xfdff, 0xfe7f, 0xfe80, 0xfebf, 0xfec0, 0xfeff, 0xff00));
		fc.assert(
			fc.property(first, groups, fc.boolean(), (start, rest, doc) => {
				const address = [...(doc ? [0x2001, 0xdb8] : [start, rest[0] ?? 0]), ...rest.slice(2)].map((n) => n.toString(16)).join(':');
				if (oracle.check(address, 'ipv6')) expect(isPrivateHost(hostOf(`[${address}]`))).toBe(true);
			}),
			{ numRuns: 250 },
		);
	});

	test('accepts ordinary internet addresses', () => {
		const global = fc.tuple(fc.integer({ min: 0x2400, max: 0x2fff }), fc.array(fc.nat(0xffff), { minLength: 7, maxLength: 7 }));
		fc.assert(
			fc.property(global, ([first, rest]) => {
				expect(isPrivateHost(hostOf(`[${[first, ...rest].map((n) => n.toString(16)).join(':')}]`))).toBe(false);
			}),
		);
		fc.assert(fc.property(fc.domain(), (name) => void expect(isPrivateHost(`${name}x.com`)).toBe(false)));
	});

	test('no text crashes the URL checks, and each accepted URL is http(s) without a private host', () => {
		const scheme = fc.constantFrom('http', 'https', 'HTTP', 'file', 'ftp', 'data', 'javascript', 'gopher', 'ws', '');
		const text = fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl(), fc.tuple(scheme, fc.string()).map(([s, rest]) => `${s}://${rest}`));
		fc.assert(
			fc.property(text, (written) => {
				const reason = unusableUrl(written, false);
				if (reason === undefined) {
					expect(['http:', 'https:']).toContain(new URL(written).protocol);
					expect(isPrivateHost(new URL(written).hostname)).toBe(false);
				} else expect(reason).toMatch(/\S/);
				const base = parseBaseUrl(written);
				if (!base.ok) return void expect(baseUrlText(base.reason)).toMatch(/\S/);
				const { protocol, hostname, username } = new URL(base.url);
				expect([protocol, username]).toEqual([isLoopbackHost(hostname) && protocol === 'http:' ? 'http:' : 'https:', '']);
			}),
			{ numRuns: 500 },
		);
	});
});
