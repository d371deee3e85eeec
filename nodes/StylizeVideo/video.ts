import type { IBinaryData, IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { unusableUrl } from '../shared/messages';
import type { ItemVideo } from '../video/source';
import { findBinaryFile } from './binaryInput';
import { InvalidInput } from '../shared/input';
import type { ItemParameters } from '../shared/nodeParameters';
import { LINK_EXPIRES_IN } from './options';
import { INPUT_TYPE } from './parameters';
import { isDeletedAtEnd, isRenamedAtEnd } from './retention';
import { fromUrl } from './urlVideo';

function fromLink(
	context: IExecuteFunctions,
	binary: IDataObject,
	identity: string,
	parameters: ItemParameters,
	sameMachine: boolean,
): ItemVideo {
	const { id } = binary;
	if (typeof id !== 'string' || id === '') {
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
	if (isRenamedAtEnd(context, id)) {
		throw new InvalidInput(
			'"Input Type" is Link to Binary File, but n8n moves a file that a webhook or form received when the run ends: the link would stop working before HiDream fetches the file',
			'Set "Input Type" to Binary File.',
		);
	}
	const hours = parameters.option(LINK_EXPIRES_IN);
	if (hours === 0) {
		throw new InvalidInput(
			'"Link Expires In (Hours)" must be more than 0',
			'Put in the hours that HiDream may take to fetch the video.',
		);
	}
	const makeLink = () => context.helpers.createBinarySignedUrl(binary as unknown as IBinaryData, `${Math.ceil(hours * 3600)}s`);
	const reason = unusableUrl(makeLink(), sameMachine);
	if (reason !== undefined) {
		throw new InvalidInput(
			`The link to the binary file ${reason}`,
			'Set WEBHOOK_URL of this n8n to its public address, or set "Input Type" to Binary File.',
		);
	}
	return { openVideo: () => ({ kind: 'text', text: makeLink() }), identity, fromDatabase: 0 };
}

/**
 * Finds the video of an item, whatever the "Input Type". Of a file only the first bytes are read.
 * @param sameMachine HiDream's base URL is this machine: its loopback hosts can be reached
 * @throws InvalidInput when there is none that could be sent
 */
export async function findVideo(
	context: IExecuteFunctions,
	parameters: ItemParameters,
	itemIndex: number,
	sameMachine: boolean,
): Promise<ItemVideo> {
	const inputType = parameters.get(INPUT_TYPE);
	if (inputType === 'url') return fromUrl(parameters, sameMachine);
	const { binary, video, fromDatabase, identity: file } = await findBinaryFile(context, parameters, itemIndex);
	const identity = `binary:${file}`;
	if (inputType === 'binaryLink') return fromLink(context, binary, identity, parameters, sameMachine);
	return { openVideo: () => video, identity, fromDatabase, isUpload: true };
}
