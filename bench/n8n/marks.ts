import fastify, { type FastifyInstance } from 'fastify';
import { beginSpan, type Span } from '../machine/span';

/** Spans by the mark that began them. */
export type Spans = Partial<Record<string, Span>>;

/** The last mark of a workflow; it begins no span. */
export const END = 'end';

interface Measurement {
	pid: number;
	spans: Spans;
	/** Ends the open span. */
	close: () => Promise<void>;
}

const nothing = async (): Promise<void> => undefined;

/** Receives the calls of Mark nodes, and measures a process from each mark to the next. */
export class Marks {
	private readonly app: FastifyInstance = fastify();
	private base = '';
	private current: Measurement | undefined;

	/** Starts to listen, on this machine only. */
	static async open(): Promise<Marks> {
		const marks = new Marks();
		marks.app.post<{ Params: { name: string } }>('/:name', async ({ params }) => {
			await marks.pass(params.name);
			return {};
		});
		marks.base = await marks.app.listen({ host: '127.0.0.1', port: 0 });
		return marks;
	}

	/** The URL that a Mark node calls. */
	url(name: string): string {
		return `${this.base}/${name}`;
	}

	/** Measures a process during `work`, from mark to mark. A span without an end mark ends with the work. */
	async measure<T>(pid: number, work: () => Promise<T>): Promise<{ result: T; spans: Spans }> {
		if (this.current !== undefined) throw new Error('Only one execution can be measured at a time');
		const current: Measurement = { pid, spans: {}, close: nothing };
		this.current = current;
		try {
			const result = await work();
			await current.close();
			return { result, spans: current.spans };
		} finally {
			this.current = undefined;
		}
	}

	/** Stops to listen. */
	async close(): Promise<void> {
		await this.app.close();
	}

	/** n8n waits for this response, so the measurement itself is in no span. */
	private async pass(name: string): Promise<void> {
		const { current } = this;
		if (current === undefined) return;
		await current.close();
		current.close = nothing;
		if (name === END) return;
		const end = await beginSpan(current.pid);
		current.close = async () => {
			current.spans[name] = await end();
		};
	}
}
