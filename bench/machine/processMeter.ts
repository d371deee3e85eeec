import { readFile, writeFile } from 'node:fs/promises';

const KIB_PER_MIB = 1024;
/** Linux counts processor time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

/** Reads memory and processor time of a running process from Linux's /proc, so the measured process does no extra work. */
export class ProcessMeter {
	constructor(private readonly pid: number) {
		if (process.platform !== 'linux') throw new Error('The benchmark needs Linux: it reads memory and processor time from /proc');
	}

	/** Resets the peak. */
	async resetPeak(): Promise<void> {
		await writeFile(`/proc/${this.pid}/clear_refs`, '5');
	}

	/** Peak resident memory since the start, or since `resetPeak`, in MiB. */
	async peakMiB(): Promise<number> {
		return await this.status('VmHWM');
	}

	/** Current resident memory, in MiB. */
	async residentMiB(): Promise<number> {
		return await this.status('VmRSS');
	}

	/** Processor time of all threads, user and system, in seconds; in steps of 10 ms. */
	async cpuSeconds(): Promise<number> {
		const stat = await readFile(`/proc/${this.pid}/stat`, 'utf8');
		// The second field, the name, may contain blanks; utime and stime are the 14th and 15th.
		const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
		return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
	}

	private async status(field: string): Promise<number> {
		const text = await readFile(`/proc/${this.pid}/status`, 'utf8');
		const found = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text);
		if (!found) throw new Error(`Process ${this.pid} has no ${field}`);
		return Number(found[1]) / KIB_PER_MIB;
	}
}
