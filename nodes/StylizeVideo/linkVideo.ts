import type { IBinaryData, IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { InvalidInput } from '../shared/input';
import { INPUT } from '../shared/messages/aboutInput';
import { unusableUrl } from '../shared/messages/aboutVideos';
import type { Message } from '../shared/messages/message';
import { evaluate, type ItemParameters } from '../shared/nodeParameters';
import type { ItemVideo } from '../video/source';
import { LINK_EXPIRES_IN } from './options';

/** A setting of this n8n; undefined if it is not set, or if n8n hides its environment from nodes (the default of n8n 2). */
const environment = (context: IExecuteFunctions, name: string): unknown => evaluate(context, `{{ $env.${name} }}`);

const isDefault = (setting: unknown): boolean => setting === undefined || setting === 'DEFAULT';

const typed = (context: IExecuteFunctions, name: string): unknown => context.getNodeParameter(name, 0, '', { rawExpressions: true });

/** Whether the execution ends only after its tasks, or after Max Wait. */
const waits = (context: IExecuteFunctions): boolean => typed(context, 'operation') === 'submitAndWait';

/** Whether n8n deletes this execution, and its binary files, once it has ended successfully. */
export function isDeletedAtEnd(context: IExecuteFunctions): boolean {
	const { saveManualExecutions: manual, saveDataSuccessExecution: success } = context.getWorkflowSettings();
	if (context.getMode() === 'manual') {
		return isDefault(manual) ? environment(context, 'EXECUTIONS_DATA_SAVE_MANUAL_EXECUTIONS') === 'false' : manual === false;
	}
	return isDefault(success) ? environment(context, 'EXECUTIONS_DATA_SAVE_ON_SUCCESS') === 'none' : success === 'none';
}

/**
 * Whether n8n moves the file when this run, or the one that called it, ends or is suspended, so that a link to it stops
 * working. n8n moves the files that a webhook, form or chat received, as long as no node has stored them again.
 * A sub-workflow gets the file itself, not a copy.
 */
export function isMovedAtEnd(context: IExecuteFunctions, binaryId: string): boolean {
	if (!['webhook', 'integrated'].includes(context.getMode()) || !binaryId.includes('/executions/temp/')) return false;
	return !waits(context) || typed(context, 'waitFor') !== 'polling';
}

/** Why n8n gives no link to a file, or one that stops working before HiDream fetches it; and what to do. */
function findLinkObstacle(context: IExecuteFunctions, { id }: IDataObject): Message | undefined {
	if (typeof id !== 'string' || id === '') return INPUT.noLinkInMemory;
	if (!waits(context) && isDeletedAtEnd(context)) return INPUT.fileDeletedAtEnd;
	return isMovedAtEnd(context, id) ? INPUT.fileMovedAtEnd : undefined;
}

/**
 * The video behind a signed link to a binary file of this n8n. Each attempt creates a new link.
 * @throws InvalidInput when HiDream could not fetch the file
 */
export function fromLink(context: IExecuteFunctions, parameters: ItemParameters, { binary, identity, sameMachine }: { binary: IDataObject; identity: string; sameMachine: boolean }): ItemVideo {
	const obstacle = findLinkObstacle(context, binary);
	if (obstacle) throw new InvalidInput(...obstacle);
	const hours = parameters.option(LINK_EXPIRES_IN);
	if (hours === 0) throw new InvalidInput(...INPUT.linkExpiresImmediately);
	const makeLink = () => context.helpers.createBinarySignedUrl(binary as unknown as IBinaryData, `${Math.ceil(hours * 3600)}s`);
	const reason = unusableUrl(makeLink(), sameMachine);
	if (reason !== undefined) throw new InvalidInput(...INPUT.unusableLink(reason));
	return { openVideo: () => ({ kind: 'text', text: makeLink() }), identity, fromDatabase: 0 };
}
