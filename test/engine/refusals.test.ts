/** What each response to a submit means, and what the user reads. */
import type { FailedStatus } from '../../nodes/shared/output';
import type { Fault } from '../../sandbox';
import { asFailure, onlyFailure, wordsOf } from './support/outputs';
import { speedUp, type SubmitOptions, useEngine } from './support/engine';

// The backoff after a temporary refusal takes seconds.
speedUp(10);

describe('responses to a submit', () => {
	interface Case {
		fault: Fault;
		status: FailedStatus;
		/** What happened, or what to do about it. */
		words: RegExp[];
		code?: number | string;
		/** `account` if the next item would fail too; `item` by default. */
		scope?: 'account';
		/** How often the node sends the request at least, if the fault is temporary. */
		attempts?: number;
	}

	const html = '<html><body><h1>502 Bad Gateway</h1></body></html>';
	const vendor = { code: 1403, message: 'prompt contains forbidden matter', request_id: 'vendor-77' };
	const nowAgain = { 'Retry-After': '0' };

	const CASES: Record<string, Case> = {
		'HTTP 400': { fault: { type: 'status', status: 400 }, status: 'refused', words: [/400/] },
		'HTTP 403': { fault: { type: 'status', status: 403 }, status: 'refused', scope: 'account', words: [/403/, /account|credential/i] },
		'HTTP 404': { fault: { type: 'status', status: 404 }, status: 'refused', scope: 'account', words: [/404/, /Base URL/] },
		'HTTP 413': { fault: { type: 'status', status: 413 }, status: 'refused', words: [/413/, /large|size/i] },
		'HTTP 401': { fault: { type: 'status', status: 401 }, status: 'refused', scope: 'account', words: [/401/, /credential|token/i] },
		'a redirect': {
			fault: { type: 'status', status: 302, headers: { Location: 'https://elsewhere.example.com/' } },
			status: 'refused',
			scope: 'account',
			words: [/302/, /Base URL/],
		},
		'HTTP 429 with Retry-After': {
			fault: { type: 'status', status: 429, headers: nowAgain },
			status: 'refused',
			scope: 'account',
			words: [/429/, /Tasks per Minute|later/i],
			attempts: 2,
		},
		'HTTP 503 with Retry-After': {
			fault: { type: 'status', status: 503, headers: nowAgain },
			status: 'refused',
			scope: 'account',
			words: [/503/, /later/],
			attempts: 2,
		},
		'HTTP 503 without': { fault: { type: 'status', status: 503 }, status: 'uncertain', words: [/503/] },
		'HTTP 500': { fault: { type: 'status', status: 500 }, status: 'uncertain', words: [/500/, /before you send/i] },
		'HTTP 502 with a page': {
			fault: { type: 'status', status: 502, body: html, headers: { 'Content-Type': 'text/html' } },
			status: 'uncertain',
			words: [/502/],
		},
		...Object.fromEntries(
			[403, 405].map((status): [string, Case] => [
				`HTTP ${status} with the page of a firewall`,
				{ fault: { type: 'status', status, body: html }, status: 'refused', scope: 'account', words: [/Something between n8n and HiDream/, new RegExp(`HTTP ${status}`), /proxies, firewalls/] },
			]),
		),
		'HTTP 409 after acceptance': { fault: { type: 'acceptThenStatus', status: 409 }, status: 'uncertain', words: [/409/, /before you send/] },
		'HTTP 500 after acceptance': { fault: { type: 'acceptThenStatus', status: 500 }, status: 'uncertain', words: [/500/] },
		'a code that is not 0': {
			fault: { type: 'status', status: 200, body: vendor },
			status: 'refused',
			code: 1403,
			words: [/1403/, /prompt contains forbidden matter/, /vendor-77/],
		},
		'a code that is text: no credits': {
			fault: { type: 'code', code: 'insufficient_credits', message: 'no credits' },
			status: 'refused',
			scope: 'account',
			code: 'insufficient_credits',
			words: [/"no credits" \(code insufficient_credits\)/, /Top it up/],
		},
		'a code in an HTTP 400': {
			fault: { type: 'status', status: 400, body: { ...vendor, code: 1306 } },
			status: 'refused',
			code: 1306,
			words: [/1306/, /prompt contains forbidden matter/, /vendor-77/],
		},
		'a web page': { fault: { type: 'notJson' }, status: 'uncertain', words: [/Something between n8n and HiDream/, /a web page/] },
		'half a JSON text': { fault: { type: 'truncated' }, status: 'uncertain', words: [/read|JSON/i] },
		'code 0 without a task': { fault: { type: 'noTaskId' }, status: 'uncertain', code: 0, words: [/task/i] },
		'an empty response': { fault: { type: 'empty' }, status: 'uncertain', words: [/read|empty/i] },
		'a reset after the body': { fault: { type: 'reset', when: 'afterBody' }, status: 'uncertain', words: [/reset|broke/i] },
		'a reset after acceptance': { fault: { type: 'reset', when: 'afterAccept' }, status: 'uncertain', words: [/reset|broke/i] },
		'a reset in half a response': { fault: { type: 'truncated', cut: 'connection' }, status: 'uncertain', words: [/answer|broke/i] },
	};

	const engine = useEngine();
	const requestId = 'my-request-1';

	/** Makes every submit fail with the fault. */
	function everySubmit(fault: Fault, more: SubmitOptions = {}): SubmitOptions {
		engine().sandbox.faults.add({ on: 'submit', times: Infinity, fault });
		// Long enough for a second attempt, which follows after one second at the earliest.
		return { parameters: { options: { requestId, maxRetryTime: 0.1 } }, ...more };
	}

	describe.each(Object.entries(CASES))('%s', (_name, { fault, status, scope = 'item', words, code = null, attempts = 1 }) => {
		test('stops the run with the reason, the item and the hint', async () => {
			const outcome = await engine().submit(everySubmit(fault));
			for (const part of words) expect(outcome.words).toMatch(part);
			expect(outcome.failure).toMatchObject({ context: { itemIndex: 0 } });
			expect(outcome.failure.message).toContain('[item 0]');
			if (status === 'uncertain') expect(outcome.words).toContain(requestId);
			expect(outcome.words).not.toMatch(/<h1>|undefined|\[object/);
			expect(outcome.everything).not.toContain(engine().sandbox.accessToken);
			if (attempts === 1) expect(engine().submits).toHaveLength(1);
			expect(engine().submits.length).toBeGreaterThanOrEqual(attempts);
			expect(engine().submits.length).toBeLessThan(50);
		});

		test('sends the item to the error output with its status', async () => {
			const outcome = await engine().submit(everySubmit(fault, { onError: 'continueErrorOutput' }));
			expect(outcome.error).toBeUndefined();
			expect(outcome.items()).toEqual([]);
			const failed = onlyFailure(outcome);
			expect(failed.details).toMatchObject({ status, scope, code, task_id: null });
			if (status === 'uncertain') expect(failed.details.request_id).toBe(requestId);
			for (const part of words) expect(wordsOf(failed)).toMatch(part);
			expect(outcome.everything).not.toContain(engine().sandbox.accessToken);
		});
	});

	test('does not follow a redirect: the token goes to no other host', async () => {
		const Location = `${engine().sandbox.url}/elsewhere`;
		await engine().submit(everySubmit({ type: 'status', status: 307, headers: { Location } }));
		expect(engine().sandbox.requests.map(({ path }) => path)).not.toContain('/elsewhere');
		expect(engine().submits).toHaveLength(1);
	});

	test.each([
		['429 with Retry-After', { type: 'status', status: 429, headers: { 'Retry-After': '1' } }],
		['429 without', { type: 'status', status: 429 }],
		['503 with Retry-After', { type: 'status', status: 503, headers: { 'Retry-After': '1' } }],
	] satisfies [string, Fault][])('retries %s, and creates one task', async (_name, fault) => {
		engine().sandbox.faults.add({ on: 'submit', times: 1, fault });
		const outcome = await engine().submit();
		expect(outcome.json()).toMatchObject([{ task_id: engine().taskIds[0], status: 'submitted' }]);
		expect(engine().taskIds).toHaveLength(1);
		expect(engine().submits).toHaveLength(2);
	});

	test('fails queued items without a request when the delay is longer than their retry budget', async () => {
		const fault = { type: 'status', status: 429, headers: { 'Retry-After': '120' } } as const;
		engine().sandbox.faults.add({ on: 'submit', times: Infinity, fault });
		const options = { maxRetryTime: 1, concurrency: 1 };
		const outcome = await engine().submit({ items: [{}, {}, {}], parameters: { options }, onError: 'continueErrorOutput' });
		expect(outcome.failures().map((json) => asFailure(json).details)).toMatchObject(Array(3).fill({ status: 'refused', scope: 'account' }));
		expect(engine().submits).toHaveLength(1);
	});

	test('a no-credits code in a text ends the run: the other items are not sent', async () => {
		engine().sandbox.faults.add({ on: 'submit', times: Infinity, fault: { type: 'code', code: 'insufficient_credits' } });
		const outcome = await engine().submit({ items: [{}, {}, {}], onError: 'continueErrorOutput' });
		const notTried = { status: 'not_tried', scope: 'account' };
		expect(outcome.failures().map((json) => asFailure(json).details)).toMatchObject([{ status: 'refused', scope: 'account' }, notTried, notTried]);
		expect(engine().submits).toHaveLength(1);
	});
});

describe('text from HiDream in errors', () => {
	const engine = useEngine();

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

	test('shows HTML in a message as text', async () => {
		refuseSaying('<img src=x onerror=alert(1)> & more');
		const outcome = await engine().submit();
		const { description } = outcome.failure as { description?: string };
		expect(description).toContain('&lt;img');
		expect(description).not.toContain('<img');
		expect(outcome.failure.message).toContain('& more');
	});

	test.each(['ECONNRESET at upstream', 'EPERM: not permitted', '404 in the archive'])('"%s" is not replaced by a text of n8n', async (message) => {
		refuseSaying(message);
		const outcome = await engine().submit();
		expect(outcome.failure.message).toContain(message);
	});

	test('truncates a very long message', async () => {
		refuseSaying('x'.repeat(100_000));
		const outcome = await engine().submit();
		expect(outcome.words.length).toBeLessThan(5_000);
		expect(outcome.words).toContain('1403');
	});

	test('names a task_id that comes with an error code, and the item is uncertain', async () => {
		const body = { code: 1403, message: 'odd', request_id: 'v', result: { task_id: 'task-of-a-no' } };
		engine().sandbox.faults.add({ on: 'submit', times: Infinity, fault: { type: 'status', status: 200, body } });
		const outcome = await engine().submit({ onError: 'continueErrorOutput' });
		expect(onlyFailure(outcome).details).toMatchObject({ status: 'uncertain', task_id: 'task-of-a-no', code: 1403 });
		expect(engine().submits).toHaveLength(1);
	});
});
