import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import type { SandboxAccount } from './accounts';
import { responseOf, Refusal, type SandboxResponse, type ResponseKey, type ResponseBody, type Language } from './responses';
import { throttle } from './body/throttle';
import type { Endpoint } from './faults';
import { inRecordedShape, type ShapedResponse } from './recordedShape';
import type { Recording } from './recorded';
import { replay } from './recording';

/** One request. Times are milliseconds since the epoch; null if it has not happened. */
export interface RequestRecord {
	/** The matched endpoint; null for an unknown path. */
	endpoint: Endpoint | null;
	method: string;
	path: string;
	query: Record<string, string>;
	headers: IncomingHttpHeaders;
	/** Body bytes that arrived. */
	bodyBytes: number;
	/** Whether the body arrived completely. */
	completed: boolean;
	/** HTTP status of the response; null for a reset, a silence or a client that disconnected. */
	status: number | null;
	accountId: string | null;
	startedAt: number;
	respondedAt: number | null;
}

/** One request in progress: its record, its body (readable once), and the language and ID of its response. */
export class Exchange {
	readonly record: RequestRecord;
	readonly language: Language;
	/** Returned in the response: the client's, if it sent one. */
	requestId: string = randomUUID();
	/** Rate at which the body is read; undefined = unlimited. */
	bytesPerSecond: number | undefined;
	private bodyTaken = false;

	constructor(
		readonly raw: IncomingMessage,
		private readonly signal: AbortSignal,
		startedAt: number,
		endpoint: Endpoint | null,
		private readonly recording: Recording | null,
	) {
		const url = new URL(raw.url ?? '/', 'http://sandbox');
		this.record = {
			endpoint,
			method: raw.method ?? '',
			path: url.pathname,
			query: Object.fromEntries(url.searchParams),
			headers: raw.headers,
			bodyBytes: 0,
			completed: false,
			status: null,
			accountId: null,
			startedAt,
			respondedAt: null,
		};
		this.language = raw.headers['x-accept-language'] === 'en' ? 'en' : 'zh';
	}

	/** The single value of a request header. */
	header(name: string): string | undefined {
		const value = this.raw.headers[name];
		return Array.isArray(value) ? value.join(', ') : value;
	}

	/** Records the account of the request. */
	identify(account: SandboxAccount): SandboxAccount {
		this.record.accountId = account.id;
		return account;
	}

	/** A successful response, in the shape of the real service if that was recorded. */
	ok(result: unknown, question?: ShapedResponse): SandboxResponse {
		const response = responseOf('ok', this, { result });
		return question === undefined ? response : { ...response, body: inRecordedShape(this.recording, question, response.body as ResponseBody) };
	}

	/** A refusal, with the message of the real service if that was recorded. */
	refuse(key: ResponseKey, detail = ''): SandboxResponse {
		return replay(this.recording, key, { requestId: this.requestId, detail }) ?? responseOf(key, this, { detail });
	}

	/** Throws a `Refusal` unless the method is one of these. */
	assertMethod(...methods: string[]): void {
		if (!methods.includes(this.record.method)) throw new Refusal('badMethod', methods.join(', '));
	}

	/** Throws a `Refusal` for query parameters other than these. */
	assertQuery(...names: string[]): void {
		const unknown = Object.keys(this.record.query).find((name) => !names.includes(name));
		if (unknown !== undefined) throw new Refusal('unknownField', unknown);
	}

	/** Throws a `Refusal` unless the body is declared as JSON. */
	assertJson(): void {
		if (!/^application\/json\s*(;.*)?$/i.test(this.header('content-type') ?? '')) throw new Refusal('badContentType');
	}

	/** Pipes the body into a writable, with back-pressure; rejects if the client disconnects. */
	async feed(sink: Writable): Promise<void> {
		this.count();
		if (this.bytesPerSecond === undefined) await pipeline(this.raw, sink);
		else await pipeline(this.raw, throttle(this.bytesPerSecond, this.signal), sink);
	}

	/** Reads and drops the body; resolves at its end, and rejects if the client disconnects. */
	async drain(): Promise<void> {
		if (this.bytesPerSecond === undefined) {
			// Counting alone keeps it flowing; a pipeline would add work for every piece.
			this.count();
			await finished(this.raw, { writable: false });
		} else {
			await this.feed(new Writable({ write: (_chunk, _encoding, done) => done() }));
		}
	}

	/** Reads up to this many bytes of the body, then stops. */
	async receive(bytes: number): Promise<void> {
		this.count();
		await new Promise<void>((resolve) => {
			this.raw.on('end', resolve).on('close', resolve);
			this.raw.on('data', () => {
				if (this.record.bodyBytes < bytes) return;
				this.raw.pause();
				resolve();
			});
		});
	}

	/** A small body as text; throws a `Refusal` over `limit` bytes. */
	async text(limit: number): Promise<string> {
		const chunks: Buffer[] = [];
		await this.feed(
			new Writable({
				write: (chunk: Buffer, _encoding, done) => {
					if (this.record.bodyBytes <= limit) chunks.push(chunk);
					done();
				},
			}),
		);
		if (this.record.bodyBytes > limit) throw new Refusal('tooLarge');
		return Buffer.concat(chunks).toString('utf8');
	}

	/** Drains the rest of an unread body, since an early response must not block the client in its upload. */
	discardRest(): void {
		if (this.bodyTaken) return;
		this.count();
		this.raw.resume();
	}

	/** Must run in the same tick in which the body starts to flow, or bytes are missed. */
	private count(): void {
		this.bodyTaken = true;
		this.raw.on('data', (chunk: Buffer) => (this.record.bodyBytes += chunk.length));
		this.raw.on('end', () => (this.record.completed = true));
		// The reader handles a disconnected client.
		this.raw.on('error', () => undefined);
	}
}
