import type { IBinaryKeyData, IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { TaskState } from '../hidream/status';
import { queryFailedInfo, taskFailedInfo, taskRejectedInfo } from '../shared/messages/aboutRuns';
import { DOWNLOAD, downloadText } from '../shared/messages/aboutVideos';
import type { ErrorInfo } from '../shared/messages/message';
import type { Caller } from '../shared/n8nHttpClient';
import { taskJsonWith, type FailedItem } from '../shared/output';
import { downloadVideo } from './download';

/** What to do with the result of an item. Plain JSON, since a suspended execution stores it. */
export interface ResultSettings {
	download: boolean;
	/** The output field for the video; further videos of one task get `_1`, `_2`, … */
	binaryField: string;
	/** 0 = no limit. */
	maxBytes: number;
	/** A task that failed or was rejected is an error. */
	failsAsError: boolean;
}

/** The failure of a task that ended badly. */
function taskFailure({ status, taskId, description }: TaskState): FailedItem | undefined {
	if (status === 'failed') return { status: 'task_failed', errorInfo: taskFailedInfo(taskId, description) };
	return status === 'rejected' ? { status: 'task_rejected', errorInfo: taskRejectedInfo(taskId, description) } : undefined;
}

/** The failure of an item whose task exists, but could not be queried. */
export const queryFailed = (errorInfo: ErrorInfo, taskId: string): FailedItem => ({ status: 'query_failed', errorInfo: queryFailedInfo(errorInfo, taskId) });

/** How to deliver the result of a task. */
export interface ResultDelivery {
	settings: ResultSettings;
	/** The service runs on this machine. */
	sameMachine: boolean;
	cancel?: AbortSignal;
}

async function downloadAll(caller: Caller, urls: string[], { settings, sameMachine, cancel }: ResultDelivery): Promise<{ binary: IBinaryKeyData; error?: string }> {
	const binary: IBinaryKeyData = {};
	let error = urls.length === 0 ? downloadText(DOWNLOAD.noUrl) : undefined;
	for (const [n, url] of urls.entries()) {
		const { maxBytes, binaryField } = settings;
		const downloaded = await downloadVideo(caller, { url, maxBytes, sameMachine, cancel });
		if (downloaded.ok) binary[n === 0 ? binaryField : `${binaryField}_${n}`] = downloaded.binary;
		else error ??= downloaded.reason;
	}
	return { binary, error };
}

/**
 * The output item of a task, with its video if the settings say so. A failed download does not fail
 * the item: the item has `video_url`, and `download_error` says what happened.
 * @param more further fields of the JSON
 */
export async function resultItem(
	caller: Caller,
	itemIndex: number,
	state: TaskState,
	delivery: ResultDelivery,
	more: IDataObject = {},
): Promise<{ item: INodeExecutionData } | { failed: FailedItem }> {
	const failed = delivery.settings.failsAsError ? taskFailure(state) : undefined;
	if (failed) return { failed };
	const item: INodeExecutionData = { json: taskJsonWith(state, more), pairedItem: { item: itemIndex } };
	if (!delivery.settings.download || state.status !== 'succeeded') return { item };
	const { binary, error } = await downloadAll(caller, state.videoUrls, delivery);
	if (Object.keys(binary).length > 0) item.binary = binary;
	if (error !== undefined) item.json.download_error = error;
	return { item };
}
