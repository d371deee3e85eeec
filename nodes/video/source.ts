import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import type { BinaryStream } from './stream';

/** Bytes in n8n's binary store, read as they are sent. */
export interface StoredVideo {
	kind: 'stored';
	size: number;
	open: () => Promise<BinaryStream>;
	/** Each chunk has memory of its own, which nobody reads again. */
	ownChunks: boolean;
}

/** Where the value of `video_name` comes from. */
export type Video =
	/** A URL, sent as it is. */
	| { kind: 'text'; text: string }
	/** Base64 that n8n holds in memory already (its in-memory binary mode). */
	| { kind: 'base64'; base64: string }
	| StoredVideo;

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
	const open = async () => await helpers.getBinaryStream(id, CHUNK_BYTES);
	// A file is read into new memory each time; what another store hands out may be part of something larger.
	return { video: { kind: 'stored', size, open, ownChunks: id.startsWith('filesystem') }, size };
}
