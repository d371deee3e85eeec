import { createHash } from 'node:crypto';

/** Characters that are decoded together: a compromise between speed and memory. */
const BATCH_CHARS = 64 * 1024;

/**
 * Decodes, validates and hashes base64 in pieces of any length, without keeping it.
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

	/** The decoded bytes, or undefined if the text was empty or invalid base64. */
	end(): { bytes: number; sha256: string } | undefined {
		this.flush();
		if (!this.valid || this.pending !== '' || this.bytes === 0) return undefined;
		return { bytes: this.bytes, sha256: this.hash.digest('hex') };
	}

	/** Decodes all complete groups of four; up to three characters remain for the next piece. */
	private flush(): void {
		const whole = this.pending.length - (this.pending.length % 4);
		if (whole === 0) return;
		const text = this.pending.slice(0, whole);
		this.pending = this.pending.slice(whole);
		const decoded = Buffer.from(text, 'base64');
		// Node's decoder skips unknown characters. Encoding again detects them, ten times faster than a regular expression.
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
