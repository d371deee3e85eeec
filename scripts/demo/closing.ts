type Close = () => Promise<void>;

/** Everything that is open, closed once in reverse order. */
export class OpenThings {
	private readonly closers: Close[] = [];
	private closing: Promise<void> | undefined;

	/** Adds a function that closes something. */
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

/** Calls `then` once, at the first Ctrl-C or other signal. Later ones are ignored, since the end has begun. */
export function onInterrupt(then: () => void): void {
	let first = true;
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(signal, () => {
			if (first) then();
			first = false;
		});
	}
}
