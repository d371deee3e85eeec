/** Why a file cannot be sent to HiDream. */
export class UnusableFile extends Error {
	/**
	 * @param reason the end of a sentence that begins with the file
	 * @param advice what to do now
	 */
	constructor(
		reason: string,
		readonly advice: string,
	) {
		super(reason);
	}
}
