import { createHash } from 'crypto';

const DIGEST_SLICE = 256 * 1024;

/** Slice by slice: a hash copies what it is given, and this may be hundreds of megabytes. */
function digestOf(text: string): string {
	const hash = createHash('sha256');
	for (let at = 0; at < text.length; at += DIGEST_SLICE) hash.update(text.slice(at, at + DIGEST_SLICE));
	return hash.digest('hex');
}

/**
 * What names a file on each further attempt. n8n moves the files of a run that a webhook or form started from
 * `executions/temp` to the execution's own folder, so only the last part of the ID stays the same.
 */
export const identityOf = (file: { id: string } | { base64: string }): string =>
	'id' in file ? (file.id.split('/').at(-1) ?? file.id) : digestOf(file.base64);
