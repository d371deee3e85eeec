import { createHash } from 'crypto';
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { unusableUrl } from '../hidream/publicUrl';
import { findBinary } from '../video/source';
import type { Video } from '../video/source';
import { InvalidInput } from './input';
import type { ItemParameters } from './input';
import { LINK_HOURS } from './options';
import { isDeletedAtEnd, isRenamedAtEnd } from './retention';

const DIGEST_SLICE = 256 * 1024;

/** An item's video, and what tells it from another one on every further try. */
export interface ItemVideo {
	/** Gives what to send; asked anew for each try, so that a link is fresh when it goes out. */
	openVideo: () => Video;
	identity: string;
	/** What n8n loads from its database before the first byte of it can be sent, in bytes; usually nothing. */
	fromDatabase: number;
}

/** @throws InvalidInput when HiDream could not use the URL in the field `displayName` */
export function checkPublicUrl(url: string, displayName: string, sameMachine: boolean): void {
	const reason = unusableUrl(url, sameMachine);
	if (reason === undefined) return;
	throw new InvalidInput(
		`"${displayName}" ${reason}`,
		`Put a URL that is reachable from the public internet into "${displayName}".`,
	);
}

function fromUrl(parameters: ItemParameters, sameMachine: boolean): ItemVideo {
	const url = parameters.text('videoUrl', 'Video URL');
	if (url === '') throw new InvalidInput('"Video URL" is empty', 'Put the URL of the video into "Video URL".');
	checkPublicUrl(url, 'Video URL', sameMachine);
	return { openVideo: () => ({ kind: 'text', text: url }), identity: `url:${url}`, fromDatabase: 0 };
}

function binaryOf(context: IExecuteFunctions, parameters: ItemParameters, itemIndex: number): IBinaryData {
	const field = parameters.text('binaryPropertyName', 'Input Binary Field');
	const binary = context.getInputData()[itemIndex]?.binary ?? {};
	const found = Object.hasOwn(binary, field) ? binary[field] : undefined;
	if (found) return found;
	const there = Object.keys(binary);
	throw new InvalidInput(
		`"Input Binary Field" names the field "${field}", but the item has no binary file there`,
		there.length > 0
			? `The item has: ${there.join(', ')}. Put one of these into "Input Binary Field".`
			: 'The item has no binary files at all. Put a node before this one that reads or downloads the video, or set "Input Type" to URL.',
	);
}

/**
 * What names a file on every further try. n8n moves the files of a run that a webhook or form started from
 * `executions/temp` to the execution's own folder, so only the last part of the ID stays what it was.
 */
const identityOf = ({ id, data }: IBinaryData): string => id?.split('/').at(-1) ?? digestOf(data);

/** Slice by slice: a hash makes a copy of what it is given, and this may be hundreds of megabytes. */
function digestOf(text: string): string {
	const hash = createHash('sha256');
	for (let at = 0; at < text.length; at += DIGEST_SLICE) hash.update(text.slice(at, at + DIGEST_SLICE));
	return hash.digest('hex');
}

async function fromBinary(context: IExecuteFunctions, binary: IBinaryData): Promise<ItemVideo> {
	const found = await findBinary(context, binary).catch((error: Error) => error);
	if (found instanceof Error) {
		throw new InvalidInput(
			`The file in "Input Binary Field" cannot be found in n8n's binary store: ${found.message}`,
			'Run the node before this one again. In queue mode all processes of n8n must share one binary store.',
		);
	}
	if (!(found.size > 0)) {
		throw new InvalidInput(
			'The file in "Input Binary Field" is empty',
			'Check the node before this one: it gave a file without content.',
		);
	}
	const identity = identityOf(binary);
	const { video } = found;
	const fromDatabase = binary.id?.startsWith('database') ? found.size : 0;
	return { openVideo: () => video, identity: `binary:${identity}`, fromDatabase };
}

function fromLink(
	context: IExecuteFunctions,
	binary: IBinaryData,
	parameters: ItemParameters,
	sameMachine: boolean,
): ItemVideo {
	if (!binary.id) {
		throw new InvalidInput(
			'"Input Type" is Link to Binary File, but this n8n keeps binary files in memory and cannot give links to them',
			'Set "Input Type" to Binary File, or run n8n with N8N_DEFAULT_BINARY_DATA_MODE=filesystem.',
		);
	}
	if (isDeletedAtEnd(context)) {
		throw new InvalidInput(
			'"Input Type" is Link to Binary File, but this workflow does not save its successful executions: the file would be gone before HiDream fetches it',
			'Save successful executions in the workflow\'s settings, or set "Input Type" to Binary File.',
		);
	}
	if (isRenamedAtEnd(context, binary.id)) {
		throw new InvalidInput(
			'"Input Type" is Link to Binary File, but n8n moves a file that a webhook or form received when the run ends: the link would stop working before HiDream fetches the file',
			'Set "Input Type" to Binary File.',
		);
	}
	const hours = parameters.optionNumber('linkExpiresIn', 'Link Expires In (Hours)', 0, LINK_HOURS);
	if (hours === 0) {
		throw new InvalidInput(
			'"Link Expires In (Hours)" must be more than 0',
			'Put in the hours that HiDream may take to fetch the video.',
		);
	}
	const makeLink = () => context.helpers.createBinarySignedUrl(binary, `${Math.ceil(hours * 3600)}s`);
	const reason = unusableUrl(makeLink(), sameMachine);
	if (reason !== undefined) {
		throw new InvalidInput(
			`The link to the binary file ${reason}`,
			'Set WEBHOOK_URL of this n8n to its public address, or set "Input Type" to Binary File.',
		);
	}
	return { openVideo: () => ({ kind: 'text', text: makeLink() }), identity: `binary:${identityOf(binary)}`, fromDatabase: 0 };
}

/**
 * Finds the video of an item, whatever the "Input Type", without reading it.
 * @param sameMachine HiDream's base URL is this machine: private hosts can be reached
 * @throws InvalidInput when there is none that could be sent
 */
export async function findVideo(
	context: IExecuteFunctions,
	parameters: ItemParameters,
	itemIndex: number,
	sameMachine: boolean,
): Promise<ItemVideo> {
	const inputType = parameters.choice('inputType', 'Input Type', ['url', 'binary', 'binaryLink']);
	if (inputType === 'url') return fromUrl(parameters, sameMachine);
	const binary = binaryOf(context, parameters, itemIndex);
	const stored = await fromBinary(context, binary);
	return inputType === 'binary' ? stored : fromLink(context, binary, parameters, sameMachine);
}
