type Close = () => Promise<void>;

/** What is open, to be closed in reverse order, once, whoever asks first. */
export class OpenThings {
	private readonly closers: Close[] = [];
	private closing: Promise<void> | undefined;

	/** Remembers how to close something. */
	add(close: Close): void {
		this.closers.push(close);
	}

	/** Closes everything. */
	async close(): Promise<void> {
		this.closing ??= this.closeAll();
		await this.closing;
	}

	private async closeAll(): Promise<void> {
		for (let close = this.closers.pop(); close !== undefined; close = this.closers.pop()) {
			await close().catch((error: unknown) => console.error(String(error)));
		}
	}
}

/** Calls `then` once, at the first Ctrl-C or other wish to end. Further ones change nothing: the end is under way. */
export function onInterrupt(then: () => void): void {
	let first = true;
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(signal, () => {
			if (first) then();
			first = false;
		});
	}
}
