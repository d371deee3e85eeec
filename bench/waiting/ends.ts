import fastify, { type FastifyInstance } from 'fastify';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 20;

/** Receives a call of each run that has its results, without a request to n8n, whose processor time is measured. */
export class Ends {
	private readonly app: FastifyInstance = fastify();
	private count = 0;
	private base = '';

	/** Starts to listen, on this machine only. */
	static async open(): Promise<Ends> {
		const ends = new Ends();
		ends.app.post('/', async () => {
			ends.count += 1;
			return {};
		});
		ends.base = await ends.app.listen({ host: '127.0.0.1', port: 0 });
		return ends;
	}

	get url(): string {
		return `${this.base}/`;
	}

	/** Waits for a number of runs; returns how many there were after the time limit. */
	async wait(runs: number, timeoutMs: number): Promise<number> {
		for (const deadline = Date.now() + timeoutMs; this.count < runs && Date.now() < deadline; ) await sleep(POLL_MS);
		return this.count;
	}

	/** Stops to listen. */
	async close(): Promise<void> {
		await this.app.close();
	}
}
