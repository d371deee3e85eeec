import { booleanParameter, fieldNameParameter, numberParameter, type Parameter } from './parameter';

export const DOWNLOAD_VIDEO = booleanParameter({
	displayName: 'Download Video',
	name: 'downloadVideo',
	description: 'Whether to download the finished video into a binary field of the item',
});

export const OUTPUT_FIELD = fieldNameParameter({
	displayName: 'Put Output File in Field',
	name: 'outputBinaryPropertyName',
	required: true,
	hint: 'The name of the output binary field to put the file in',
});

const MEGABYTES = numberParameter({
	displayName: 'Max Download Size (MB)',
	name: 'maxDownloadSize',
	min: 0,
	default: 0,
	description: 'The largest video to download. The item of a larger video has no file. Set to 0 for no limit.',
});

/** Read in bytes; as n8n counts them, a MB has 1,000,000. */
export const MAX_DOWNLOAD_SIZE: Parameter<number> = { ...MEGABYTES, read: (value) => MEGABYTES.read(value) * 1_000_000 };
