import { createHash } from 'crypto';
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

/** A readable stream of n8n's binary store. */
export type BinaryStream = Awaited<ReturnType<IExecuteFunctions['helpers']['getBinaryStream']>>;

/**
 * A stream of what a generator makes, which reads one piece ahead. `stream` must not be imported here, but a
 * Hash is a stream.Duplex, whose `from` comes along. (`compose` would read sixteen pieces ahead, hide how many
 * of them have left, and end n8n when the generator breaks before anybody reads.)
 */
export function streamOf(pieces: AsyncGenerator<Buffer, void>): BinaryStream {
	const { from } = createHash('md5').constructor as unknown as { from: (pieces: AsyncIterable<Buffer>) => BinaryStream };
	const stream = from(pieces);
	// Whoever reads hears of an error; a late one, or one that comes before, must not end n8n.
	stream.on('error', () => undefined);
	return stream;
}

/** Where the value of `video_name` comes from. */
export type Video =
	/** A URL, sent as it is. */
	| { kind: 'text'; text: string }
	/** Base64 that n8n holds in memory already (its in-memory binary mode). */
	| { kind: 'base64'; base64: string }
	/** Bytes in n8n's binary store, read as they are sent. */
	| { kind: 'stored'; size: number; open: () => Promise<BinaryStream> };

/**
 * How much is read from the binary store at once, in bytes: a multiple of three, so that each piece becomes
 * base64 without a remainder.
 */
export const CHUNK_BYTES = 192 * 1024;

const decodedSize = (base64: string): number => {
	const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
	return (base64.length / 4) * 3 - padding;
};

/**
 * Finds the video of an item's binary, without reading it.
 * @returns the video and its size in bytes
 */
export async function findBinary(
	{ helpers }: Pick<IExecuteFunctions, 'helpers'>,
	binary: IBinaryData,
): Promise<{ video: Video; size: number }> {
	const { id, data } = binary;
	if (!id) {
		// n8n writes plain, padded base64; another node may have written it without padding, URL-safe or in lines.
		const isPlain = data.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(data);
		const base64 = isPlain ? data : Buffer.from(data, 'base64').toString('base64');
		return { video: { kind: 'base64', base64 }, size: decodedSize(base64) };
	}
	const { fileSize: size } = await helpers.getBinaryMetadata(id);
	return { video: { kind: 'stored', size, open: async () => await helpers.getBinaryStream(id, CHUNK_BYTES) }, size };
}
