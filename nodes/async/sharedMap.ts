import { systemClock } from './clock';

/** How long an entry stays after its last use, in milliseconds, and how often idle entries are removed. */
const IDLE_MS = 60 * 60_000;
const SWEEP_MS = 60_000;

/** Objects that all executions of the process share by name. One that is idle for an hour is evicted. */
export class SharedMap<T> {
	private readonly entries = new Map<string, { value: T; usedAt: number }>();

	private sweptAt = -Infinity;

	/** @param isIdle whether a new object could replace this one */
	constructor(
		private readonly make: () => T,
		private readonly isIdle: (value: T) => boolean = () => true,
		private readonly now: () => number = systemClock.now,
	) {}

	/** The object of this name; it is made on first use. */
	get(name: string): T {
		const now = this.now();
		if (now - this.sweptAt >= SWEEP_MS) this.sweep(now);
		const entry = this.entries.get(name) ?? { value: this.make(), usedAt: now };
		entry.usedAt = now;
		this.entries.set(name, entry);
		return entry.value;
	}

	delete(name: string): void {
		this.entries.delete(name);
	}

	private sweep(now: number): void {
		this.sweptAt = now;
		for (const [name, { value, usedAt }] of this.entries) {
			if (now - usedAt >= IDLE_MS && this.isIdle(value)) this.entries.delete(name);
		}
	}
}
