/** Collects a short string that arrives in pieces, up to a cap; the rest is counted and dropped. */
export class TextField {
	private text = '';
	private length = 0;

	/** @param cap the maximum length that is kept, in characters */
	constructor(private readonly cap: number) {}

	write(piece: string): void {
		this.length += piece.length;
		if (this.length <= this.cap) this.text += piece;
	}

	/** The whole text, or undefined if it was longer than the cap. */
	end(): string | undefined {
		return this.length <= this.cap ? this.text : undefined;
	}
}
